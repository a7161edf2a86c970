import type { Connection } from '../../src/duckdb/connection.ts';
import { Database } from '../../src/duckdb/database.ts';

type Work<T> = (connection: Connection) => Promise<T>;

/** Makes or changes a DuckDB file; `use` has made it the current database. Its settings are not to be changed for all. */
export async function withDuckdbFile<T>(path: string, work: Work<T>): Promise<T> {
  return withAttached(path, 'file', false, async (connection) => {
    await connection.run('use file');
    return work(connection);
  });
}

/** Reads a DuckDB file, which is `published`. */
export async function withReadOnlyFile<T>(path: string, work: Work<T>): Promise<T> {
  return withAttached(path, 'published', true, work);
}

/** Those that have no file open wait for the next: to open one takes longer than most of what it is asked. */
const idle: Database[] = [];

async function withAttached<T>(path: string, alias: string, readOnly: boolean, work: Work<T>): Promise<T> {
  const database = idle.pop() ?? (await Database.open({ threads: 1 }));
  try {
    await database.attach(path, alias, { readOnly });
    const connection = await database.connect();
    const result = await work(connection);
    database.disconnect(connection);
    await database.detach(alias);
    idle.push(database);
    return result;
  } catch (error) {
    database.close(); // nobody knows what state it is in
    throw error;
  }
}
