import { aligned } from '../text/aligned.ts';
import { bytesText } from '../text/bytes.ts';
import { count } from '../text/count.ts';
import { seconds } from '../text/duration.ts';
import { printable } from '../text/printable.ts';

/** Public as `requests --format json`: keys are only ever added; times are ISO 8601, UTC. */
export interface RequestListing {
  readonly pipeline: string;
  readonly since: string | null;
  /** As many as were asked for. */
  readonly requests: readonly LedgerRequest[];
  /** Of all that are meant, by resource and status. */
  readonly totals: readonly RequestTotal[];
}

/** As the ledger has it. */
export interface LedgerRequest {
  /** Of the run. ISO 8601, UTC. */
  readonly runStartedAt: string;
  readonly loadId: string | null;
  readonly resource: string;
  readonly method: string;
  readonly url: string;
  /** null: nobody answered. */
  readonly status: number | null;
  readonly attempts: number;
  /** With all attempts and the waits between them. */
  readonly milliseconds: number;
  readonly bytes: number;
}

/** Of one resource and status. */
export interface RequestTotal {
  readonly resource: string;
  readonly status: number | null;
  readonly requests: number;
  readonly attempts: number;
  readonly milliseconds: number;
  readonly slowestMilliseconds: number;
  readonly bytes: number;
}

/** For people: the requests, then the totals. */
export function requestsText({ requests, totals }: RequestListing): string {
  const all = totals.reduce((sum, total) => sum + total.requests, 0);
  if (all === 0) return 'No requests.';
  const lines = requests.map((one) => [
    one.runStartedAt,
    one.resource,
    statusText(one.status),
    seconds(one.milliseconds),
    one.attempts > 1 ? count(one.attempts, 'attempt') : '',
    bytesText(one.bytes),
    printable(`${one.method} ${one.url}`, LONGEST),
  ]);
  const sums = totals.map((one) => [
    one.resource,
    statusText(one.status),
    count(one.requests, 'request'),
    count(one.attempts, 'attempt'),
    `${seconds(one.milliseconds / one.requests)} each`,
    `${seconds(one.slowestMilliseconds)} the slowest`,
    bytesText(one.bytes),
  ]);
  return [
    requests.length < all ? `${requests.length} of ${count(all, 'request')}:` : `${count(all, 'request')}:`,
    ...aligned(lines, ['left', 'left', 'left', 'right', 'left', 'right', 'left']),
    '',
    'By resource and status:',
    ...aligned(sums, ['left', 'left', 'right', 'right', 'right', 'right', 'right']),
  ].join('\n');
}

// --- internal ---

const LONGEST = 120;

function statusText(status: number | null): string {
  return status === null ? 'no answer' : String(status);
}
