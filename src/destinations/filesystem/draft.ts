import type { DatasetNames } from '../../load/stored-dataset.ts';
import { type Target, targetTable } from '../../load/target.ts';
import { STATE_TABLE, VERSION_TABLE } from '../../schema/names.ts';
import { createShells, insertMarkers } from './dataset-shells.ts';
import type { ObjectStore } from './object-store.ts';
import { type PublishedBooks, readNewestState } from './published-books.ts';

/**
 * Makes of an empty catalogue what a load goes into: tables as they are published, without their rows, and the books as far as a load
 * looks into them. What is in the tables after the load are its rows.
 */
export async function makeDraft(
  target: Target,
  store: ObjectStore,
  { markers, schemas }: PublishedBooks,
  { pipelineName }: DatasetNames,
): Promise<void> {
  await createShells(
    target,
    schemas.map(({ schema }) => schema),
  );
  await insertMarkers(target, markers);
  for (const { schema, row } of schemas) {
    await target.connection.run(
      `insert into ${targetTable(target, VERSION_TABLE)} (version, engine_version, inserted_at, schema_name, version_hash, schema)
       values (?, ?, ?::timestamptz, ?, ?, ?)`,
      [
        ...[row.number('version'), row.number('engine_version'), row.text('inserted_at')],
        ...[schema.name, row.text('version_hash'), row.text('schema')],
      ],
    );
  }
  const state = await readNewestState(store, markers, pipelineName);
  if (state === undefined) return;
  await target.connection.run(
    `insert into ${targetTable(target, STATE_TABLE)}
       (version, engine_version, pipeline_name, state, created_at, version_hash, _dlt_load_id, _dlt_id)
     values (?, ?, ?, ?, ?::timestamptz, ?, ?, '')`,
    [
      ...[state.number('version'), state.number('engine_version'), state.text('pipeline_name'), state.text('state')],
      ...[
        state.text('created_at'),
        state.text('version_hash'),
        state.text('_dlt_load_id') || state.text('dlt_load_id'),
      ],
    ],
  );
}
