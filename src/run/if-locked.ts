import { givenDuration } from '../config/given-duration.ts';
import { duration } from '../config/grammar/units.ts';
import type { Effects } from '../effects.ts';
import { asPipelineError, PipelineError } from '../errors.ts';
import { seconds } from '../text/duration.ts';

/** What becomes of a run while another one holds the lock: `fail`, `skip`, or `wait=30s`. */
export type IfLocked = 'fail' | 'skip' | `wait=${string}`;

const POLL = 250;

/** Milliseconds to wait for the other run. Throws UsageInvalid. */
export function lockWait(ifLocked: string = 'fail'): number {
  const [, wait] = /^wait=(.*)$/.exec(ifLocked) ?? [];
  if (wait !== undefined) return givenDuration('--if-locked wait', wait, duration);
  if (ifLocked === 'fail' || ifLocked === 'skip') return 0;
  throw new PipelineError({
    code: 'UsageInvalid',
    message: `\`--if-locked\` got \`${ifLocked}\`: expected \`fail\`, \`skip\` or \`wait=30s\`.`,
    hint: '`fail` ends with 75, `skip` with 0, `wait=30s` waits so long for the other run.',
    facts: { ifLocked },
  });
}

/** Opens what another run may hold, again until it is free or the time is up. Throws RunLocked; the signal's reason where it is aborted. */
export async function whenUnlocked<T>(
  open: () => Promise<T>,
  wait: number,
  { effects, signal }: { readonly effects: Effects; readonly signal: AbortSignal | undefined },
): Promise<T> {
  const until = effects.now() + wait;
  for (let isFirst = true; ; isFirst = false) {
    try {
      return await open();
    } catch (thrown) {
      const left = until - effects.now();
      const { code, message } = asPipelineError(thrown);
      if (code !== 'RunLocked' || left <= 0) throw thrown;
      if (isFirst) effects.log.announce?.(`${message} Waiting for it, ${seconds(left)} at most.`);
      await effects.sleep(Math.min(POLL, left), signal);
    }
  }
}
