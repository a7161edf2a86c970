import { integerBits } from '../../../schema/duckdb-type.ts';
import type { ColumnSchema, DataType } from '../../../schema/table-schema.ts';

/** The widest that there is. */
const WIDE = 'decimal(38,0)';

const typeNames: Readonly<Record<DataType, (column: ColumnSchema) => string>> = {
  text: () => 'string',
  double: () => 'double',
  bool: () => 'boolean',
  bigint: ({ precision }) => integerTypes[integerBits(precision)],
  timestamp: ({ timezone }) => (timezone === false ? 'timestamp_ntz' : 'timestamp'),
  date: () => 'date',
  time: () => 'string',
  decimal: ({ precision = 38, scale = 9 }) => `decimal(${precision},${scale})`,
  wei: ({ precision = 38, scale = 0 }) => `decimal(${precision},${scale})`,
  binary: () => 'binary',
  json: () => 'string',
};

const integerTypes = { 8: 'tinyint', 16: 'smallint', 32: 'int', 64: 'bigint', 128: WIDE } as const;

/** As dlt makes it: times and JSON are text. Integers beyond 64 bits, which dlt refuses, are decimals. */
export function databricksType(column: ColumnSchema): string {
  return typeNames[column.data_type ?? 'text'](column);
}

/** By what `describe` prints. */
const duckdbTypes: Readonly<Record<string, string>> = {
  string: 'VARCHAR',
  double: 'DOUBLE',
  float: 'FLOAT',
  boolean: 'BOOLEAN',
  tinyint: 'TINYINT',
  smallint: 'SMALLINT',
  int: 'INTEGER',
  bigint: 'BIGINT',
  date: 'DATE',
  binary: 'BLOB',
  timestamp: 'TIMESTAMP WITH TIME ZONE',
  timestamp_ntz: 'TIMESTAMP',
};

/** Undefined for what DuckDB has no type for, such as `struct<…>`. */
export function duckdbTypeOfDatabricks(native: string): string | undefined {
  const [, sizes] = /^decimal\((\d+,\d+)\)$/.exec(native) ?? [];
  if (sizes !== undefined) return `DECIMAL(${sizes})`;
  if (/^(?:var)?char\(\d+\)$/.test(native)) return 'VARCHAR';
  return duckdbTypes[native];
}
