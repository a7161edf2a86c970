import { integerBits } from '../../../schema/duckdb-type.ts';
import type { ColumnSchema, DataType } from '../../../schema/table-schema.ts';

/** PostgreSQL keeps microseconds. */
const MOST_FRACTION = 6;
/** dlt's `wei` on PostgreSQL. */
const WEI = 'numeric(156,78)';
/** An integer of 128 bits. */
const HUGE = 'numeric(39,0)';

const typeNames: Readonly<Record<DataType, (column: ColumnSchema) => string>> = {
  text: ({ precision }) => (precision === undefined ? 'character varying' : `character varying(${precision})`),
  double: () => 'double precision',
  bool: () => 'boolean',
  bigint: ({ precision }) => integerTypes[integerBits(precision)],
  timestamp: ({ timezone, precision }) =>
    `timestamp${fraction(precision)} ${timezone === false ? 'without' : 'with'} time zone`,
  date: () => 'date',
  time: ({ precision }) => `time${fraction(precision)} without time zone`,
  decimal: ({ precision = 38, scale = 9 }) => `numeric(${precision},${scale})`,
  wei: ({ precision, scale = 0 }) => (precision === undefined ? WEI : `numeric(${precision},${scale})`),
  binary: () => 'bytea',
  json: () => 'jsonb',
};

const integerTypes = { 8: 'smallint', 16: 'smallint', 32: 'integer', 64: 'bigint', 128: HUGE } as const;

/** As dlt makes it; integers beyond 64 bits, which dlt refuses, are numeric. */
export function postgresType(column: ColumnSchema): string {
  return typeNames[column.data_type ?? 'text'](column);
}

/** By what `format_type` prints, without sizes. */
const duckdbTypes: Readonly<Record<string, string>> = {
  'character varying': 'VARCHAR',
  text: 'VARCHAR',
  character: 'VARCHAR',
  jsonb: 'JSON',
  json: 'JSON',
  'double precision': 'DOUBLE',
  real: 'FLOAT',
  boolean: 'BOOLEAN',
  smallint: 'SMALLINT',
  integer: 'INTEGER',
  bigint: 'BIGINT',
  date: 'DATE',
  'time without time zone': 'TIME',
  bytea: 'BLOB',
  uuid: 'UUID',
  'timestamp with time zone': 'TIMESTAMP WITH TIME ZONE',
};

/** Undefined for what DuckDB has no type for: `inet`, `text[]`, `numeric` without digits. */
export function duckdbTypeOfPostgres(native: string): string | undefined {
  if (native === WEI) return 'DECIMAL(38,0)';
  if (native === HUGE) return 'HUGEINT';
  const [, digits = '', scale = ''] = /^numeric\((\d+),(\d+)\)$/.exec(native) ?? [];
  if (digits !== '') return Number(digits) <= 38 ? `DECIMAL(${digits},${scale})` : undefined;
  const [, size = ''] = /\((\d+)\)/.exec(native) ?? [];
  const bare = native.replace(/\(\d+\)/, '');
  if (bare === 'timestamp without time zone') return localTimestamps[size] ?? 'TIMESTAMP';
  return duckdbTypes[bare];
}

const localTimestamps: Readonly<Record<string, string>> = { 0: 'TIMESTAMP_S', 3: 'TIMESTAMP_MS' };

function fraction(precision: number | undefined): string {
  return precision === undefined ? '' : `(${Math.min(precision, MOST_FRACTION)})`;
}
