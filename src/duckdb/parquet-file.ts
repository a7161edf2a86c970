import { keepAnswer } from './answer-table.ts';
import { Database } from './database.ts';
import type { QueryColumn, QueryRow } from './query-stream.ts';
import { quotedString } from './quote.ts';

/**
 * Writes rows that come from elsewhere.
 *
 * @returns how many
 */
export async function writeParquet(
  path: string,
  columns: readonly QueryColumn[],
  batches: AsyncGenerator<QueryRow[]>,
): Promise<number> {
  const database = await Database.open();
  try {
    const connection = await database.connect();
    await keepAnswer(connection, columns, batches);
    return await connection.change(`copy answer to ${quotedString(path)} (format parquet, use_tmp_file false)`);
  } finally {
    database.close();
  }
}
