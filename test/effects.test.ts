import { expect, test } from 'vitest';
import { silently } from '../src/effects.ts';

test('a library warns of nothing until all that it was asked for is done, and then warns again', async () => {
  const { emitWarning } = process;
  const warned: unknown[] = [];
  process.emitWarning = (warning: unknown) => void warned.push(warning);
  try {
    let endFirst = () => {};
    let failSecond = () => {};
    const both = [
      silently(() => new Promise<void>((resolve) => (endFirst = resolve))),
      silently(() => new Promise<void>((_, reject) => (failSecond = reject))),
    ];
    process.emitWarning('while both go on');
    endFirst();
    await both[0];
    process.emitWarning('while one goes on');
    failSecond();
    await Promise.allSettled(both);
    expect(silently(() => 3)).toBe(3);
    process.emitWarning('afterwards');
    expect(warned).toEqual(['afterwards']);
  } finally {
    process.emitWarning = emitWarning;
  }
});
