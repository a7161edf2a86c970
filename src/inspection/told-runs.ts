import type { PipelineConfig } from '../config/pipeline-config.ts';
import type { LedgerHolder, LedgerReading } from '../ledger/read-ledger.ts';
import type { PastRun } from '../ledger/run-status.ts';
import { lastRuns, runsFromEnd } from '../ledger/runs-file.ts';
import type { LastFailure, PastRunSummary, RunningSummary } from '../report/info-text.ts';
import type { RunSummary } from '../report/run-summary-schema.ts';
import { isoTime } from '../text/iso-time.ts';

/** Seconds since a time in ISO 8601. */
export type Age = (time: string | null) => number | null;

export function ageAt(now: number): Age {
  return (time) => (time === null ? null : Math.max(0, Math.round((now - Date.parse(time)) / 1000)));
}

/** From the ledger, which also knows those that were killed; during a run, which has it open, from `runs.jsonl`. */
export async function lastRunsOf(
  { running, lastRuns: inLedger }: LedgerReading,
  workingDir: string,
  most: number,
): Promise<PastRunSummary[] | null> {
  const inFile = running === null ? [] : await lastRuns(workingDir, most);
  return inFile.length > (inLedger?.length ?? 0)
    ? inFile.map(ofFile)
    : (inLedger?.map(ofLedger).slice(0, most) ?? null);
}

/** Of a pipeline. Runs that had to wait for another one, or were asked for what cannot be, do not count. */
export async function lastFailure({ pipeline }: PipelineConfig, age: Age): Promise<LastFailure | null> {
  let isOver = false;
  for await (const { pipeline: name, failure, finishedAt, exitCode } of runsFromEnd(pipeline.working_dir)) {
    if (name !== pipeline.name || ['RunLocked', 'UsageInvalid'].includes(failure?.code ?? '')) continue;
    if (failure !== null) return { at: finishedAt, ageSeconds: age(finishedAt), exitCode, ...failure, isOver };
    isOver = true;
  }
  return null;
}

/** Who has the run lock. */
export function runningSummary({ pid, name, status }: LedgerHolder, age: Age): RunningSummary {
  const startedAt = status === undefined ? null : isoTime(status.startedAt);
  return {
    pid,
    name,
    pipeline: status?.pipelineName ?? null,
    startedAt,
    ageSeconds: age(startedAt),
    loadId: status?.loadId ?? null,
  };
}

// --- internal ---

export function ofLedger(run: PastRun): PastRunSummary {
  const { startedAt, finishedAt, pipelineName, exitCode, loadId, rows, message, failureCode } = run;
  return {
    startedAt: isoTime(startedAt),
    finishedAt: finishedAt === null ? null : isoTime(finishedAt),
    milliseconds: finishedAt === null ? null : finishedAt - startedAt,
    pipeline: pipelineName,
    exitCode,
    loadId,
    rows,
    failure: message,
    failureCode,
  };
}

export function ofFile({
  startedAt,
  finishedAt,
  milliseconds,
  pipeline,
  exitCode,
  loadId,
  tables,
  failure,
}: RunSummary): PastRunSummary {
  return {
    ...{ startedAt, finishedAt, milliseconds, pipeline, exitCode, loadId },
    rows: tables.reduce((sum, { rowsInserted, rowsUpdated }) => sum + rowsInserted + rowsUpdated, 0),
    failure: failure?.message ?? null,
    failureCode: failure?.code ?? null,
  };
}
