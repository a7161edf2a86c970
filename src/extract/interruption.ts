import { PipelineError } from '../errors.ts';

/** The error of a run that was told to stop: the signal's own reason if it is one of the family. */
export function interruption(signal: AbortSignal): PipelineError {
  if (signal.reason instanceof PipelineError) return signal.reason;
  return new PipelineError({
    code: 'Interrupted',
    message: 'The run was interrupted.',
    hint: 'Run the same command again: it continues after the last page that was complete, if one was.',
    cause: signal.reason,
  });
}

export function throwIfInterrupted(signal: AbortSignal | undefined): void {
  if (signal?.aborted) throw interruption(signal);
}

/** What was thrown; the bare reason of the signal, as `throwIfAborted` and a sleep throw it, as an interruption. */
export function asInterruption(thrown: unknown, signal: AbortSignal | undefined): unknown {
  return signal?.aborted && thrown === signal.reason ? interruption(signal) : thrown;
}
