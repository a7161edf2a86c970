import { quotedIdentifier } from '../../../duckdb/quote.ts';
import type { AskingSql } from '../../../expectations/asked-dataset.ts';
import { fragment } from '../../../load/staging/sql-fragment.ts';

const DIGITS = '[0-9][0-9]';
/** Of a text that begins as an instant or a date does; one that is none all the same, such as the 31st of February, is an error. */
const INSTANT = `^ *${DIGITS}${DIGITS}-${DIGITS}-${DIGITS}([ T]${DIGITS}:${DIGITS}(:${DIGITS}([.][0-9]+)?)? *(Z|[+-]${DIGITS}(:?${DIGITS})?)?)? *$`;

/** The built-in expectations in the words of Redshift. Patterns are POSIX, as far as it has them. */
export const redshiftQuestions: AskingSql = {
  identifier: (name) => quotedIdentifier(name.toLowerCase()),
  isOneOf: (column, { native = 'character varying' }, values) => {
    if (values.length === 0) return fragment('false');
    const texts = values.map(() => 'cast(? as varchar)');
    if (native === 'super') return fragment(`json_serialize(${column}) in (${texts.join(', ')})`, ...values);
    // A cast to `varchar(3)` would cut the value.
    const as = native.startsWith('char') ? 'varchar' : native;
    return fragment(`${column} in (${texts.map((text) => `cast(${text} as ${as})`).join(', ')})`, ...values);
  },
  matches: (column, pattern) => fragment(`${column}::varchar ~ ?`, pattern),
  instant: (column, { type }) =>
    type === 'VARCHAR'
      ? `case when ${column} ~ '${INSTANT}' then ${column}::timestamptz end`
      : `${column}::timestamptz`,
  loadInstant: (column) =>
    `case when ${column} ~ '^[0-9]+([.][0-9]+)?$' then (timestamp 'epoch' + ${column}::double precision * interval '1 second')::timestamptz end`,
  milliseconds: (instant) => `floor(extract(epoch from ${instant}))::bigint * 1000`, // it counts whole seconds
};
