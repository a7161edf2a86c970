import type { Row } from '../duckdb/connection.ts';
import { valueText } from '../duckdb/value-text.ts';
import type { ShownRow } from '../trace.ts';

/** More than a report shows, so that no secret is cut in two before it is masked. */
const MOST_CHARACTERS = 2000;

/** A row for a person to recognise; of long values the beginning. */
export function shownRow(row: Row): ShownRow {
  return Object.fromEntries(
    Object.entries(row).map(([column, value]) => {
      if (value === null || typeof value === 'boolean' || typeof value === 'number') return [column, value];
      const isExact = typeof value === 'bigint' && Number.isSafeInteger(Number(value));
      return [column, isExact ? Number(value) : valueText(value).slice(0, MOST_CHARACTERS)];
    }),
  );
}
