import type { Connection } from '../../src/duckdb/connection.ts';
import { Database } from '../../src/duckdb/database.ts';

/** Makes or changes a DuckDB file; `use` has made it the current database. */
export async function withDuckdbFile<T>(
  path: string,
  folder: string,
  work: (connection: Connection) => Promise<T>,
): Promise<T> {
  const database = await Database.open({ tempDirectory: folder, threads: 1 });
  try {
    await database.attach(path, 'file');
    const connection = await database.connect();
    await connection.run('use file');
    return await work(connection);
  } finally {
    database.close();
  }
}
