import {
  DuckDBBlobValue,
  DuckDBTimestampMillisecondsValue,
  DuckDBTimestampNanosecondsValue,
  DuckDBTimestampSecondsValue,
  DuckDBTimestampTZValue,
  DuckDBTimestampValue,
  type DuckDBType,
  DuckDBTypeId,
  type DuckDBValue,
  JSDuckDBValueConverter,
} from '@duckdb/node-api';
import type { Connection } from './connection.ts';
import type { QueryColumn, QueryRow } from './query-stream.ts';
import { valueText } from './value-text.ts';

/** A row by column name, in values of the language. */
export type PlainRow = Readonly<Record<string, unknown>>;

/** Instants that a `Date` can hold, milliseconds from 1970 (https://tc39.es/ecma262/#sec-time-values-and-time-range). */
const DATE_RANGE = 8.64e15;

/**
 * Rows as they come, never all at once in memory. Integers are numbers, beyond 2^53 bigints; decimals, dates and times are
 * text; timestamps are `Date`s (those that no `Date` can hold, such as infinity, are text); json goes through `parseJson`.
 * Throws DestinationUnreadable where they end too early.
 */
export async function* streamPlainRows(
  connection: Connection,
  sql: string,
  parseJson: (text: string) => unknown,
): AsyncGenerator<PlainRow> {
  const result = await connection.driver.stream(sql);
  const names = result.columnNames();
  const columns = result.columnTypes().map((type, i) => ({ name: names[i] ?? '', type }));
  let given = 0;
  for await (const rows of result.yieldRows()) {
    given += rows.length;
    for (const values of rows) yield plainRow(columns, values, parseJson);
  }
  await connection.requireAllRows(given, sql);
}

/** One row, its values in the order of the columns. */
export function plainRow(
  columns: readonly QueryColumn[],
  values: QueryRow,
  parseJson: (text: string) => unknown,
): PlainRow {
  return Object.fromEntries(columns.map(({ name, type }, i) => [name, plainValue(values[i] ?? null, type, parseJson)]));
}

function plainValue(value: DuckDBValue, type: DuckDBType, parseJson: (text: string) => unknown): unknown {
  if (value === null) return null;
  switch (type.typeId) {
    case DuckDBTypeId.BIGINT:
    case DuckDBTypeId.UBIGINT:
    case DuckDBTypeId.HUGEINT:
    case DuckDBTypeId.UHUGEINT:
      return smallestInteger(BigInt(String(value)));
    case DuckDBTypeId.BLOB:
      return value instanceof DuckDBBlobValue ? Uint8Array.from(value.bytes) : value;
    case DuckDBTypeId.VARCHAR:
      return type.alias === 'JSON' ? parseJson(String(value)) : value;
    case DuckDBTypeId.DECIMAL:
    case DuckDBTypeId.DATE:
    case DuckDBTypeId.TIME:
    case DuckDBTypeId.TIME_NS:
    case DuckDBTypeId.TIME_TZ:
    case DuckDBTypeId.INTERVAL:
      return valueText(value);
    case DuckDBTypeId.TIMESTAMP:
    case DuckDBTypeId.TIMESTAMP_TZ:
    case DuckDBTypeId.TIMESTAMP_S:
    case DuckDBTypeId.TIMESTAMP_MS:
    case DuckDBTypeId.TIMESTAMP_NS:
      return dateOrText(value);
    default:
      return JSDuckDBValueConverter(value, type, JSDuckDBValueConverter);
  }
}

function smallestInteger(value: bigint): number | bigint {
  const number = Number(value);
  return Number.isSafeInteger(number) ? number : value;
}

function dateOrText(value: DuckDBValue): Date | string {
  const milliseconds = millisecondsOf(value);
  return Math.abs(milliseconds) <= DATE_RANGE ? new Date(milliseconds) : valueText(value);
}

/** Whole milliseconds since 1970, earlier ones rounded down too; NaN for what is no finite timestamp. */
function millisecondsOf(value: DuckDBValue): number {
  if (value instanceof DuckDBTimestampTZValue || value instanceof DuckDBTimestampValue) {
    return value.isFinite ? Math.floor(Number(value.micros) / 1e3) : Number.NaN;
  }
  if (value instanceof DuckDBTimestampMillisecondsValue) return value.isFinite ? Number(value.millis) : Number.NaN;
  if (value instanceof DuckDBTimestampSecondsValue) return value.isFinite ? Number(value.seconds) * 1e3 : Number.NaN;
  if (value instanceof DuckDBTimestampNanosecondsValue)
    return value.isFinite ? Number(value.nanos / 1_000_000n) : Number.NaN;
  return Number.NaN;
}
