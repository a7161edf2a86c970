import { givenDuration } from '../config/given-duration.ts';
import { timeLimit } from '../config/grammar/units.ts';
import type { PipelineConfig, ResolvedResource } from '../config/pipeline-config.ts';
import type { Effects } from '../effects.ts';
import { PipelineError } from '../errors.ts';
import { configured } from '../text/duration.ts';

export interface TimeLimit {
  /** Aborted when the time is up, or with the signal that was given. */
  readonly signal: AbortSignal | undefined;
  /** Nothing waits any longer. */
  end(): void;
}

/** Who is given up after so many milliseconds, and what says so. */
export interface TimeAllowed {
  readonly code: 'RunTimedOut' | 'ResourceTimedOut';
  /** `The run`, `` `models` ``. */
  readonly who: string;
  readonly milliseconds: number;
  /** `pipeline.timeout`, `--timeout`. */
  readonly setBy: string;
}

/** How long a run may take; undefined: as long as it likes. Throws UsageInvalid for what is no duration. */
export function runTime({ pipeline }: PipelineConfig, given: string | number | undefined): TimeAllowed | undefined {
  const who = { code: 'RunTimedOut', who: 'The run' } as const;
  if (given !== undefined)
    return { ...who, milliseconds: givenDuration('--timeout', given, timeLimit), setBy: '--timeout' };
  return pipeline.timeout === undefined
    ? undefined
    : { ...who, milliseconds: pipeline.timeout, setBy: 'pipeline.timeout' };
}

/** How long the extraction of a resource may take in all; in a replay no time passes. */
export function resourceTime(
  { name, timeout }: ResolvedResource,
  { isReplay }: { readonly isReplay: boolean },
): TimeAllowed | undefined {
  if (timeout === undefined || isReplay) return undefined;
  return { code: 'ResourceTimedOut', who: `\`${name}\``, milliseconds: timeout, setBy: 'timeout' };
}

/** Counts the time from now on. Without a limit there is only the signal that was given. */
export function startTimeLimit(
  allowed: TimeAllowed | undefined,
  { sleep }: Pick<Effects, 'sleep'>,
  signal: AbortSignal | undefined,
): TimeLimit {
  if (allowed === undefined) return { signal, end() {} };
  const [up, done] = [new AbortController(), new AbortController()];
  sleep(allowed.milliseconds, done.signal).then(
    () => up.abort(timeUp(allowed)),
    () => {},
  );
  return {
    signal: signal === undefined ? up.signal : AbortSignal.any([signal, up.signal]),
    end: () => done.abort(),
  };
}

/** What is generated while the time lasts, which begins when the first of it is asked for. */
export async function* withinTime<T, R>(
  allowed: TimeAllowed | undefined,
  { effects, stop }: { readonly effects: Effects; readonly stop: AbortSignal | undefined },
  generate: (until: AbortSignal | undefined) => AsyncGenerator<T, R>,
): AsyncGenerator<T, R> {
  const limit = startTimeLimit(allowed, effects, stop);
  try {
    return yield* generate(limit.signal);
  } finally {
    limit.end();
  }
}

// --- internal ---

function timeUp({ code, who, milliseconds, setBy }: TimeAllowed): PipelineError {
  return new PipelineError({
    code,
    message: `${who} was not done after ${configured(milliseconds)}, the limit set by \`${setBy}\`.`,
    hint: `Run again: it continues after the last page that was complete, if one was; or raise \`${setBy}\`.`,
    facts: { timeout: milliseconds },
  });
}
