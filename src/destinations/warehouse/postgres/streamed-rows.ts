import { type FileHandle, open, rm, writeFile } from 'node:fs/promises';
import { setTimeout as sleep } from 'node:timers/promises';
import { openFileError } from '../../../duckdb/file-errors.ts';
import { interruptUntil } from '../../../duckdb/interrupt.ts';
import { withOneThread } from '../../../duckdb/one-thread.ts';
import { stagedPath, writeRows } from '../staged-file.ts';
import type { StagedRows } from '../warehouse-transport.ts';

/** Bytes that are read at a time. */
const PIECE = 256 * 1024;
/** Milliseconds until a file that ended is looked at again. */
const PAUSE = 5;

/**
 * Lets `work` send the rows as CSV while DuckDB still writes them into a file in that folder, which is deleted afterwards. The
 * pieces throw what DuckDB says where it fails; where `work` fails, DuckDB writes no more. `written`: how many rows, when all are.
 */
export async function whileWritten<T>(
  staged: StagedRows,
  folder: string,
  work: (pieces: AsyncIterable<Buffer>, written: Promise<number>) => Promise<T>,
): Promise<T> {
  const { connection } = staged;
  const path = stagedPath(staged, 'csv', folder);
  const tell = (error: unknown) => {
    throw openFileError(error, path) ?? error;
  };
  try {
    await writeFile(path, '').catch(tell); // a killed run can have left one
    const file = await open(path).catch(tell);
    const ended = new AbortController();
    const write = () => writeRows(staged, 'csv', path).finally(() => ended.abort());
    const written = withOneThread(connection, write);
    written.catch(() => undefined); // whoever reads the pieces is told
    try {
      return await work(piecesOf(file, written), written);
    } catch (error) {
      void interruptUntil(ended.signal, connection);
      throw error;
    } finally {
      await written.catch(() => undefined);
      ended.abort();
      await file.close();
    }
  } finally {
    await rm(path, { force: true });
  }
}

// --- internal ---

async function* piecesOf(file: FileHandle, written: Promise<unknown>): AsyncGenerator<Buffer> {
  let isWhole = false;
  const whole = written.then(() => {
    isWhole = true;
  });
  whole.catch(() => undefined); // the same
  for (;;) {
    const isLast = isWhole; // what is written from here on is read in the next round
    const { buffer, bytesRead } = await file.read(Buffer.allocUnsafe(PIECE), 0, PIECE);
    if (bytesRead > 0) yield buffer.subarray(0, bytesRead);
    else if (isLast) return;
    else await Promise.race([whole, sleep(PAUSE)]);
  }
}
