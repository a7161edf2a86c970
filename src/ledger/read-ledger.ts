import { Database } from '../duckdb/database.ts';
import { lockHolder } from '../duckdb/file-errors.ts';
import { tryHoldFile } from '../duckdb/held-files.ts';
import { requireOwn } from '../duckdb/private-file.ts';
import { isThere } from '../files/ordinary-file.ts';
import { ledgerPath } from './ledger.ts';
import { ledgerError } from './ledger-error.ts';
import { type RunRecord, selectLastRuns } from './run-record.ts';
import { LEDGER } from './statements.ts';

/** `running`: the run that holds the ledger, so nothing else can be told. Its pid is null when it is this process. */
export type LedgerReading =
  | { readonly running: { readonly pid: number | null; readonly name: string } }
  | { readonly running: null; readonly lastRuns: readonly RunRecord[] };

/**
 * The last runs, the newest first, for commands that only look. A ledger that a run holds is left alone; none yet is an empty
 * list.
 *
 * @throws PipelineError DestinationUnreadable, DestinationTooNew, DestinationFailed: the ledger cannot be opened.
 */
export async function readLedger(workingDir: string, count = 5): Promise<LedgerReading> {
  const path = ledgerPath(workingDir);
  const release = tryHoldFile(path, 'shared');
  if (release === undefined) return { running: { pid: null, name: 'this process' } };
  try {
    if (!isThere(path)) return { running: null, lastRuns: [] };
    return await readFile(path, count);
  } catch (error) {
    throw ledgerError(error, path);
  } finally {
    release();
  }
}

async function readFile(path: string, count: number): Promise<LedgerReading> {
  requireOwn(path);
  const database = await Database.open();
  try {
    await database.attach(path, LEDGER, { readOnly: true });
    const connection = await database.connect();
    const lastRuns = (await hasRuns(connection)) ? await selectLastRuns(connection, count) : [];
    return { running: null, lastRuns };
  } catch (error) {
    const holder = lockHolder(error);
    if (holder !== undefined) return { running: { pid: holder.pid, name: holder.name } };
    throw error;
  } finally {
    database.close();
  }
}

/** False after a run that was killed between making the file and its first transaction. */
async function hasRuns(connection: Awaited<ReturnType<Database['connect']>>): Promise<boolean> {
  const found = await connection.row(
    "select 1 as found from duckdb_tables() where database_name = $1 and table_name = 'runs'",
    [LEDGER],
  );
  return found !== undefined;
}
