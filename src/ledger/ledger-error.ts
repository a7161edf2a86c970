import { dirname } from 'node:path';
import { fileError } from '../duckdb/file-errors.ts';
import { PipelineError } from '../errors.ts';
import { readRunStatus } from './run-status.ts';
import { runsFile } from './runs-file.ts';

/** RunLocked: somebody has the ledger open, that is, a run is in progress, unless another program looks into it. */
export function runLocked(path: string, holder: string, pid: number | null, cause?: unknown): PipelineError {
  const run = readRunStatus(dirname(path), pid);
  const what =
    run === undefined
      ? 'Another run is in progress, or another program has its ledger open'
      : `Another run is in progress, of pipeline ${run.pipelineName} since ${new Date(run.startedAt).toISOString()}`;
  return new PipelineError({
    code: 'RunLocked',
    message: `${what}: ${holder} holds ${path}.`,
    hint: 'Run again when it has finished; nothing was changed. Pipelines that should run at the same time need different working folders.',
    facts: { path, holder, pid, pipeline: run?.pipelineName ?? null },
    cause,
  });
}

/** The same for who only looks into it. */
export function ledgerBusy(...holder: Parameters<typeof runLocked>): PipelineError {
  const { code, message, facts, cause } = runLocked(...holder);
  const hint = `Try again when it has finished. Meanwhile \`dezgo-elt info\` and ${runsFile(dirname(holder[0]))} can be read.`;
  return new PipelineError({ code, message, hint, facts, cause });
}

/** What opening or writing the ledger threw. It only holds history, so it may go. */
export function ledgerError(thrown: unknown, path: string): PipelineError {
  const { code, message, hint, facts } = fileError(thrown, path);
  const next =
    code === 'DestinationUnreadable' || code === 'DestinationTooNew'
      ? `Delete ${path} and ${path}.wal when no run is going on: they only keep the history of runs, what was loaded is in the destination.`
      : `${hint} Another working folder can be named in pipeline.working_dir.`;
  return new PipelineError({
    code,
    message: `The ledger of runs cannot be used. ${message}`,
    hint: next,
    facts,
    cause: thrown,
  });
}
