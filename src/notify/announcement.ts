import type { Effects } from '../effects.ts';
import type { Patience } from './patience.ts';
import { type Post, post } from './post.ts';

/** A message that a run begins, on its way. */
export interface Announcement {
  /**
   * Waits until it has arrived, for half of `most` (milliseconds) at most: what tells of the end must not come before it.
   *
   * @returns why it did not arrive, and how many milliseconds of the limit are left
   */
  settle(patience: Patience): Promise<{ readonly reason: string | undefined; readonly left: number }>;
}

/** Sends it, and waits for nobody. */
export function announce(message: Post, effects: Effects): Announcement {
  const stop = new AbortController();
  const arrived = post({ ...message, signal: stop.signal }, effects);
  return {
    settle: async ({ most, over }) => {
      const begun = effects.now();
      const reason = await Promise.race([arrived, patience(most / 2, effects, [stop.signal, over])]);
      stop.abort();
      return { reason, left: Math.max(1, most - (effects.now() - begun)) };
    },
  };
}

// --- internal ---

async function patience(
  milliseconds: number,
  { sleep }: Effects,
  stops: readonly (AbortSignal | undefined)[],
): Promise<string | undefined> {
  await sleep(milliseconds, AbortSignal.any(stops.filter((one) => one !== undefined))).catch(() => undefined);
  return `no complete answer within ${milliseconds / 1000} s`;
}
