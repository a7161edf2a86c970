import type { Effects } from '../effects.ts';
import { PipelineError } from '../errors.ts';
import { configured } from '../text/duration.ts';

export interface TimeLimit {
  /** Aborted when the time is up, or with the signal that was given. */
  readonly signal: AbortSignal | undefined;
  /** Nothing waits any longer. */
  end(): void;
}

/** Counts the time of a run from now on. `milliseconds`: `pipeline.timeout`; without one there is no limit. */
export function startTimeLimit(
  milliseconds: number | undefined,
  { sleep }: Pick<Effects, 'sleep'>,
  signal: AbortSignal | undefined,
): TimeLimit {
  if (milliseconds === undefined) return { signal, end() {} };
  const [up, done] = [new AbortController(), new AbortController()];
  sleep(milliseconds, done.signal).then(
    () => up.abort(timeUp(milliseconds)),
    () => {},
  );
  return {
    signal: signal === undefined ? up.signal : AbortSignal.any([signal, up.signal]),
    end: () => done.abort(),
  };
}

// --- internal ---

function timeUp(milliseconds: number): PipelineError {
  return new PipelineError({
    code: 'RunTimedOut',
    message: `The run was not done after ${configured(milliseconds)}, the limit set by \`pipeline.timeout\`.`,
    hint: 'Run again: it continues after the last page that was complete, if one was; or raise `pipeline.timeout`.',
    facts: { timeout: milliseconds },
  });
}
