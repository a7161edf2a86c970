import { withoutStart } from '../text/ends.ts';
import { REQUESTS_TABLE } from './names.ts';
import { columnName } from './naming.ts';
import type { ColumnHint, ResourceHints } from './resource-hints.ts';

/** What `_elt_requests` has of every request, before the headers of its reply. */
const ofEveryRequest = {
  resource: { data_type: 'text', description: 'Resource that the request was for' },
  method: { data_type: 'text', description: 'GET, POST, …' },
  url: { data_type: 'text', description: 'Without secrets' },
  status: { data_type: 'bigint', description: 'HTTP status of the reply' },
  started_at: { data_type: 'timestamp', description: 'When it first went out' },
  duration_ms: { data_type: 'double', description: 'With all attempts and the waits between them' },
  attempts: { data_type: 'bigint', description: 'How often it was sent, the last time included' },
} as const satisfies Readonly<Record<string, ColumnHint>>;

/** One row of it. */
export type RequestRow = Readonly<Record<keyof typeof ofEveryRequest, string | number>> &
  Readonly<Record<string, unknown>>;

/** Amounts of money in headers have up to ten digits after the point. */
const AMOUNT = { data_type: 'decimal', precision: 38, scale: 12 } as const satisfies ColumnHint;

/** Columns of `_elt_requests` with what a request cost, and with what was left after it. */
export interface AmountColumns {
  readonly cost?: string;
  readonly balance?: string;
}

/** Of the headers that are said to hold them. */
export function amountColumns(headers: { readonly cost?: string; readonly balance?: string }): AmountColumns {
  const { cost, balance } = headers;
  return {
    ...(cost === undefined ? {} : { cost: columnName(requestKey(cost)) }),
    ...(balance === undefined ? {} : { balance: columnName(requestKey(balance)) }),
  };
}

/** The key of a header in a row, where `status` and others are taken, those of dlt among them. */
export function requestKey(header: string): string {
  const column = columnName(header);
  const isTaken = Object.hasOwn(ofEveryRequest, column) || column.startsWith('_dlt_');
  return isTaken ? `header_${withoutStart(header, '_')}` : header;
}

/** The table as if it were that of a resource: rows are only added, columns come as headers do. */
export function requestsTable({ cost, balance }: AmountColumns): ResourceHints {
  const amounts = {
    ...(cost === undefined ? {} : { [cost]: { ...AMOUNT, description: 'What the request cost' } }),
    ...(balance === undefined ? {} : { [balance]: { ...AMOUNT, description: 'What was left after it' } }),
  };
  return {
    name: REQUESTS_TABLE,
    table_name: REQUESTS_TABLE,
    description: 'Requests whose reply headers were captured',
    write_disposition: { disposition: 'append' },
    schema_contract: 'evolve',
    columns: { ...ofEveryRequest, ...amounts },
  };
}
