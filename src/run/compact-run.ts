import type { PipelineConfig } from '../config/pipeline-config.ts';
import type { CompactChoices, Compaction, Destination } from '../destinations/destination.ts';
import { Database } from '../duckdb/database.ts';
import type { Effects } from '../effects.ts';
import { PipelineError } from '../errors.ts';
import { spillFolder } from '../files/working-folder.ts';
import { silentFindings } from '../findings.ts';
import { nextLoadId } from './load-id.ts';
import { underRunLock } from './run-lock.ts';

export interface CompactRunChoices extends Omit<CompactChoices, 'id'> {
  readonly effects: Effects;
  readonly signal?: AbortSignal | undefined;
}

/**
 * Compacts a destination that is made of files, while no run of this pipeline goes on.
 *
 * @throws PipelineError RunLocked; UsageInvalid: it is of another kind; what publishing throws
 */
export async function compactRun(
  config: PipelineConfig,
  destination: Destination,
  { effects, signal, ...how }: CompactRunChoices,
): Promise<Compaction> {
  const { working_dir, destination: settings } = config.pipeline;
  if (destination.compact === undefined) throw nothingToCompact(settings.type);
  const { compact } = destination;
  return underRunLock(working_dir, effects, async () => {
    const database = await Database.open({ tempDirectory: spillFolder(working_dir) });
    try {
      const findings = { ...silentFindings, warn: effects.log.warn };
      return await compact({ database, effects, signal, findings }, { id: nextLoadId(effects.now(), []), ...how });
    } finally {
      database.close();
    }
  });
}

function nothingToCompact(type: string): PipelineError {
  return new PipelineError({
    code: 'UsageInvalid',
    message: `There is nothing to compact in a destination of the type \`${type}\`.`,
    hint: 'Many small files come with `destination: ducklake` only.',
    facts: { type },
  });
}
