import type { Connection } from '../duckdb/connection.ts';
import { Database } from '../duckdb/database.ts';
import { lockHolder } from '../duckdb/file-errors.ts';
import { tryHoldFile } from '../duckdb/held-files.ts';
import { requireOwn } from '../duckdb/private-file.ts';
import { isThere } from '../files/ordinary-file.ts';
import { ledgerPath } from './ledger.ts';
import { ledgerBusy, ledgerError } from './ledger-error.ts';
import { hasTable } from './read-ledger.ts';
import { LEDGER } from './statements.ts';

/**
 * Does `work` while no run is going on, in a DuckDB that has the ledger attached read-only, where there is one: a run that begins
 * meanwhile waits a moment.
 *
 * @throws PipelineError RunLocked: a run is going on
 */
export async function whileIdle<T>(
  workingDir: string,
  work: (database: Database, hasLedger: boolean) => Promise<T>,
): Promise<T> {
  const path = ledgerPath(workingDir);
  const release = tryHoldFile(path, 'shared');
  if (release === undefined) throw ledgerBusy(path, 'this process', null);
  const database = await Database.open().catch((error: unknown) => {
    release();
    throw error;
  });
  try {
    const hasLedger = isThere(path);
    if (hasLedger) await attach(database, path);
    return await work(database, hasLedger);
  } finally {
    database.close();
    release();
  }
}

/**
 * Does `work` on the ledger, opened read-only; undefined where no run has written to it yet.
 *
 * @throws PipelineError RunLocked: a run is going on; DestinationUnreadable, …: the ledger cannot be read
 */
export async function readingLedger<T>(
  workingDir: string,
  work: (connection: Connection) => Promise<T>,
): Promise<T | undefined> {
  return whileIdle(workingDir, async (database, hasLedger) => {
    if (!hasLedger) return undefined;
    const connection = await database.connect();
    try {
      return (await hasTable(connection, 'runs')) ? await work(connection) : undefined;
    } catch (error) {
      throw ledgerError(error, ledgerPath(workingDir));
    }
  });
}

// --- internal ---

async function attach(database: Database, path: string): Promise<void> {
  try {
    requireOwn(path);
    await database.attach(path, LEDGER, { readOnly: true });
  } catch (error) {
    const holder = lockHolder(error);
    throw holder === undefined ? ledgerError(error, path) : ledgerBusy(path, holder.name, holder.pid, error);
  }
}
