import type { Reply } from './transport.ts';

/**
 * Milliseconds until the server wants to be asked again, or null if it does not say. `Retry-After` holds seconds or an
 * HTTP date (RFC 9110, 10.2.3); on 429 also the reset headers that leave no doubt.
 */
export function retryAfter({ status, headers }: Reply, now: number): number | null {
  const wait = saidWait(status, headers, now);
  return wait === null ? null : Math.min(wait, LAST_MOMENT - now);
}

/** True if the reply itself says when to come back: then nothing was executed. */
export function hasRetryAfter({ headers }: Reply): boolean {
  return headers.has('retry-after');
}

// --- internal ---

/** The end of the year 9999: later ones are mistakes, and most have no date. */
const LAST_MOMENT = Date.UTC(9999, 11, 31, 23, 59, 59, 999);

function saidWait(status: number, headers: Headers, now: number): number | null {
  const said = headers.get('retry-after');
  if (said !== null) return delay(said, now);
  if (status !== 429) return null;
  // Segmind gives a time; the others seconds, or seconds since 1970 (GitHub).
  const time = headers.get('x-rate-limit-reset-at-utc');
  if (time !== null) return delay(time, now);
  const reset = headers.get('ratelimit-reset') ?? headers.get('x-ratelimit-reset');
  return reset !== null && /^\d+$/.test(reset) ? secondsOrEpoch(Number(reset), now) : null;
}

const httpDate = /^[A-Za-z]{3,9},? |^\d{4}-\d\d-\d\dT/;

function delay(text: string, now: number): number | null {
  const trimmed = text.trim();
  if (/^\d+(\.\d+)?$/.test(trimmed)) return Number(trimmed) * 1000;
  if (!httpDate.test(trimmed)) return null;
  // The oldest form of an HTTP date has no zone; it is UTC as well.
  const hasZone = /(Z|[A-Z]{3}|[+-]\d\d:?\d\d)$/.test(trimmed);
  const time = Date.parse(hasZone ? trimmed : `${trimmed}Z`);
  return Number.isNaN(time) ? null : Math.max(0, time - now);
}

function secondsOrEpoch(value: number, now: number): number {
  return value > 1e9 ? Math.max(0, value * 1000 - now) : value * 1000;
}
