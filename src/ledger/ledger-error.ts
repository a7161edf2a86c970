import { fileError } from '../duckdb/file-errors.ts';
import { PipelineError } from '../errors.ts';

/** RunLocked: somebody has the ledger open, that is, a run is in progress. */
export function runLocked(path: string, holder: string, pid: number | null, cause?: unknown): PipelineError {
  return new PipelineError({
    code: 'RunLocked',
    message: `Another run is in progress: ${holder} holds ${path}.`,
    hint: 'Run again when it has finished; nothing was changed. Pipelines that should run at the same time need different working folders.',
    facts: { path, holder, pid },
    cause,
  });
}

/** What opening or writing the ledger threw. It only holds history, so it may go. */
export function ledgerError(thrown: unknown, path: string): PipelineError {
  const { code, message, facts } = fileError(thrown, path);
  const lost =
    code === 'DestinationUnreadable' || code === 'DestinationTooNew'
      ? `Delete ${path} and ${path}.wal when no run is going on: they only keep the history of runs, what was loaded is in the destination.`
      : 'Make the working folder writable, or name another one in pipeline.working_dir; then run again.';
  return new PipelineError({
    code,
    message: `The ledger of runs cannot be used. ${message}`,
    hint: lost,
    facts,
    cause: thrown,
  });
}
