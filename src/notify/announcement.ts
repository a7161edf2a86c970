import type { Effects } from '../effects.ts';
import { type Post, post } from './post.ts';

/** A message that a run begins, on its way. */
export interface Announcement {
  /**
   * Waits until it has arrived, for half of `limit` (milliseconds) at most: what tells of the end must not come before it.
   *
   * @returns why it did not arrive, and how many milliseconds of the limit are left
   */
  settle(limit: number): Promise<{ readonly reason: string | undefined; readonly left: number }>;
}

/** Sends it, and waits for nobody. */
export function announce(message: Post, effects: Effects): Announcement {
  const stop = new AbortController();
  const arrived = post({ ...message, signal: stop.signal }, effects);
  return {
    settle: async (limit) => {
      const begun = effects.now();
      const reason = await Promise.race([arrived, patience(limit / 2, effects, stop)]);
      stop.abort();
      return { reason, left: Math.max(1, limit - (effects.now() - begun)) };
    },
  };
}

// --- internal ---

async function patience(milliseconds: number, { sleep }: Effects, stop: AbortController): Promise<string | undefined> {
  await sleep(milliseconds, stop.signal).catch(() => undefined);
  return `no complete answer within ${milliseconds / 1000} s`;
}
