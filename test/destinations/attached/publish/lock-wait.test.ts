import { describe, expect, it } from 'vitest';
import { waitForLock } from '../../../../src/destinations/attached/publish/lock-wait.ts';
import { realEffects } from '../../../../src/effects.ts';
import { PipelineError } from '../../../../src/errors.ts';

const locked = new PipelineError({ code: 'DestinationLocked', message: 'python3 (PID 7) has it.', hint: 'Close it.' });

/** Opens a file that is locked the first `times` times, with a clock that stands still. */
async function opening(times: number) {
  const told: string[] = [];
  const notes: string[] = [];
  const log = { warn: () => undefined, progress: (text: string) => told.push(text) };
  let left = times;
  const open = async () => {
    left -= 1;
    if (left >= 0) throw locked;
    return 'open';
  };
  const effects = { ...realEffects, sleep: async () => undefined, log };
  const result = await waitForLock({ wait: 10_000, effects, findings: { warn: (note) => notes.push(note) } }, open);
  return { result, told, notes };
}

describe('waiting for a lock', () => {
  it('is told once while it lasts, and noted afterwards with how long it took and who had it', async () => {
    expect(await opening(8)).toEqual({
      result: 'open',
      told: ['Waiting up to 10 s: python3 (PID 7) has it.'],
      notes: [expect.stringMatching(/^Waited \d(\.\d)? s: python3 \(PID 7\) has it\.$/)],
    });
  });

  it('that was free at once leaves no word', async () => {
    expect(await opening(0)).toEqual({ result: 'open', told: [], notes: [] });
  });
});
