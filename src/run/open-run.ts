import { PaidReplies } from '../archive/paid-replies.ts';
import type { PipelineConfig } from '../config/pipeline-config.ts';
import type { Destination, OpenDestination } from '../destinations/destination.ts';
import { Database } from '../duckdb/database.ts';
import { ORDINARY_MEMORY } from '../duckdb/memory-limit.ts';
import type { Effects } from '../effects.ts';
import type { LoadExpectations } from '../expectations/load-expectations.ts';
import { FileStore } from '../files/file-store.ts';
import { makePrivateFolder, spillFolder } from '../files/working-folder.ts';
import { Ledger } from '../ledger/ledger.ts';
import { PackageFolder } from '../package/package-folder.ts';
import { lockWait, whenUnlocked } from './if-locked.ts';
import type { RunChoices } from './run-choices.ts';
import { liveReplies, type RunReplies, replayedReplies } from './run-replies.ts';
import type { RunScope } from './run-scope.ts';
import type { RunTrace } from './run-trace.ts';

/** What the parts of one run share: the open database, the run lock, the folder of packages, the trace. */
export interface Run {
  readonly config: PipelineConfig;
  readonly scope: RunScope;
  readonly effects: Effects;
  readonly signal: AbortSignal | undefined;
  readonly database: Database;
  readonly destination: OpenDestination;
  /** Of the destination. */
  readonly location: string;
  readonly ledger: Ledger;
  readonly packages: PackageFolder;
  readonly paid: PaidReplies;
  readonly files: FileStore;
  readonly replies: RunReplies;
  readonly trace: RunTrace;
  /** What the configuration expects of a load, where it does. */
  readonly expectations: LoadExpectations | undefined;
  close(): Promise<void>;
}

/**
 * Opens DuckDB and takes the run lock.
 *
 * @throws PipelineError RunLocked: another run has it; DestinationFailed, …: the working folder or the ledger cannot be used.
 */
export async function openRun(
  config: PipelineConfig,
  { allowDelete, replay, ifLocked, ...scope }: RunChoices,
  effects: Effects,
  signal: AbortSignal | undefined,
  trace: RunTrace,
  kind: Destination,
): Promise<Run> {
  const { working_dir } = config.pipeline;
  const wait = lockWait(ifLocked);
  await makePrivateFolder(working_dir);
  await makePrivateFolder(spillFolder(working_dir));
  const database = await Database.open({
    tempDirectory: spillFolder(working_dir),
    memory: ORDINARY_MEMORY,
    threads: 1,
  });
  try {
    const open = () => Ledger.open(database, working_dir, effects);
    const ledger = await whenUnlocked(open, wait, { effects, signal });
    const expectations = await loadExpectations(config, effects);
    const destination = await kind.open({ database, effects, signal, findings: trace, allowDelete, expectations });
    const packages = new PackageFolder(working_dir);
    await packages.prepare();
    const paid = await PaidReplies.open(working_dir, { pipeline: config.pipeline.name, now: effects.now });
    // Two machines can have working folders of one path, and one folder for files; hardly for the same pipeline at once.
    const files = new FileStore(kind.files, [working_dir, config.pipeline.name].join('\n'));
    await files.clear();
    const parts = { config, scope, paid, files: kind.files.folder, effects, trace };
    const replies = replay === undefined ? liveReplies(parts) : await replayedReplies(parts, replay);
    const close = async () => {
      await files.clear();
      await ledger.close();
      database.close();
    };
    const { location } = kind;
    return {
      config,
      scope,
      effects,
      signal,
      database,
      destination,
      location,
      ledger,
      packages,
      paid,
      files,
      replies,
      trace,
      expectations,
      close,
    };
  } catch (error) {
    database.close();
    throw error;
  }
}

/** Loaded only where something is expected. */
async function loadExpectations(config: PipelineConfig, { now }: Effects): Promise<LoadExpectations | undefined> {
  const { pipeline, source } = config;
  const isAny = pipeline.expectations !== undefined || source.resources.some(({ expectations }) => expectations);
  if (!isAny) return undefined;
  const { LoadExpectations } = await import('../expectations/load-expectations.ts');
  return new LoadExpectations(config, now);
}
