import type { PipelineConfig } from '../config/pipeline-config.ts';
import { destinationOf } from '../destinations/destination-kinds.ts';
import { Database } from '../duckdb/database.ts';
import type { Effects } from '../effects.ts';
import { silentFindings } from '../findings.ts';
import type { PlannedChange } from '../planned-run.ts';
import { plannedChanges } from './planned-changes.ts';
import { importedSchema } from './run-schema-files.ts';
import { selectResources } from './select-resources.ts';

/**
 * What the configuration, with the schema file that it imports, would change in the tables of the named resources, or of those
 * that a run without names loads. Changes nothing.
 *
 * @throws PipelineError ResourceUnknown; ConfigInvalid: the schema file; DestinationLocked, …: the file cannot be read
 */
export async function schemaDiff(
  given: PipelineConfig,
  names: readonly string[],
  { effects, signal }: { readonly effects: Effects; readonly signal: AbortSignal },
): Promise<readonly PlannedChange[]> {
  const { config } = await importedSchema(given);
  const resources = selectResources(config, { names, command: 'schema --diff' });
  const database = await Database.open();
  try {
    const destination = await destinationOf(config).open({ database, effects, signal, findings: silentFindings });
    const dataset = await destination.read();
    return resources
      .filter(({ isOnlyRead }) => isOnlyRead !== true)
      .flatMap((resource) => plannedChanges(resource, dataset));
  } finally {
    database.close();
  }
}
