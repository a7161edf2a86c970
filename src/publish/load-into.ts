import type { Database } from '../duckdb/database.ts';
import { fileError, openFileError } from '../duckdb/file-errors.ts';

/** The name under which a load sees the file that it writes to. */
export const TARGET = 'target';

/** A load: writes to the catalog in one transaction. Called again when the live file changed meanwhile. */
export type Load<T> = (catalog: string) => Promise<T>;

/**
 * Loads into the file that is attached as `target`, folds the write-ahead log in, and closes it, whatever happens. What the load
 * throws passes through, but for DuckDB's sentences about a full disk and damaged blocks.
 */
export async function loadIntoTarget<T>(database: Database, path: string, load: Load<T>): Promise<T> {
  try {
    const result = await load(TARGET).catch((error: unknown) => {
      throw openFileError(error, path) ?? error;
    });
    await checkpointAndDetach(database).catch((error: unknown) => {
      throw fileError(error, path);
    });
    return result;
  } catch (error) {
    await database.detach(TARGET).catch(() => undefined); // the first error is the one to tell
    throw error;
  }
}

async function checkpointAndDetach(database: Database): Promise<void> {
  const connection = await database.connect();
  await connection.run(`checkpoint ${TARGET}`);
  connection.close();
  await database.detach(TARGET);
}
