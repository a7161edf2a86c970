import { createHash } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import { dirname } from 'node:path';
import type { Row } from '../../src/duckdb/connection.ts';
import { type PlainRow, streamPlainRows } from '../../src/duckdb/plain-rows.ts';
import { withReadOnlyFile } from './duckdb-file.ts';

/** What one statement answers on the live file, opened read-only and closed again; `dataset` is the search path. */
export async function query(file: string, sql: string, dataset = 'data'): Promise<Row[]> {
  return withReadOnlyFile(file, async (connection) => {
    await connection.run(`use published."${dataset}"`);
    return connection.rows(sql);
  });
}

/** The rows of a table, in values of the language, as `readTable` gives them. */
export async function rowsOf(file: string, table: string, dataset = 'data'): Promise<PlainRow[]> {
  return withReadOnlyFile(file, async (connection) => {
    const rows: PlainRow[] = [];
    for await (const row of streamPlainRows(connection, `from published."${dataset}"."${table}"`, JSON.parse))
      rows.push(row);
    return rows;
  });
}

/** The first value of the first row, as a number where it is one. */
export async function value(file: string, sql: string, dataset = 'data'): Promise<unknown> {
  const [row] = await query(file, sql, dataset);
  const found = row === undefined ? undefined : Object.values(row)[0];
  return typeof found === 'bigint' ? Number(found) : found;
}

/** Names of the tables in a dataset, without those of the books. */
export async function tables(file: string, dataset = 'data'): Promise<string[]> {
  const rows = await withReadOnlyFile(file, (connection) =>
    connection.rows(
      `select table_name from duckdb_tables() where database_name = 'published' and schema_name = $1
       and table_name not like '\\_dlt\\_%' escape '\\' and table_name not like '\\_elt\\_%' escape '\\' order by 1`,
      [dataset],
    ),
  );
  return rows.map(({ table_name }) => String(table_name));
}

/** Every value of the user's tables as text, without dlt's columns. Nulls are left out. */
export async function texts(file: string, dataset = 'data', only = /./): Promise<string[]> {
  return withReadOnlyFile(file, async (connection) => {
    const withOwnColumns = await connection.rows(
      `select distinct table_name from duckdb_columns() where database_name = 'published' and schema_name = $1
       and not starts_with(table_name, '_dlt_') and not starts_with(table_name, '_elt_')
       and not starts_with(column_name, '_dlt_') and table_name not in (select view_name from duckdb_views())`,
      [dataset],
    );
    const found: string[] = [];
    for (const table of withOwnColumns.map(({ table_name }) => String(table_name)).filter((name) => only.test(name))) {
      const columns = `columns(c -> not starts_with(c, '_dlt_'))::varchar`;
      for (const row of await connection.rows(`select ${columns} from published."${dataset}"."${table}"`)) {
        for (const text of Object.values(row)) if (text !== null) found.push(String(text));
      }
    }
    return found;
  });
}

/** Equal for equal bytes; `absent` for no file. No DuckDB of this process may have it open. */
export function fingerprint(file: string): string {
  const names = readdirSync(dirname(file)).filter((name) => `${dirname(file)}/${name}`.startsWith(file));
  const hash = createHash('sha256');
  for (const name of names.sort()) hash.update(name).update(readFileSync(`${dirname(file)}/${name}`));
  return names.length === 0 ? 'absent' : hash.digest('hex');
}
