import type { PipelineConfig } from '../config/pipeline-config.ts';
import { destinationOf } from '../destinations/destination-kinds.ts';
import type { Effects } from '../effects.ts';
import { asPipelineError, PipelineError } from '../errors.ts';
import { runsFromEnd } from '../ledger/runs-file.ts';
import type { PackageListing } from '../report/packages-text.ts';
import type { RunSummary } from '../report/run-summary-schema.ts';
import { REJECTED_TABLE } from '../schema/names.ts';
import { listedPackages } from './listed-packages.ts';
import { queryLive } from './live-query.ts';

/** What went wrong, and what was kept out. Times are ISO 8601, UTC. */
export interface FailureList {
  /** Runs that did not go well, the newest first. */
  readonly runs: readonly FailedRun[];
  /** Packages that no run loads, or that still wait for one. */
  readonly packages: readonly PackageListing[];
  /** What contracts kept out, by load, table, column and reason, the newest first; null: the destination cannot be read. */
  readonly rejected: readonly RejectedRows[] | null;
  /** Why it cannot. */
  readonly unreadable: Pick<PipelineError, 'code' | 'message' | 'hint'> | null;
}

export interface FailedRun
  extends Pick<RunSummary, 'startedAt' | 'finishedAt' | 'exitCode' | 'outcome' | 'loadId' | 'failure'> {
  /** Of single resources. */
  readonly resources: readonly { readonly name: string; readonly error: NonNullable<RunSummary['failure']> }[];
  /** A later run of the pipeline went well. */
  readonly isOver: boolean;
}

export interface RejectedRows {
  readonly loadId: string;
  readonly table: string;
  /** null: whole rows. */
  readonly column: string | null;
  readonly reason: string;
  readonly count: number;
  /** One of them as JSON text, shortened. */
  readonly example: string | null;
}

/** Failures of runs, packages that lie about, and rejected rows; `limit` of each. */
export async function failures(
  config: PipelineConfig,
  { limit, now }: { readonly limit: number; readonly now: number },
  effects: Pick<Effects, 'sleep'>,
): Promise<FailureList> {
  const packages = await listedPackages(config, now);
  const kept = packages.filter(({ state, isOfRunInProgress }) => state !== 'loaded' && !isOfRunInProgress);
  const runs = await failedRuns(config, limit);
  try {
    return { runs, packages: kept, rejected: await rejectedRows(config, limit, effects), unreadable: null };
  } catch (thrown) {
    return { runs, packages: kept, rejected: null, unreadable: asPipelineError(thrown) };
  }
}

// --- internal ---

async function failedRuns({ pipeline }: PipelineConfig, limit: number): Promise<readonly FailedRun[]> {
  const failed: FailedRun[] = [];
  let isOver = false;
  for await (const run of runsFromEnd(pipeline.working_dir)) {
    if (failed.length === limit) break;
    if (run.pipeline !== pipeline.name) continue;
    const { startedAt, finishedAt, exitCode, outcome, loadId, failure } = run;
    if (exitCode === 0) isOver = true;
    else {
      const resources = run.resources.flatMap(({ name, error }) => (error === undefined ? [] : [{ name, error }]));
      failed.push({ startedAt, finishedAt, exitCode, outcome, loadId, failure, resources, isOver });
    }
  }
  return failed;
}

async function rejectedRows(
  config: PipelineConfig,
  limit: number,
  effects: Pick<Effects, 'sleep'>,
): Promise<RejectedRows[]> {
  if (!(await hasRejected(config))) return [];
  const sql = `select load_id, table_name, column_name, reason, count(*), min(cast(record as varchar)) from ${REJECTED_TABLE}
    group by load_id, table_name, column_name, reason order by load_id desc, table_name, column_name limit ${limit}`;
  const { rows } = await queryLive(config, sql, { rows: limit, bytes: 1_000_000, seconds: 5 }, effects);
  return rows.map((row) => {
    const [loadId, table, column, reason, count, example] = row.map((cell): unknown => JSON.parse(cell));
    return {
      loadId: String(loadId),
      table: String(table),
      column: typeof column === 'string' ? column : null,
      reason: String(reason),
      count: Number(count),
      example: typeof example === 'string' ? example : null,
    };
  });
}

async function hasRejected(config: PipelineConfig): Promise<boolean> {
  const reader = await destinationOf(config)
    .reader()
    .catch((thrown: unknown) => {
      if (thrown instanceof PipelineError && thrown.code === 'UsageInvalid') return undefined; // nothing was loaded yet
      throw thrown;
    });
  reader?.close();
  return reader?.tables.some(({ name }) => name === REJECTED_TABLE) ?? false;
}
