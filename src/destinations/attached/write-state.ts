import type { Connection } from '../../duckdb/connection.ts';
import { type PipelineState, storedForm } from '../../load/pipeline-state.ts';
import type { DatasetNames } from '../../load/stored-dataset.ts';
import { STATE_TABLE } from '../../schema/names.ts';
import { keyPrefix } from '../../schema/row-id.ts';
import { createBooks, insertLoad, insertState } from './books.ts';
import { readDataset } from './read-dataset.ts';

/**
 * Writes another state into a working copy as a load of its own without rows, as dlt does: a row of the state, and one of the load.
 * Nothing where `change` answers undefined.
 */
export async function writeState(
  connection: Connection,
  { catalog, names, loadId, now }: { catalog: string; names: DatasetNames; loadId: string; now: bigint },
  change: (state: PipelineState | undefined) => PipelineState | undefined,
): Promise<void> {
  const { dataset, schemaName, pipelineName } = names;
  const { tables, stored, state: before } = await readDataset(connection, catalog, names);
  const state = change(before);
  if (state === undefined) return;
  const target = { connection, catalog, dataset };
  await connection.transaction(async () => {
    await createBooks(target, tables);
    const rowId = `${keyPrefix(loadId, STATE_TABLE)}0`;
    await insertState(target, { ...storedForm(state), pipelineName, loadId, rowId }, now);
    await insertLoad(target, { loadId, schemaName, versionHash: stored?.version_hash ?? '' }, now);
  });
}
