import type { Connection } from '../../duckdb/connection.ts';
import type { Target } from '../../load/target.ts';
import { targetTable } from '../../load/target.ts';
import { ownComment } from '../../schema/column-comments.ts';
import { duckdbType } from '../../schema/duckdb-type.ts';
import { isBookTable, LOADS_TABLE, REQUESTS_TABLE } from '../../schema/names.ts';
import type { StoredSchema, TableSchema } from '../../schema/table-schema.ts';
import { createBooks } from '../attached/books.ts';
import { columnDefinition, commentOn, createDataset, createTable } from '../attached/table-ddl.ts';
import type { Marker } from './book-files.ts';

/** A catalogue in memory. */
export async function attachEmpty(connection: Connection, catalog: string): Promise<void> {
  await connection.run(`attach ':memory:' as ${catalog} (type duckdb)`);
}

/** The tables of a dataset with their columns, and the books, without rows. */
export async function createShells(target: Target, schemas: readonly StoredSchema[]): Promise<void> {
  await createDataset(target);
  await createBooks(target, new Map());
  for (const table of recordTables(schemas)) {
    const columns = Object.values(table.columns).filter(({ data_type }) => data_type !== undefined);
    const shaped = columns.map((column) => ({
      name: column.name,
      type: duckdbType(column),
      required: column.nullable === false,
    }));
    await createTable(target, table.name, shaped.map(columnDefinition));
    const described = columns.flatMap((column) => {
      const comment = column.description ?? ownComment(column, table.name);
      return comment === undefined ? [] : [[column.name, comment] as const];
    });
    await commentOn(target, table.name, { table: table.description, columns: new Map(described) });
  }
}

/** Those that rows came for, each once. */
export function recordTables(schemas: readonly StoredSchema[]): readonly TableSchema[] {
  const all = schemas.flatMap(({ tables }) => Object.values(tables)).filter(holdsRecords);
  return [...new Map(all.map((table) => [table.name.toLowerCase(), table])).values()];
}

function holdsRecords({ name, columns }: TableSchema): boolean {
  const isOfSource = !isBookTable(name) || name === REQUESTS_TABLE;
  return isOfSource && Object.values(columns).some(({ data_type }) => data_type !== undefined);
}

/** Which loads there were. What else is said of them stays in their files. */
export async function insertMarkers(target: Target, markers: readonly Marker[]): Promise<void> {
  if (markers.length === 0) return;
  const rows = markers.map(({ loadId, schemaName }) => ({ loadId, schemaName }));
  await target.connection.run(
    `insert into ${targetTable(target, LOADS_TABLE)} (load_id, schema_name, status, inserted_at, schema_version_hash)
     select m."loadId", m."schemaName", 0, make_timestamptz(0), '' from (select unnest(from_json(?::json, '[{"loadId":"VARCHAR","schemaName":"VARCHAR"}]')) as m)`,
    [JSON.stringify(rows)],
  );
}
