import { expect, it } from 'vitest';
import { ago, seconds } from '../../src/text/duration.ts';

it.each([
  [10, '0.01 s'],
  [750, '0.75 s'],
  [4000, '4 s'],
  [4460, '4.5 s'],
  [90_400, '90 s'],
])('seconds(%i) is %s', (milliseconds, text) => {
  expect(seconds(milliseconds)).toBe(text);
});

it.each([
  [59_999, 'just now'],
  [60_000, '1 minute ago'],
  [7_200_000, '2 hours ago'],
  [3.9 * 86_400_000, '3 days ago'],
])('ago(%i) is %s', (milliseconds, text) => {
  expect(ago(milliseconds)).toBe(text);
});
