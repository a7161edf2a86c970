import type { PipelineConfig } from '../config/pipeline-config.ts';
import type { Database } from '../duckdb/database.ts';
import { fileError } from '../duckdb/file-errors.ts';
import { realFilePath } from '../duckdb/held-files.ts';
import type { Effects } from '../effects.ts';
import { PipelineError } from '../errors.ts';
import { loadInPlace } from './in-place.ts';
import { type Load, loadIntoTarget, TARGET } from './load-into.ts';
import { type Probing, probe, whileUnwritten } from './probe.ts';
import { type CopyOptions, WorkingCopy } from './working-copy.ts';

/** How often a load is done again because the live file changed meanwhile. */
const ATTEMPTS = 3;

export interface PublishOptions {
  readonly database: Database;
  /** The live file; symbolic links are followed. */
  readonly path: string;
  readonly loadId: string;
  readonly publish: PipelineConfig['pipeline']['publish'];
  readonly effects: Effects;
  readonly signal?: AbortSignal | undefined;
  /** What a person should know about how it was published. */
  readonly onNote?: (note: string) => void;
}

export interface Published<T> {
  /** What the load returned the last time. */
  readonly result: T;
  readonly mode: 'swap' | 'in_place';
  /** How often it was loaded. */
  readonly attempts: number;
}

/**
 * Lets `load` write to a copy of the live file and puts the copy in its place, so that readers are never blocked and a failed
 * load leaves the live file untouched. `load` writes to the catalog that it is told, in one transaction, and may be called again.
 *
 * @throws PipelineError DestinationLocked: another process has the file open for writing, longer than `publish.wait`.
 * @throws PipelineError DestinationChanged: somebody wrote to the live file during each of three loads.
 * @throws PipelineError DestinationTooNew, DestinationUnreadable, DestinationFailed: the file, its folder or the disk.
 * @example
 * const { result } = await publishInto({ database, path, loadId, publish, effects }, (catalog) => loadPackage(catalog));
 */
export async function publishInto<T>(options: PublishOptions, load: Load<T>): Promise<Published<T>> {
  const { database, loadId, publish, effects, signal, onNote = () => undefined } = options;
  const destination = realFilePath(options.path);
  const target = { database, destination, loadId, effects, onNote };
  const probing = { onWriter: publish.on_writer, wait: publish.wait, effects, signal, onNote };

  let attempts = 0;
  while (publish.mode === 'swap') {
    if (attempts === ATTEMPTS) throw alwaysChanged(destination);
    attempts += 1;
    const outcome = await loadAndSwap(target, probing, load);
    if (outcome.state === 'swapped') return { result: outcome.result, mode: 'swap', attempts };
    if (outcome.state === 'changed') continue;
    onNote(`The system does not let a new file take the place of ${destination}: loaded into the file itself.`);
    break;
  }
  const result = await loadInPlace(target, probing, load);
  return { result, mode: 'in_place', attempts: attempts + 1 };
}

type Outcome<T> = { state: 'swapped'; result: T } | { state: 'changed' } | { state: 'refused' };

async function loadAndSwap<T>(target: CopyOptions, probing: Probing, load: Load<T>): Promise<Outcome<T>> {
  const { database, destination } = target;
  const copy = await whileUnwritten(database, destination, probing, () => WorkingCopy.create(target));
  try {
    await database.attach(copy.path, TARGET).catch((error: unknown) => {
      throw fileError(error, destination);
    });
    if (!(await copy.isWhole())) {
      await database.detach(TARGET);
      return { state: 'changed' };
    }
    const result = await loadIntoTarget(database, destination, load);
    await copy.assertNoWal();
    await probe(database, destination, probing); // who opened it meanwhile would go on writing to the replaced file
    if (await copy.changed()) return { state: 'changed' };
    return (await copy.swap()) ? { state: 'swapped', result } : { state: 'refused' };
  } finally {
    await copy.remove();
  }
}

function alwaysChanged(destination: string): PipelineError {
  return new PipelineError({
    code: 'DestinationChanged',
    message: `Somebody else wrote to ${destination} during each of ${ATTEMPTS} loads; nothing was published.`,
    hint: 'Run again when the other program has finished: the next run loads what was extracted. Pipelines that share a file should share pipeline.working_dir.',
    facts: { path: destination, attempts: ATTEMPTS },
  });
}
