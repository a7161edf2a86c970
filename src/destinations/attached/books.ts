import { bookLayout, missingBookColumns } from '../../load/book-layout.ts';
import type { Catalogue } from '../../load/catalogue.ts';
import type { RowTallies } from '../../load/row-tally.ts';
import { type Target, targetTable } from '../../load/target.ts';
import { duckdbType } from '../../schema/duckdb-type.ts';
import {
  LOAD_TABLES_TABLE,
  LOADS_TABLE,
  SCHEMA_CHANGES_TABLE,
  STATE_TABLE,
  VERSION_TABLE,
} from '../../schema/names.ts';
import type { ColumnSchema, SchemaChange, StoredSchema } from '../../schema/table-schema.ts';
import type { RowChanges } from '../../trace.ts';
import { columnDefinition } from './table-ddl.ts';

/** Makes the tables that the dataset lacks, and the columns that came later, which a table of an old version lacks. */
export async function createBooks(target: Target, actual: Catalogue): Promise<void> {
  for (const [table, { columns }] of Object.entries(bookLayout)) {
    const name = targetTable(target, table);
    if (actual.has(table)) {
      for (const column of missingBookColumns(actual, table))
        await target.connection.run(`alter table ${name} add column ${definition(column)}`);
    } else {
      await target.connection.run(`create table ${name} (${columns.map(definition).join(', ')})`);
    }
  }
}

function definition(column: ColumnSchema): string {
  return columnDefinition({ name: column.name, type: duckdbType(column), required: column.nullable === false });
}

/** `inserted_at` is later than every earlier one, because dlt takes the newest for the current schema. */
export async function insertVersion(target: Target, schema: StoredSchema, now: bigint): Promise<void> {
  const table = targetTable(target, VERSION_TABLE);
  await target.connection.run(
    `insert into ${table} (version, engine_version, inserted_at, schema_name, version_hash, schema)
     select ?, ?, greatest(make_timestamptz(?::bigint), (select max(inserted_at) + interval 1 microsecond from ${table})), ?, ?, ?`,
    [schema.version, schema.engine_version, now, schema.name, schema.version_hash, JSON.stringify(schema)],
  );
}

export interface StateRow {
  readonly version: number;
  readonly engineVersion: number;
  readonly pipelineName: string;
  /** As dlt stores it: base64 of zlib of JSON. */
  readonly state: string;
  readonly versionHash: string;
  readonly loadId: string;
  readonly rowId: string;
}

export async function insertState(target: Target, row: StateRow, now: bigint): Promise<void> {
  await target.connection.run(
    `insert into ${targetTable(target, STATE_TABLE)}
       (version, engine_version, pipeline_name, state, created_at, version_hash, _dlt_load_id, _dlt_id)
     values (?, ?, ?, ?, make_timestamptz(?::bigint), ?, ?, ?)`,
    [row.version, row.engineVersion, row.pipelineName, row.state, now, row.versionHash, row.loadId, row.rowId],
  );
}

export async function insertChanges(
  target: Target,
  loadId: string,
  changes: readonly SchemaChange[],
  now: bigint,
): Promise<void> {
  if (changes.length === 0) return;
  await target.connection.run(
    `insert into ${targetTable(target, SCHEMA_CHANGES_TABLE)}
       (load_id, table_name, column_name, change, old_type, new_type, first_value, changed_at)
     select ?, c."table", c."column", c.change, c."oldType", c."newType", c."firstValue", make_timestamptz(?::bigint)
     from (select unnest(from_json(?::json, ?)) as c)`,
    [loadId, now, JSON.stringify(changes), JSON.stringify([CHANGE_FIELDS])],
  );
}

const CHANGE_FIELDS: Readonly<Record<keyof SchemaChange, 'varchar'>> = {
  table: 'varchar',
  column: 'varchar',
  change: 'varchar',
  oldType: 'varchar',
  newType: 'varchar',
  firstValue: 'varchar',
};

/** A table of which nothing changed has no row. */
export async function insertLoadTables(target: Target, loadId: string, tallies: RowTallies): Promise<void> {
  if (tallies.size === 0) return;
  const rows = [...tallies].map(([table, changed]) => ({ table, ...changed }));
  await target.connection.run(
    `insert into ${targetTable(target, LOAD_TABLES_TABLE)}
       (load_id, table_name, rows_inserted, rows_updated, rows_deleted, rows_retired)
     select ?, t."table", t.inserted, t.updated, t.deleted, t.retired from (select unnest(from_json(?::json, ?)) as t)`,
    [loadId, JSON.stringify(rows), JSON.stringify([TALLY_FIELDS])],
  );
}

const TALLY_FIELDS: Readonly<Record<'table' | keyof RowChanges, string>> = {
  table: 'varchar',
  inserted: 'bigint',
  updated: 'bigint',
  deleted: 'bigint',
  retired: 'bigint',
};

/** The mark that a load is complete, with status 0 as dlt writes it; the last row of its transaction. */
export async function insertLoad(
  target: Target,
  load: { readonly loadId: string; readonly schemaName: string; readonly versionHash: string },
  now: bigint,
): Promise<void> {
  await target.connection.run(
    `insert into ${targetTable(target, LOADS_TABLE)} (load_id, schema_name, status, inserted_at, schema_version_hash)
     values (?, ?, 0, make_timestamptz(?::bigint), ?)`,
    [load.loadId, load.schemaName, now, load.versionHash],
  );
}
