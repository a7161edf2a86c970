import { DLT_LOAD_ID, LOADS_TABLE, STATE_TABLE, VERSION_TABLE } from './names.ts';
import { systemColumns } from './system-columns.ts';
import type { ColumnSchema, DataType, TableSchema } from './table-schema.ts';

// dlt's own books as dlt 1.31 documents them, texts included: they are part of the version hash.
// https://github.com/dlt-hub/dlt, dlt/common/schema/utils.py: version_table, loads_table, pipeline_state_table

const versionColumns = [
  column('version', 'bigint', 'Numeric version of the schema, incremented on each schema change'),
  column('engine_version', 'bigint', 'Version of the dlt schema engine that created this schema'),
  column('inserted_at', 'timestamp', 'Timestamp when this schema version was stored'),
  column('schema_name', 'text', 'Name of the schema'),
  column('version_hash', 'text', 'Unique hash of the schema content, used to detect changes'),
  column('schema', 'text', 'JSON representation of the complete schema definition'),
];

const loadsColumns = [
  column('load_id', 'text', 'Unique identifier of the load operation', { precision: 64 }),
  column('schema_name', 'text', 'Name of the schema associated with this load', { nullable: true }),
  column('status', 'bigint', 'Status of the load operation (0 = success)'),
  column('inserted_at', 'timestamp', 'Timestamp when the load was completed'),
  column('schema_version_hash', 'text', 'Hash of the schema version used during this load', { nullable: true }),
];

const stateColumns = [
  column('version', 'bigint', 'Numeric version of the pipeline state'),
  column('engine_version', 'bigint', 'Version of the dlt state engine'),
  column('pipeline_name', 'text', 'Name of the pipeline this state belongs to'),
  column('state', 'text', 'Compressed JSON representation of the pipeline state'),
  column('created_at', 'timestamp', 'Timestamp when this state was created'),
  column('version_hash', 'text', 'Hash of the state content, used to detect changes', { nullable: true }),
  column(DLT_LOAD_ID, 'text', 'Load identifier linking this row to its load operation', { precision: 64 }),
  ...systemColumns(false, false).filter(({ name }) => name !== DLT_LOAD_ID),
];

/** Documents of `_dlt_version`, `_dlt_loads` and `_dlt_pipeline_state`, to stand in every schema document. */
export function bookTables(): Record<string, TableSchema> {
  return {
    [VERSION_TABLE]: book(VERSION_TABLE, versionColumns, 'Created by DLT. Tracks schema updates', 'skip'),
    [LOADS_TABLE]: book(LOADS_TABLE, loadsColumns, 'Created by DLT. Tracks completed loads', 'skip'),
    // dlt describes the table that it makes from its state as any other: without the description of the book.
    [STATE_TABLE]: {
      ...book(STATE_TABLE, stateColumns, undefined, 'append'),
      file_format: 'preferred',
      'x-normalizer': { 'seen-data': true },
    },
  };
}

function book(
  name: string,
  columns: readonly ColumnSchema[],
  description: string | undefined,
  write_disposition: 'skip' | 'append',
): TableSchema {
  return {
    name,
    columns: Object.fromEntries(columns.map((column) => [column.name, { ...column }])),
    write_disposition,
    resource: name,
    ...(description === undefined ? {} : { description }),
  };
}

function column(
  name: string,
  data_type: DataType,
  description: string,
  hints: Partial<ColumnSchema> = {},
): ColumnSchema {
  return { name, data_type, nullable: false, ...hints, description };
}
