import type { Connection } from '../../../../src/duckdb/connection.ts';
import { quotedIdentifier } from '../../../../src/duckdb/quote.ts';
import type { TextRow, TextTables } from '../test-destination.ts';

/** Every table of a dataset in a database that this DuckDB has attached. */
export async function readAttached(connection: Connection, database: string, dataset: string): Promise<TextTables> {
  await connection.run(`set timezone = 'UTC'`);
  const columns = await connection.rows(
    `select table_name, column_name, data_type from duckdb_columns()
     where database_name = $1 and schema_name = $2 order by table_name, column_index`,
    [database, dataset],
  );
  const selects = new Map<string, string[]>();
  for (const { table_name, column_name, data_type } of columns) {
    const select = selects.get(String(table_name)) ?? [];
    selects.set(String(table_name), [...select, asText(quotedIdentifier(String(column_name)), String(data_type))]);
  }
  const tables: Record<string, TextRow[]> = {};
  for (const [name, select] of selects) {
    const from = [database, dataset, name].map(quotedIdentifier).join('.');
    const rows = await connection.rows(`select ${select.join(', ')} from ${from}`);
    tables[name] = rows.map((row) =>
      Object.fromEntries(Object.entries(row).map(([column, value]) => [column, value === null ? null : String(value)])),
    );
  }
  return tables;
}

/** A column as the text that rows are compared by. */
export function asText(column: string, type: string): string {
  if (type === 'BLOB') return `lower(hex(${column})) as ${column}`;
  if (type === 'TIMESTAMP WITH TIME ZONE') return `regexp_replace(${column}::varchar, '[+]00$', '') as ${column}`;
  return `${column}::varchar as ${column}`;
}
