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

/** The last `count` runs of all pipelines, the newest first, and how many there are of one. */
export async function selectRunsAround(
  connection: Connection,
  count: number,
  pipelineName: string,
): Promise<{ readonly runs: readonly RunRecord[]; readonly ofPipeline: number }> {
  const own = `(select count(*) from ${LEDGER}.runs where pipeline_name = $2) as of_pipeline`;
  const rows = await connection.rows(lastRunsSql(own), [count, pipelineName]);
  return { runs: rows.map(asRunRecord), ofPipeline: Number(rows[0]?.of_pipeline ?? 0) };
}

/** The last `count` runs, the newest first. A ledger of an earlier version lacks its youngest columns. */
export async function selectLastRuns(connection: Connection, count: number): Promise<RunRecord[]> {
  return (await connection.rows(lastRunsSql(), [count])).map(asRunRecord);
}

function lastRunsSql(...more: readonly string[]): string {
  const columns = ['*', 'epoch_ms(started_at) as started_ms', 'epoch_ms(finished_at) as finished_ms', ...more];
  return `select ${columns.join(', ')} from ${LEDGER}.runs order by run_id desc limit $1`;
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
