import { foreignText } from '../../../duckdb/foreign-values.ts';
import type { QueryValue } from '../../../duckdb/query-stream.ts';
import type { Fragment } from '../../../load/staging/sql-fragment.ts';
import { numbered } from '../numbered-values.ts';

/** Names are lower case, as the catalog stores those of schemas and tables. */
export function databricksIdentifier(name: string): string {
  return `\`${name.toLowerCase().replaceAll('`', '``')}\``;
}

/** A text in SQL: a backslash begins an escape, and two quotes would begin another text. */
export function databricksLiteral(text: string): string {
  return `'${text.replaceAll('\\', '\\\\').replaceAll("'", "\\'").replaceAll('\0', '\\u0000')}'`;
}

/** With its values as literals: the one place where they get into SQL, since not every server takes parameters. */
export function withValues({ sql, values }: Fragment): string {
  return values.length === 0 ? sql : numbered(sql, (place) => literalOf(values[place - 1] ?? null));
}

// --- internal ---

function literalOf(value: QueryValue): string {
  if (typeof value === 'boolean' || typeof value === 'bigint') return String(value);
  if (typeof value === 'number' && Number.isFinite(value)) return Number.isInteger(value) ? String(value) : `${value}D`;
  const text = foreignText(value);
  return text === null ? 'null' : databricksLiteral(text);
}
