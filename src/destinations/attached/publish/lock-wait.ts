import type { Effects } from '../../../effects.ts';
import { PipelineError } from '../../../errors.ts';
import type { Findings } from '../../../findings.ts';

const FIRST_NAP_MS = 50;
const LONGEST_NAP_MS = 1_000;

export interface Waiting {
  /** Milliseconds. */
  readonly wait: number;
  readonly effects: Effects;
  readonly signal?: AbortSignal | undefined;
  /** Told afterwards, where it had to wait. */
  readonly findings: Pick<Findings, 'warn'>;
}

/**
 * Calls `open` until it does not answer `DestinationLocked` any more, at most `wait` milliseconds long. Says once that it waits.
 *
 * @throws PipelineError DestinationLocked: still locked; anything else that `open` throws, at once.
 */
export async function waitForLock<T>({ wait, effects, signal, findings }: Waiting, open: () => Promise<T>): Promise<T> {
  let waited = 0;
  let reason = '';
  for (let nap = FIRST_NAP_MS; ; nap = Math.min(nap * 1.5, LONGEST_NAP_MS)) {
    signal?.throwIfAborted();
    try {
      const opened = await open();
      if (waited > 0) findings.warn(`Waited ${seconds(waited)} s: ${reason}`);
      return opened;
    } catch (error) {
      if (!(error instanceof PipelineError) || error.code !== 'DestinationLocked') throw error;
      if (waited >= wait) throw stillLocked(error, wait);
      reason = error.message;
      if (waited === 0) effects.log.progress(`Waiting up to ${seconds(wait)} s: ${error.message}`);
    }
    const rest = Math.min(nap, wait - waited);
    await effects.sleep(rest, signal);
    waited += rest;
  }
}

function stillLocked({ code, message, hint, facts, cause }: PipelineError, wait: number): PipelineError {
  return new PipelineError({
    code,
    message: wait === 0 ? message : `${message} Waited ${seconds(wait)} s for it.`,
    hint: `${hint} pipeline.publish.wait says how long to wait.`,
    facts: { ...facts, waited: wait },
    cause,
  });
}

const seconds = (milliseconds: number) => Math.round(milliseconds / 100) / 10;
