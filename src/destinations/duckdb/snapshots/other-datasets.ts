import type { Connection } from '../../../duckdb/connection.ts';
import { qualifiedName, quotedString } from '../../../duckdb/quote.ts';
import { LOADS_TABLE } from '../../../schema/names.ts';

/** What tells the tables of a schema from what they were: rows of each, and the last load where there are books. */
export type SchemaMarks = ReadonlyMap<string, string>;

/** Of every schema in the file but one dataset: those of other pipelines, and what users made. */
export async function otherSchemas(connection: Connection, catalog: string, dataset: string): Promise<SchemaMarks> {
  const rows = await connection.rows(
    `select schema_name, table_name from duckdb_tables()
     where database_name = ? and lower(schema_name) <> lower(?) order by schema_name, table_name`,
    [catalog, dataset],
  );
  const marks = new Map<string, string>();
  for (const { schema_name, table_name } of rows) {
    const [schema, table] = [String(schema_name), String(table_name)];
    const mark = await markOf(connection, qualifiedName(catalog, schema, table), table);
    marks.set(schema, `${marks.get(schema) ?? ''}${quotedString(table)} ${mark} `);
  }
  return marks;
}

/** Names of the schemas that are not what they were. */
export function changedSchemas(now: SchemaMarks, then: SchemaMarks): string[] {
  const names = new Set([...now.keys(), ...then.keys()]);
  return [...names].filter((name) => now.get(name) !== then.get(name)).sort();
}

// --- internal ---

async function markOf(connection: Connection, name: string, table: string): Promise<string> {
  const last = table === LOADS_TABLE ? 'max(load_id)' : 'null';
  const row = await connection.row(`select concat_ws(' ', count(*), ${last}) as mark from ${name}`);
  return String(row?.mark);
}
