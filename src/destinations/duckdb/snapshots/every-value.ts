import type { Connection } from '../../../duckdb/connection.ts';
import { qualifiedName } from '../../../duckdb/quote.ts';

/** Reads every value of every table in a file: DuckDB finds a damaged block when it reads it, not before. Throws what it throws. */
export async function readEveryValue(connection: Connection, catalog: string): Promise<void> {
  const tables = await connection.rows(
    'select schema_name, table_name from duckdb_tables() where database_name = ? order by all',
    [catalog],
  );
  for (const { schema_name, table_name } of tables) {
    const name = qualifiedName(catalog, String(schema_name), String(table_name));
    await connection.run(`select max(hash("#row")) from ${name} as "#row"`);
  }
}
