import { expect, it } from 'vitest';
import { waitingText } from '../../src/report/waiting.ts';

const NOW = Date.UTC(2026, 0, 15, 12);
const retry = { kind: 'retry', request: 'GET /models', after: '429', attempt: 2, attempts: 5 } as const;

it.each([
  [{ ...retry, wait: 4000 }, '429 for GET /models, asked again in 4 s (attempt 2 of 5)'],
  [
    { ...retry, wait: 90_000 },
    '429 for GET /models, asked again in 90 s, at 2026-01-15T12:01:30.000Z (attempt 2 of 5)',
  ],
  [{ kind: 'slow', request: 'GET /models', milliseconds: 5000 } as const, 'GET /models has taken 5 s so far'],
])('waitingText(%j)', (waiting, expected) => {
  expect(waitingText(waiting, NOW)).toBe(expected);
});
