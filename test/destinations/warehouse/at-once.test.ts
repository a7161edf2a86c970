import { expect, test } from 'vitest';
import { allAtOnce } from '../../../src/destinations/warehouse/at-once.ts';

const turn = () => new Promise((resolve) => setImmediate(resolve));

test.each([
  [undefined, 1],
  [3, 3],
  [99, 8],
])('with %j at a time, the most that are under way are %i', async (most, expected) => {
  const done: number[] = [];
  let [running, highest] = [0, 0];
  const pieces = Array.from({ length: 8 }, (_, index) => async () => {
    running += 1;
    highest = Math.max(highest, running);
    await turn();
    running -= 1;
    done.push(index);
  });
  await allAtOnce(pieces, most);
  expect({ highest, done }).toEqual({ highest: expected, done: [0, 1, 2, 3, 4, 5, 6, 7] });
});

test('one that fails keeps the rest from being begun, and is told when the others have ended', async () => {
  const begun: string[] = [];
  const ended: string[] = [];
  const piece =
    (name: string, fails = false) =>
    async () => {
      begun.push(name);
      await turn();
      if (fails) throw new Error(name);
      await turn();
      ended.push(name);
    };
  await expect(allAtOnce([piece('bad', true), piece('beside'), piece('late')], 2)).rejects.toThrow('bad');
  expect({ begun, ended }).toEqual({ begun: ['bad', 'beside'], ended: ['beside'] });
});
