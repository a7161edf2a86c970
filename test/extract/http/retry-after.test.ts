import { describe, expect, it } from 'vitest';
import { retryAfter } from '../../../src/extract/http/retry-after.ts';
import { NOW } from '../collect.ts';

function waitFor(status: number, headers: Record<string, string>): number | null {
  return retryAfter({ status, headers: new Headers(headers), body: Buffer.alloc(0) }, NOW);
}

describe('retryAfter', () => {
  it.each<[string, number | null]>([
    ['120', 120_000],
    ['0', 0],
    ['1.5', 1500],
    ['Thu, 15 Jan 2026 12:00:30 GMT', 30_000],
    ['Thursday, 15-Jan-26 12:00:30 GMT', 30_000],
    ['Thu Jan 15 12:00:30 2026', 30_000],
    ['Thu, 15 Jan 2026 11:00:00 GMT', 0],
    ['2026-01-15T12:00:30Z', 30_000],
    ['-5', null],
    ['soon', null],
    ['120, 120', null],
    ['', null],
  ])('of Retry-After %j is %s', (text, expected) => {
    expect(waitFor(503, { 'retry-after': text })).toBe(expected);
  });

  it('takes the reset headers of a 429 only where there is no Retry-After', () => {
    expect(waitFor(429, { 'retry-after': '1', 'ratelimit-reset': '9' })).toBe(1000);
    expect(waitFor(429, { 'ratelimit-reset': '9' })).toBe(9000);
    expect(waitFor(429, { 'x-ratelimit-reset': String(NOW / 1000 + 7) })).toBe(7000);
    expect(waitFor(429, { 'x-rate-limit-reset-at-utc': '2026-01-15T12:00:05' })).toBe(5000);
    expect(waitFor(429, { 'x-ratelimit-reset': 'tomorrow' })).toBeNull();
    expect(waitFor(503, { 'ratelimit-reset': '9' })).toBeNull();
  });

  it.each<[string, Record<string, string>, number | null]>([
    [
      'the one that is used up',
      { 'credits-remaining': '0', 'credits-reset': '9', 'requests-remaining': '5', 'requests-reset': '99' },
      9000,
    ],
    [
      'the longest of those',
      { 'credits-remaining': '0', 'credits-reset': '9', 'requests-remaining': '0', 'requests-reset': '99' },
      99_000,
    ],
    ['the only one, of which too little is left', { 'credits-remaining': '5', 'credits-reset': '9' }, 9000],
    [
      'none, where nobody can tell which',
      { 'credits-remaining': '5', 'credits-reset': '9', 'requests-remaining': '5', 'requests-reset': '99' },
      null,
    ],
  ])('takes of quotas that have names the reset of %s', (_, quotas, expected) => {
    const headers = Object.fromEntries(Object.entries(quotas).map(([name, value]) => [`X-RateLimit-${name}`, value]));
    expect(waitFor(429, headers)).toBe(expected);
    expect(waitFor(503, headers)).toBeNull();
  });
});
