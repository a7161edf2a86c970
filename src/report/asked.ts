import { count } from '../text/count.ts';
import { seconds } from '../text/duration.ts';
import { printable } from '../text/printable.ts';

interface Asked {
  /** `GET /models?page=2`, without secrets. */
  readonly request: string;
  readonly status: number;
  /** Attempts and the waits between them included. */
  readonly milliseconds: number;
}

/** As it happens: `GET /models → 200, 61 records, 0.2 s`. Without `records` for a reply that has none. */
export function askedText(
  { request, status, milliseconds }: Asked,
  records?: { readonly here: number; readonly soFar: number },
): string {
  const many = records === undefined ? [] : [recordsText(records)];
  return [`${printable(request, LONGEST)} → ${status}`, ...many, seconds(milliseconds)].join(', ');
}

/** Of several requests, when they are over, and what came of them: `52 requests, 50 records, 12 s`. */
export function askedInAll(requests: number, outcome: string, milliseconds: number): string {
  return [count(requests, 'request'), outcome, seconds(milliseconds)].join(', ');
}

// --- internal ---

/** Characters of a request. */
const LONGEST = 100;

function recordsText({ here, soFar }: { readonly here: number; readonly soFar: number }): string {
  return here === soFar ? count(here, 'record') : `${count(here, 'record')} (${soFar} so far)`;
}
