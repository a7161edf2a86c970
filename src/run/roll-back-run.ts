import type { PipelineConfig } from '../config/pipeline-config.ts';
import type { Destination } from '../destinations/destination.ts';
import type { RolledBack } from '../destinations/kept-snapshots.ts';
import { Database } from '../duckdb/database.ts';
import { ORDINARY_MEMORY } from '../duckdb/memory-limit.ts';
import type { Effects } from '../effects.ts';
import { PipelineError } from '../errors.ts';
import { spillFolder } from '../files/working-folder.ts';
import { silentFindings } from '../findings.ts';
import { PackageFolder } from '../package/package-folder.ts';
import { isOwn } from './attached-package.ts';
import { nextLoadId } from './load-id.ts';
import { underRunLock } from './run-lock.ts';

export interface RollbackChoices {
  /** Of a snapshot. Default: the one that was taken last. */
  readonly id?: string | undefined;
  /** Take other datasets of the file back as well. */
  readonly wholeFile?: boolean | undefined;
  readonly effects: Effects;
  readonly signal?: AbortSignal | undefined;
}

/**
 * Puts a snapshot in the place of the live file, under the run lock: a run that is going on has read what is to be replaced.
 *
 * @throws PipelineError RunLocked; UsageInvalid: packages wait; what `Snapshots.rollBack` throws. Nothing was changed then.
 */
export async function rollBackRun(
  config: PipelineConfig,
  destination: Destination,
  { id, wholeFile, effects, signal }: RollbackChoices,
): Promise<RolledBack> {
  const { working_dir } = config.pipeline;
  const packages = new PackageFolder(working_dir);
  const snapshots = await destination.snapshots();
  return underRunLock(working_dir, effects, async () => {
    const pending = await packages.pending();
    const { location } = destination;
    const waiting = pending.filter((loadId) => {
      const label = packages.label(loadId);
      return label === undefined || isOwn({ config, location }, label);
    });
    if (waiting.length > 0) throw packagesWait(waiting);
    const rollbackId = (known: readonly string[]) => nextLoadId(effects.now(), [...known, ...pending]);
    const tempDirectory = spillFolder(working_dir);
    const database = await Database.open({ tempDirectory, memory: ORDINARY_MEMORY, threads: 1 });
    try {
      const findings = { ...silentFindings, warn: effects.log.warn };
      return await snapshots.rollBack({ database, effects, signal, findings }, { id, rollbackId, wholeFile });
    } finally {
      database.close();
    }
  });
}

// --- internal ---

/** They begin where the loads that are taken back ended: what lies between would never be loaded. */
function packagesWait(loadIds: readonly string[]): PipelineError {
  const ids = loadIds.join(' ');
  return new PipelineError({
    code: 'UsageInvalid',
    message: `Load packages wait that go on from what would be taken back: ${loadIds.join(', ')}. Nothing was changed.`,
    hint: `Load them first (dezgo-elt run), or be rid of them: dezgo-elt packages drop ${ids}`,
    facts: { packages: loadIds },
  });
}
