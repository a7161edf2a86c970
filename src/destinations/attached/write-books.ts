import type { LoadContext } from '../../load/load-context.ts';
import { nextSchema } from '../../load/next-schema.ts';
import { nextState, storedForm } from '../../load/pipeline-state.ts';
import { chainTables, type LoadPlan } from '../../load/plan.ts';
import { keepRejected } from '../../load/rejected.ts';
import type { StoredDataset } from '../../load/stored-dataset.ts';
import { isReadToLoad, type PackageResource } from '../../package/layout.ts';
import { STATE_TABLE } from '../../schema/names.ts';
import { keyPrefix } from '../../schema/row-id.ts';
import type { SourceSettings } from '../../schema/source-settings.ts';
import { createBooks, insertChanges, insertLoad, insertLoadTables, insertState, insertVersion } from './books.ts';
import { describeBooks } from './describe-books.ts';

export interface BookFacts {
  readonly schemaName: string;
  readonly pipelineName: string;
  readonly settings: SourceSettings;
  /** Of the package. */
  readonly resources: readonly PackageResource[];
  /** Another run made the package. */
  readonly isRecovered: boolean;
  /** See `AttachedKind`. */
  readonly destinationType: string;
  /** Microseconds since 1970. */
  readonly now: bigint;
}

/**
 * Writes what the load did: schema document and state where they changed, the schema changes, the load itself last.
 *
 * @returns the version hash of the schema document
 */
export async function keepBooks(
  context: LoadContext,
  plan: LoadPlan,
  destination: StoredDataset,
  { schemaName, pipelineName, settings, resources, isRecovered, destinationType, now }: BookFacts,
): Promise<string> {
  const { loadId, dataset } = context;
  await createBooks(context, destination.tables);
  await describeBooks(context, destination.tables);
  const tables = plan.chains.flatMap(chainTables).map((table) => table.schema);
  const schema = nextSchema(destination.stored, schemaName, tables, settings);
  if (schema.version_hash !== destination.stored?.version_hash) await insertVersion(context, schema, now);
  const state = nextState(destination.state, {
    ...{ pipelineName, dataset, schemaName, destinationType, isRecovered },
    resources: resources.filter(isReadToLoad),
  });
  if (state !== undefined) {
    const rowId = `${keyPrefix(loadId, STATE_TABLE)}0`;
    await insertState(context, { ...storedForm(state), pipelineName, loadId, rowId }, now);
  }
  await keepRejected(context, loadId, destination.tables);
  await insertChanges(context, loadId, plan.changes, now);
  await insertLoadTables(context, loadId, context.tallies);
  await insertLoad(context, { loadId, schemaName, versionHash: schema.version_hash }, now);
  return schema.version_hash;
}
