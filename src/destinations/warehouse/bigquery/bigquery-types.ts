import type { ColumnSchema, DataType } from '../../../schema/table-schema.ts';

/** 38 digits before the point and as many behind it: dlt's `wei`, and integers of 128 bits. */
const WIDE = 'BIGNUMERIC';
/** Digits of a NUMERIC: before the point, and behind it. */
const NUMERIC = { whole: 29, scale: 9 };

const typeNames: Readonly<Record<DataType, (column: ColumnSchema) => string>> = {
  text: ({ precision }) => (precision === undefined ? 'STRING' : `STRING(${precision})`),
  double: () => 'FLOAT64',
  bool: () => 'BOOL',
  bigint: ({ precision = 64 }) => (precision > 64 ? WIDE : 'INT64'),
  timestamp: () => 'TIMESTAMP',
  date: () => 'DATE',
  time: () => 'TIME',
  decimal: ({ precision = 38, scale = 9 }) => numeric(precision, scale),
  wei: ({ precision, scale = 0 }) => (precision === undefined ? WIDE : numeric(precision, scale)),
  binary: () => 'BYTES',
  json: () => 'JSON',
};

/** As dlt makes it: every timestamp is an instant. */
export function bigqueryType(column: ColumnSchema): string {
  return typeNames[column.data_type ?? 'text'](column);
}

const duckdbTypes: Readonly<Record<string, string>> = {
  STRING: 'VARCHAR',
  FLOAT64: 'DOUBLE',
  BOOL: 'BOOLEAN',
  INT64: 'BIGINT',
  TIMESTAMP: 'TIMESTAMP WITH TIME ZONE',
  DATETIME: 'TIMESTAMP',
  DATE: 'DATE',
  TIME: 'TIME',
  BYTES: 'BLOB',
  JSON: 'JSON',
  NUMERIC: 'DECIMAL(38,9)',
  BIGNUMERIC: 'DECIMAL(38,0)',
};

/** Undefined for what DuckDB has no type for, such as ARRAY and GEOGRAPHY. */
export function duckdbTypeOfBigquery(native: string): string | undefined {
  const [, name = native, digits = '', scale = '0'] = /^([A-Z0-9]+)\((\d+)(?:, ?(\d+))?\)$/.exec(native) ?? [];
  const isNumber = name === 'NUMERIC' || name === 'BIGNUMERIC';
  if (isNumber && digits !== '') return Number(digits) <= 38 ? `DECIMAL(${digits},${scale})` : undefined;
  return duckdbTypes[name];
}

function numeric(precision: number, scale: number): string {
  const isNarrow = scale <= NUMERIC.scale && precision - scale <= NUMERIC.whole;
  return `${isNarrow ? 'NUMERIC' : WIDE}(${precision},${scale})`;
}
