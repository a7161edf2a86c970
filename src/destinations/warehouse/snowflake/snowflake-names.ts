import { quotedIdentifier } from '../../../duckdb/quote.ts';

/** Names are upper case, as dlt makes them and as Snowflake reads those that are not quoted. */
export function snowflakeIdentifier(name: string): string {
  return quotedIdentifier(name.toUpperCase());
}

/** A text in SQL. A backslash begins an escape. */
export function snowflakeLiteral(text: string): string {
  return `'${text.replaceAll('\\', '\\\\').replaceAll("'", "''")}'`;
}
