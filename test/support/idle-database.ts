import { Database } from '../../src/duckdb/database.ts';

const idle: Database[] = [];

/** A DuckDB that has nothing attached. Opening one takes as long as a small load, so the tests of a process hand theirs on. */
export async function takeDatabase(): Promise<Database> {
  return idle.pop() ?? Database.open({ threads: 1 });
}

/** Detaches all that it has attached; no statement is going on in it. */
export async function handOn(database: Database): Promise<void> {
  const connection = await database.connect();
  const attached = await connection.rows(
    "select database_name as name from duckdb_databases() where not internal and database_name <> 'memory'",
  );
  connection.close();
  for (const { name } of attached) await database.detach(String(name));
  idle.push(database);
}
