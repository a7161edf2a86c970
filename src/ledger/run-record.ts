import type { Connection, Row } from '../duckdb/connection.ts';
import { LEDGER } from './statements.ts';

/** How many of them those who look at the ledger are told. */
export const TOLD_RUNS = 5;

/** One run as the ledger remembers it. No `exitCode`: it is still going on, or was killed. */
export interface RunRecord {
  /** When it got the lock, microseconds since 1970. */
  readonly runId: bigint;
  readonly loadId: string | null;
  readonly pipelineName: string;
  /** Milliseconds since 1970. */
  readonly startedAt: number;
  readonly finishedAt: number | null;
  readonly exitCode: number | null;
  readonly failureCode: string | null;
  readonly message: string | null;
  /** Rows that it loaded; null where no version of the program has counted them. */
  readonly rows: number | null;
}

/** The last `count` runs, the newest first. A ledger of an earlier version lacks its youngest columns. */
export async function selectLastRuns(connection: Connection, count: number): Promise<RunRecord[]> {
  const rows = await connection.rows(
    `select *, epoch_ms(started_at) as started_ms, epoch_ms(finished_at) as finished_ms
     from ${LEDGER}.runs
     order by run_id desc
     limit $1`,
    [count],
  );
  return rows.map(asRunRecord);
}

function asRunRecord(row: Row): RunRecord {
  return {
    runId: BigInt(String(row.run_id)),
    loadId: textOrNull(row.load_id),
    pipelineName: String(row.pipeline_name),
    startedAt: Number(row.started_ms),
    finishedAt: numberOrNull(row.finished_ms),
    exitCode: numberOrNull(row.exit_code),
    failureCode: textOrNull(row.failure_code),
    message: textOrNull(row.message),
    rows: numberOrNull(row.rows),
  };
}

const textOrNull = (value: unknown) => (value === null || value === undefined ? null : String(value));
const numberOrNull = (value: unknown) => (value === null || value === undefined ? null : Number(value));
