import type { PipelineConfig } from '../../../config/pipeline-config.ts';
import type { Database } from '../../../duckdb/database.ts';
import { fileError } from '../../../duckdb/file-errors.ts';
import { realFilePath } from '../../../duckdb/held-files.ts';
import type { Effects } from '../../../effects.ts';
import { PipelineError } from '../../../errors.ts';
import type { Findings } from '../../../findings.ts';
import { type CatalogueFile, plainFile } from './catalogue-file.ts';
import { isLink, requireWritable } from './destination-checks.ts';
import { whilePublishing } from './destination-lock.ts';
import type { FileKeeper } from './file-keeper.ts';
import { fileState } from './file-state.ts';
import { loadInPlace } from './in-place.ts';
import { LiveHold, type Probing } from './live-hold.ts';
import { type Load, loadIntoTarget, TARGET } from './load-into.ts';
import { type Locked, settleBeside } from './settle-replaced.ts';
import { type SwapOutcome, swap } from './swap.ts';
import { type CopyOptions, WorkingCopy } from './working-copy.ts';

/** How often a load is done again because the live file changed meanwhile. */
const ATTEMPTS = 3;

export interface PublishOptions {
  readonly database: Database;
  /** The live file; symbolic links are followed. */
  readonly path: string;
  readonly loadId: string;
  readonly publish: PipelineConfig['pipeline']['publish'];
  /** A file that is made gets small blocks. Default `false` */
  readonly isSmall?: boolean;
  /** Default: the tables are in the file */
  readonly catalogue?: CatalogueFile;
  readonly effects: Effects;
  readonly signal?: AbortSignal | undefined;
  /** What a person should know about how it was published. */
  readonly findings: Pick<Findings, 'warn'>;
  /** What becomes of the file that is replaced. */
  readonly snapshot?: FileKeeper | undefined;
  /** What the new file begins with, where that is not the live one. */
  readonly from?: string | undefined;
}

export interface Published<T> {
  /** What the load returned the last time. */
  readonly result: T;
  readonly mode: 'swap' | 'in_place';
  /** How often it was loaded. */
  readonly attempts: number;
  /** The live file before and after, see `fileState`; absent where others may have written to it meanwhile. */
  readonly states?: { readonly before: string; readonly after: string };
}

/**
 * Lets `load` write to a working copy of the live file and puts that in its place, so that readers are never blocked and a failed
 * load leaves the live file untouched. `load` writes to the catalog that it is told, in one transaction, and may be called again.
 *
 * @throws PipelineError DestinationLocked: another process has the file open for writing, or publishes, longer than `publish.wait`.
 * @throws PipelineError DestinationChanged: somebody wrote to the live file during each of three loads.
 * @throws PipelineError DestinationTooNew, DestinationUnreadable, DestinationFailed: the file, its folder or the disk.
 * @example
 * const { result } = await publishInto({ database, path, loadId, publish, effects }, (catalog) => loadPackage(catalog));
 */
export async function publishInto<T>(options: PublishOptions, load: Load<T>): Promise<Published<T>> {
  const {
    database,
    loadId,
    publish,
    isSmall = false,
    catalogue = plainFile,
    effects,
    signal,
    findings,
    snapshot,
    from,
  } = options;
  const destination = realFilePath(options.path);
  const target = { database, destination, loadId, isSmall, catalogue, findings, snapshot, from };
  const probing = { onWriter: publish.on_writer, wait: publish.wait, effects, signal, findings };
  const locked: Locked = (work) => whilePublishing(database, destination, probing, work);

  const found = await requireWritable(destination);
  if (found === undefined && (await isLink(options.path))) findings.warn(madeBehindLink(options.path, destination));
  await settleBeside(target, locked);
  let attempts = 0;
  while (publish.mode === 'swap') {
    if (attempts === ATTEMPTS) throw alwaysChanged(destination);
    attempts += 1;
    // Others may publish while the first attempt loads. Who was overtaken once lets nobody else in any more.
    const loaded =
      attempts === 1
        ? await loadAndSwap(target, probing, load, locked)
        : await locked(() => loadAndSwap(target, probing, load, (work) => work()));
    if (loaded.outcome === 'swapped')
      return { result: loaded.result, mode: 'swap', attempts, states: { before: loaded.before, after: loaded.after } };
    if (loaded.outcome === 'changed') continue;
    if (from !== undefined) throw notReplaceable(destination, from);
    findings.warn(
      `The system does not let a new file take the place of ${destination}: loaded into the file itself, as \`publish: { mode: in_place }\` does at once.`,
    );
    break;
  }
  const result = await locked(() => loadInPlace(target, probing, load));
  return { result, mode: 'in_place', attempts: attempts + 1 };
}

type Loaded<T> = { outcome: SwapOutcome; result: T; before: string; after: string } | { outcome: 'changed' };

async function loadAndSwap<T>(
  target: CopyOptions,
  probing: Probing,
  load: Load<T>,
  locked: Locked,
): Promise<Loaded<T>> {
  const { database, destination, snapshot, isSmall, catalogue, from = destination } = target;
  const copy = await copyUnwritten(target, probing);
  try {
    await snapshot?.prepare(copy.path, from === destination);
    await catalogue.attach(database, copy.path, TARGET, { isSmall }).catch((error: unknown) => {
      throw fileError(error, from);
    });
    if (!(await copy.isWhole())) {
      await database.detach(TARGET);
      return { outcome: 'changed' };
    }
    const result = await loadIntoTarget(target, load);
    await copy.finish();
    const after = await fileState(copy.path); // a rename takes all of it along
    const outcome = await locked(() => takePlace(target, probing, copy));
    return { outcome, result, before: copy.copied, after };
  } finally {
    await copy.remove();
    await snapshot?.end();
  }
}

/** Copying reads the file through `fs`, which would drop the lock; whether somebody wrote meanwhile is seen afterwards. */
async function copyUnwritten(target: CopyOptions, probing: Probing): Promise<WorkingCopy> {
  const live = await LiveHold.take(target.database, target.destination, probing);
  try {
    await live.unlock();
    return await WorkingCopy.create(target);
  } finally {
    await live.release();
  }
}

async function takePlace(target: CopyOptions, probing: Probing, copy: WorkingCopy): Promise<SwapOutcome> {
  const live = await LiveHold.take(target.database, target.destination, probing);
  try {
    const outcome = await swap({ ...target, copy, writer: live.writer });
    if (outcome === 'swapped') await target.snapshot?.keep();
    return outcome;
  } finally {
    await live.release();
  }
}

function madeBehindLink(link: string, destination: string): string {
  return `${link} is a symbolic link to ${destination}, where there was no file: this load makes it.`;
}

/** Only a load can be done in the live file itself. */
function notReplaceable(destination: string, from: string): PipelineError {
  return new PipelineError({
    code: 'DestinationFailed',
    message: `The system does not let another file take the place of ${destination}, which was left as it is.`,
    hint: `Stop what uses it, and copy ${from} over it by hand: cp ${from} ${destination}`,
    facts: { path: destination, from },
  });
}

function alwaysChanged(destination: string): PipelineError {
  return new PipelineError({
    code: 'DestinationChanged',
    message: `Somebody else wrote to ${destination} during each of ${ATTEMPTS} loads; nothing was published.`,
    hint: 'Run again when the other program has finished.',
    facts: { path: destination, attempts: ATTEMPTS },
  });
}
