import { expect, it } from 'vitest';
import { PipelineError } from '../../src/errors.ts';
import { asInterruption } from '../../src/extract/interruption.ts';

it('makes an interruption of the reason that an aborted signal was given, and of nothing else', () => {
  const signal = AbortSignal.abort();
  expect(asInterruption(signal.reason, signal)).toMatchObject({ code: 'Interrupted', exitCode: 130 });
  const terminated = new PipelineError({ code: 'Terminated', message: 'no', hint: 'no' });
  expect(asInterruption(terminated, AbortSignal.abort(terminated))).toBe(terminated);
  const other = new Error('other');
  expect(asInterruption(other, signal)).toBe(other);
  expect(asInterruption(other, new AbortController().signal)).toBe(other);
  expect(asInterruption(other, undefined)).toBe(other);
});
