import { integerBits } from '../../../schema/duckdb-type.ts';
import type { ColumnSchema, DataType } from '../../../schema/table-schema.ts';

/** Bytes of the longest text: `varchar(max)`. */
export const LONGEST_TEXT = 65_535;

const typeNames: Readonly<Record<DataType, (column: ColumnSchema) => string>> = {
  text: ({ precision = LONGEST_TEXT }) => `character varying(${Math.min(precision, LONGEST_TEXT)})`,
  double: () => 'double precision',
  bool: () => 'boolean',
  bigint: ({ precision }) => integerTypes[integerBits(precision)],
  timestamp: ({ timezone }) => `timestamp ${timezone === false ? 'without' : 'with'} time zone`,
  date: () => 'date',
  time: () => 'time without time zone',
  decimal: ({ precision = 38, scale = 9 }) => `numeric(${precision},${scale})`,
  wei: ({ precision = 38, scale = 0 }) => `numeric(${precision},${scale})`,
  binary: () => 'varbyte(1024000)',
  json: () => 'super',
};

const integerTypes = { 8: 'smallint', 16: 'smallint', 32: 'integer', 64: 'bigint', 128: 'numeric(38,0)' } as const;

/** As dlt makes it. */
export function redshiftType(column: ColumnSchema): string {
  return typeNames[column.data_type ?? 'text'](column);
}

/** By what the catalogue prints, without sizes. */
const duckdbTypes: Readonly<Record<string, string>> = {
  'character varying': 'VARCHAR',
  character: 'VARCHAR',
  text: 'VARCHAR',
  super: 'JSON',
  'double precision': 'DOUBLE',
  real: 'FLOAT',
  boolean: 'BOOLEAN',
  smallint: 'SMALLINT',
  integer: 'INTEGER',
  bigint: 'BIGINT',
  date: 'DATE',
  'time without time zone': 'TIME',
  'binary varying': 'BLOB',
  varbyte: 'BLOB',
  'timestamp without time zone': 'TIMESTAMP',
  'timestamp with time zone': 'TIMESTAMP WITH TIME ZONE',
};

/** Undefined for what DuckDB has no type for: `geometry`, `hllsketch`. */
export function duckdbTypeOfRedshift(native: string): string | undefined {
  const [, digits = '', scale = ''] = /^numeric\((\d+),(\d+)\)$/.exec(native) ?? [];
  return digits === '' ? duckdbTypes[native.replace(/\(\d+\)/, '')] : `DECIMAL(${digits},${scale})`;
}
