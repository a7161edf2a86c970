import { createHash } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import { dirname } from 'node:path';
import type { Connection, Row } from '../../src/duckdb/connection.ts';
import { Database } from '../../src/duckdb/database.ts';

/** What one statement answers on the live file, opened read-only and closed again; `dataset` is the search path. */
export async function query(file: string, sql: string, dataset = 'data'): Promise<Row[]> {
  return withPublished(file, async (connection) => {
    await connection.run(`use published."${dataset}"`);
    return connection.rows(sql);
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
  const rows = await withPublished(file, (connection) =>
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
  return withPublished(file, async (connection) => {
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

/** One DuckDB answers for all tests of a process: opening one takes longer than most answers. */
let opened: Promise<{ readonly database: Database; readonly connection: Connection }> | undefined;
let last: Promise<unknown> = Promise.resolve();

async function openReader() {
  const database = await Database.open({ threads: 1 });
  return { database, connection: await database.connect() };
}

/** One after another, because the file has one name. */
function withPublished<T>(file: string, work: (connection: Connection) => Promise<T>): Promise<T> {
  const answer = last.then(() => answerFrom(file, work));
  last = answer.catch(() => undefined);
  return answer;
}

async function answerFrom<T>(file: string, work: (connection: Connection) => Promise<T>): Promise<T> {
  opened ??= openReader();
  const { database, connection } = await opened;
  await database.attach(file, 'published', { readOnly: true });
  try {
    return await work(connection);
  } finally {
    await connection.run('use memory.main');
    await database.detach('published');
  }
}
