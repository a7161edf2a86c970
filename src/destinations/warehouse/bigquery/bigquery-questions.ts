import type { AskingSql } from '../../../expectations/asked-dataset.ts';
import { fragment } from '../../../load/staging/sql-fragment.ts';
import { bigqueryIdentifier } from './bigquery-names.ts';

/** The built-in expectations in the words of BigQuery. Patterns are those of RE2: https://github.com/google/re2/wiki/Syntax */
export const bigqueryQuestions: AskingSql = {
  identifier: bigqueryIdentifier,
  isOneOf: (column, { type, native = type }, values) => {
    // A cast to `STRING(3)` would refuse a longer value.
    const as = native.replace(/\(.*/, '');
    return values.length === 0
      ? fragment('false')
      : fragment(`${column} in (${values.map(() => `cast(? as ${as})`).join(', ')})`, ...values);
  },
  matches: (column, pattern) => fragment(`regexp_contains(cast(${column} as string), ?)`, pattern),
  instant: (column) => `safe_cast(${column} as timestamp)`,
  loadInstant: (column) => `timestamp_micros(cast(safe_cast(${column} as float64) * 1000000 as int64))`,
  milliseconds: (instant) => `unix_millis(${instant})`,
};
