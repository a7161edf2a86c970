import type { Effects } from '../effects.ts';

/** Milliseconds that everybody has once the run was stopped by a signal: who sent it does not wait for long. */
const IN_A_HURRY = 5000;

/** How long those outside may take to be told how a run ended. */
export interface Patience {
  /** Milliseconds for each of them at most, whatever its own `timeout`. */
  readonly most: number;
  /** Aborted when nobody is waited for any longer; its reason is a sentence without its end. */
  readonly over?: AbortSignal | undefined;
}

/** Of a run that `signal` may stop, even while somebody is told. `end` when all were told. */
export function patienceFor(
  signal: AbortSignal | undefined,
  { sleep }: Pick<Effects, 'sleep'>,
): Patience & { end(): void } {
  if (signal?.aborted) return { most: IN_A_HURRY, end() {} };
  const [over, told] = [new AbortController(), new AbortController()];
  const hurry = () => {
    sleep(IN_A_HURRY, told.signal).then(
      () => over.abort(new Error(`the run was stopped, and ${IN_A_HURRY / 1000} s more were not enough`)),
      () => {},
    );
  };
  signal?.addEventListener('abort', hurry, { once: true, signal: told.signal });
  return { most: Number.POSITIVE_INFINITY, over: over.signal, end: () => told.abort() };
}
