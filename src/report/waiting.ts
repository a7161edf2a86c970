import { seconds } from '../text/duration.ts';
import { isoTime } from '../text/iso-time.ts';
import { printable } from '../text/printable.ts';
import type { ResourceTrace } from '../trace.ts';

/** Why nothing comes for a while. */
interface Retry {
  readonly kind: 'retry';
  readonly request: string;
  readonly after: string;
  /** Milliseconds. */
  readonly wait: number;
  readonly attempt: number;
  readonly attempts: number;
}

interface SlowReply {
  readonly kind: 'slow';
  readonly request: string;
  readonly milliseconds: number;
}

interface Pause {
  readonly kind: 'pause';
  readonly request: string;
  readonly host: string;
  readonly milliseconds: number;
}

interface Poll {
  readonly kind: 'poll';
  readonly open: number;
  readonly of: number;
  readonly until: string;
}

/** From here on a person would like to know until when. */
const LONG_WAIT = 10_000;
/** Characters of a condition. */
const LONGEST = 80;
/** Milliseconds from which on the report names the slowest request of a resource. */
const SLOW_REQUEST = 5000;

/** While it happens: `429 for GET /models, asked again in 4 s (attempt 2 of 5)`. */
export function waitingText(waiting: Retry | SlowReply | Pause | Poll, now: number): string {
  if (waiting.kind === 'slow') return `${waiting.request} has taken ${seconds(waiting.milliseconds)} so far`;
  if (waiting.kind === 'poll') {
    const { open, of, until } = waiting;
    return `waiting ${of === 1 ? '' : `for ${open} of ${of} `}until ${printable(until, LONGEST)}`;
  }
  if (waiting.kind === 'pause') {
    const { host, request, milliseconds } = waiting;
    return `${host} has no requests left, ${request} is sent in ${seconds(milliseconds)}${at(milliseconds, now)}`;
  }
  const { request, after, wait, attempt, attempts } = waiting;
  const until = at(wait, now);
  return `${after} for ${request}, asked again in ${seconds(wait)}${until} (attempt ${attempt} of ${attempts})`;
}

function at(wait: number, now: number): string {
  return wait < LONG_WAIT ? '' : `, at ${isoTime(now + wait)}`;
}

/** Afterwards: `2 retries after 429, waited 4 s`. */
export function waitedTexts({ retries, slowestRequest }: Pick<ResourceTrace, 'retries' | 'slowestRequest'>): string[] {
  const texts = retries.map(
    ({ after, times, waitedMilliseconds }) =>
      `${times === 1 ? '1 retry' : `${times} retries`} after ${after}, waited ${seconds(waitedMilliseconds)}`,
  );
  if (slowestRequest === null || slowestRequest.milliseconds < SLOW_REQUEST) return texts;
  return [...texts, `the slowest request took ${seconds(slowestRequest.milliseconds)}: ${slowestRequest.request}`];
}
