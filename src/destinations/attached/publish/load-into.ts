import { fileError, openFileError } from '../../../duckdb/file-errors.ts';
import { PipelineError } from '../../../errors.ts';
import type { CopyOptions } from './working-copy.ts';

/** The name under which a load sees the file that it writes to. */
export const TARGET = 'target';

type Into = Pick<CopyOptions, 'database' | 'destination' | 'catalogue'>;

/** A load: writes to the catalog in one transaction. Called again when the live file changed meanwhile. */
export type Load<T> = (catalog: string) => Promise<T>;

/**
 * Loads into the file that is attached as `target`, folds the write-ahead log in, and closes it, whatever happens. What the load
 * throws passes through, but for DuckDB's sentences about a full disk and damaged blocks.
 */
export async function loadIntoTarget<T>(into: Into, load: Load<T>): Promise<T> {
  const { database, destination: path } = into;
  try {
    const result = await load(TARGET).catch((error: unknown) => {
      throw openFileError(error, path) ?? error;
    });
    await checkpointAndDetach(into).catch((error: unknown) => {
      throw fileError(error, path);
    });
    return result;
  } catch (error) {
    await database.detach(TARGET).catch(() => undefined); // the first error is the one to tell
    throw error;
  }
}

async function checkpointAndDetach({ database, destination, catalogue }: Into): Promise<void> {
  const file = catalogue.nameOfFile(TARGET);
  const connection = await database.connect();
  await connection.run(`checkpoint ${file}`);
  const size = await connection.row('select wal_size from pragma_database_size() where database_name = ?', [file]);
  connection.close();
  await database.detach(TARGET);
  if (size?.wal_size !== '0 bytes') throw unfinished(destination, String(size?.wal_size));
}

/** Its rows would stay behind when the file is renamed. */
function unfinished(path: string, size: string): PipelineError {
  return new PipelineError({
    code: 'DestinationFailed',
    message: `The new ${path} still had ${size} in its write-ahead log.`,
    hint: 'Run again.',
    facts: { path, size },
  });
}
