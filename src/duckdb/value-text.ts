import {
  DuckDBDateValue,
  DuckDBTimestampMillisecondsValue,
  DuckDBTimestampNanosecondsValue,
  DuckDBTimestampSecondsValue,
  DuckDBTimestampTZValue,
  DuckDBTimestampValue,
  type DuckDBValue,
} from '@duckdb/node-api';

/** A value as DuckDB writes it. The driver writes `infinity` of some types as the day that its number would be. */
export function valueText(value: DuckDBValue): string {
  if (isDay(value) && !value.isFinite) return amount(value) > 0 ? 'infinity' : '-infinity';
  return String(value);
}

// --- internal ---

type Day =
  | DuckDBDateValue
  | DuckDBTimestampMillisecondsValue
  | DuckDBTimestampNanosecondsValue
  | DuckDBTimestampSecondsValue
  | DuckDBTimestampTZValue
  | DuckDBTimestampValue;

function isDay(value: DuckDBValue): value is Day {
  return (
    value instanceof DuckDBDateValue ||
    value instanceof DuckDBTimestampTZValue ||
    value instanceof DuckDBTimestampValue ||
    value instanceof DuckDBTimestampSecondsValue ||
    value instanceof DuckDBTimestampMillisecondsValue ||
    value instanceof DuckDBTimestampNanosecondsValue
  );
}

function amount(value: Day): number | bigint {
  if (value instanceof DuckDBDateValue) return value.days;
  if (value instanceof DuckDBTimestampSecondsValue) return value.seconds;
  if (value instanceof DuckDBTimestampMillisecondsValue) return value.millis;
  if (value instanceof DuckDBTimestampNanosecondsValue) return value.nanos;
  return value.micros;
}
