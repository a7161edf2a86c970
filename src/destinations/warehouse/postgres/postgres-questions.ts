import { quotedIdentifier } from '../../../duckdb/quote.ts';
import type { AskingSql } from '../../../expectations/asked-dataset.ts';
import { fragment } from '../../../load/staging/sql-fragment.ts';

/** Of a text that begins as an instant or a date does; one that is none all the same, such as the 31st of February, is an error. */
const INSTANT = '^\\s*\\d{4}-\\d\\d-\\d\\d([ T]\\d\\d:\\d\\d(:\\d\\d([.]\\d+)?)?\\s*(Z|[+-]\\d\\d(:?\\d\\d)?)?)?\\s*$';

/** The built-in expectations in the words of PostgreSQL. Patterns are its own: https://www.postgresql.org/docs/current/functions-matching.html */
export const postgresQuestions: AskingSql = {
  identifier: quotedIdentifier,
  isOneOf: (column, { type, native = type }, values) => {
    // A cast to `varchar(3)` would cut the value.
    const as = /^char/.test(native) ? 'text' : native;
    return values.length === 0
      ? fragment('false')
      : fragment(`${column} in (${values.map(() => `cast(cast(? as text) as ${as})`).join(', ')})`, ...values);
  },
  matches: (column, pattern) => fragment(`${column}::text ~ ?`, pattern),
  instant: (column, { type }) =>
    type === 'VARCHAR'
      ? `case when ${column} ~ '${INSTANT}' then ${column}::timestamptz end`
      : `${column}::timestamptz`,
  loadInstant: (column) =>
    `case when ${column} ~ '^[0-9]+([.][0-9]+)?$' then to_timestamp(${column}::double precision) end`,
  milliseconds: (instant) => `floor(extract(epoch from ${instant}) * 1000)::bigint`,
};
