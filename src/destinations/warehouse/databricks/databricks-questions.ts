import type { AskingSql } from '../../../expectations/asked-dataset.ts';
import { fragment } from '../../../load/staging/sql-fragment.ts';
import { databricksIdentifier } from './databricks-names.ts';

/** The built-in expectations in the words of Databricks. Patterns are those of Java. */
export const databricksQuestions: AskingSql = {
  identifier: databricksIdentifier,
  isOneOf: (column, { type, native = type }, values) =>
    values.length === 0
      ? fragment('false')
      : fragment(`${column} in (${values.map(() => `cast(? as ${native})`).join(', ')})`, ...values),
  matches: (column, pattern) => fragment(`regexp_like(cast(${column} as string), ?)`, pattern),
  instant: (column) => `try_cast(${column} as timestamp)`,
  loadInstant: (column) => `timestamp_millis(cast(try_cast(${column} as double) * 1000 as bigint))`,
  milliseconds: (instant) => `unix_millis(${instant})`,
};
