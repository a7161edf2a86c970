import type { AskingSql } from '../../../expectations/asked-dataset.ts';
import { fragment } from '../../../load/staging/sql-fragment.ts';
import { snowflakeIdentifier } from './snowflake-names.ts';

/** The built-in expectations in the words of Snowflake. Patterns are its own: https://docs.snowflake.com/en/sql-reference/functions-regexp */
export const snowflakeQuestions: AskingSql = {
  identifier: snowflakeIdentifier,
  isOneOf: (column, { type, native = type }, values) => {
    const value = type === 'JSON' ? 'parse_json(?)' : `cast(cast(? as varchar) as ${native})`;
    return values.length === 0
      ? fragment('false')
      : fragment(`${column} in (${values.map(() => value).join(', ')})`, ...values);
  },
  // The whole text has to match.
  matches: (column, pattern) => fragment(`regexp_like(cast(${column} as varchar), '.*(' || ? || ').*', 's')`, pattern),
  instant: (column, { type }) =>
    type === 'VARCHAR' ? `try_cast(${column} as timestamp_tz)` : `cast(${column} as timestamp_tz)`,
  loadInstant: (column) =>
    `dateadd(second, try_to_number(split_part(${column}, '.', 1)), cast('1970-01-01T00:00:00Z' as timestamp_tz))`,
  milliseconds: (instant) => `date_part(epoch_millisecond, ${instant})`,
};
