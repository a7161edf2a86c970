import { dirname } from 'node:path';
import type { Connection } from '../duckdb/connection.ts';
import { Database } from '../duckdb/database.ts';
import { lockHolder } from '../duckdb/file-errors.ts';
import { tryHoldFile } from '../duckdb/held-files.ts';
import { requireOwn } from '../duckdb/private-file.ts';
import { isThere } from '../files/ordinary-file.ts';
import { ledgerPath } from './ledger.ts';
import { ledgerError } from './ledger-error.ts';
import { selectLastRuns, TOLD_RUNS } from './run-record.ts';
import { type PastRun, type RunStatus, readRunStatus } from './run-status.ts';
import { LEDGER } from './statements.ts';

/** Who holds the ledger. */
export interface LedgerHolder {
  /** null when it is this process. */
  readonly pid: number | null;
  /** `node (PID 6512)`, or `this process`. */
  readonly name: string;
  /** What the run says of itself; absent where another program has the ledger open, or the run has only just begun. */
  readonly status?: Pick<RunStatus, 'pipelineName' | 'startedAt' | 'loadId'>;
}

export interface LedgerReading {
  /** null: no run is going on. */
  readonly running: LedgerHolder | null;
  /** The newest first, without the one that is going on; absent where they cannot be known. */
  readonly lastRuns?: readonly PastRun[];
}

/**
 * The last `count` runs, the newest first, for commands that only look. A ledger that a run holds is left alone: what that run says of
 * itself and its last five predecessors is told instead. No ledger yet is an empty list.
 *
 * @throws PipelineError DestinationUnreadable, DestinationTooNew, DestinationFailed: the ledger cannot be opened.
 */
export async function readLedger(workingDir: string, count = TOLD_RUNS): Promise<LedgerReading> {
  const path = ledgerPath(workingDir);
  const release = tryHoldFile(path, 'shared');
  if (release === undefined) return heldLedger(path, { pid: null, name: 'this process' });
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
    const lastRuns = (await hasTable(connection, 'runs')) ? await selectLastRuns(connection, count) : [];
    return { running: null, lastRuns };
  } catch (error) {
    const holder = lockHolder(error);
    if (holder !== undefined) return heldLedger(path, { pid: holder.pid, name: holder.name });
    throw error;
  } finally {
    database.close();
  }
}

function heldLedger(path: string, holder: LedgerHolder): LedgerReading {
  const status = readRunStatus(dirname(path), holder.pid);
  if (status === undefined) return { running: holder };
  const { lastRuns, pipelineName, startedAt, loadId } = status;
  return { running: { ...holder, status: { pipelineName, startedAt, loadId } }, lastRuns };
}

/** False of a ledger whose first run was killed before its first transaction, and of tables that no run has needed yet. */
export async function hasTable(connection: Connection, table: string): Promise<boolean> {
  const found = await connection.row(
    'select 1 as found from duckdb_tables() where database_name = $1 and table_name = $2',
    [LEDGER, table],
  );
  return found !== undefined;
}
