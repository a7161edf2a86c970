import { isNothing, type Quota, quotasByHeader, quotasInOne } from './quotas.ts';
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

/** True for a reply that sends a request away because there are too many. */
export function isRefusal(reply: Reply): boolean {
  return reply.status === 429 || (reply.status === 503 && hasRetryAfter(reply));
}

/** Milliseconds until the server has something left to give, where the reply says that it was the last; else null. */
export function quotaReset({ headers }: Reply, now: number): number | null {
  const isUsedUp = remains.some((name) => isNothing(headers.get(name)));
  const waits = namedQuotas(headers, now).flatMap(({ isUsedUp, wait }) => (isUsedUp && wait !== null ? [wait] : []));
  const wait = isUsedUp ? saidReset(headers, now) : null;
  return wait === null && waits.length === 0 ? null : Math.max(wait ?? 0, ...waits);
}

// --- internal ---

const remains = ['ratelimit-remaining', 'x-ratelimit-remaining', 'x-rate-limit-remaining'];
/** A time, seconds until then, or seconds (GitHub) or milliseconds since 1970. */
const resets = [
  'x-rate-limit-reset-at-utc', // Segmind
  'ratelimit-reset',
  'x-ratelimit-reset',
  'x-rate-limit-reset',
  'x-ratelimit-reset-after', // Discord
];

/** The end of the year 9999: later ones are mistakes, and most have no date. */
const LAST_MOMENT = Date.UTC(9999, 11, 31, 23, 59, 59, 999);

function saidWait(status: number, headers: Headers, now: number): number | null {
  const said = headers.get('retry-after');
  if (said !== null) return delay(said, now);
  if (status !== 429) return null;
  return saidReset(headers, now) ?? namedReset(headers, now);
}

/** Of the quotas that are used up; without such a one, of the only quota that there is. */
function namedReset(headers: Headers, now: number): number | null {
  const quotas = namedQuotas(headers, now);
  const usedUp = quotas.filter(({ isUsedUp }) => isUsedUp);
  const meant = usedUp.length === 0 && quotas.length === 1 ? quotas : usedUp;
  const waits = meant.flatMap(({ wait }) => (wait === null ? [] : [wait]));
  return waits.length === 0 ? null : Math.max(...waits);
}

/** Those that have names, or share a header. */
function namedQuotas(headers: Headers, now: number): Quota[] {
  const resetOf = (text: string) => resetWait(text, now);
  return [...quotasByHeader(headers, resetOf), ...quotasInOne(headers.get('ratelimit'), resetOf)];
}

function saidReset(headers: Headers, now: number): number | null {
  const text = resets.map((name) => headers.get(name)).find((value) => value !== null);
  return text === undefined || text === null ? null : resetWait(text, now);
}

function resetWait(text: string, now: number): number | null {
  return /^\s*\d+(\.\d+)?\s*$/.test(text) ? secondsOrEpoch(Number(text), now) : delay(text, now);
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
  if (value < 1e9) return value * 1000;
  return Math.max(0, (value < 1e12 ? value * 1000 : value) - now);
}
