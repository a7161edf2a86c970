import { setImmediate } from 'node:timers/promises';
import type { Effects } from '../effects.ts';

/** The same, but nobody waits: the clock is put forward instead. For what does not depend on others' time. */
export function hurried(effects: Effects): Effects {
  let ahead = 0;
  return {
    ...effects,
    now: () => effects.now() + ahead,
    sleep: async (milliseconds, signal) => {
      await setImmediate();
      signal?.throwIfAborted();
      ahead += milliseconds;
    },
  };
}
