import type { ColumnSchema, DataType } from '../../../schema/table-schema.ts';

/** Snowflake has no integers: dlt makes the digits of 64 bits of them. */
const BIGINT = 'NUMBER(19,0)';
/** The widest that there is. */
const WIDE = 'NUMBER(38,0)';

const typeNames: Readonly<Record<DataType, (column: ColumnSchema) => string>> = {
  text: ({ precision }) => (precision === undefined ? 'VARCHAR' : `VARCHAR(${precision})`),
  double: () => 'FLOAT',
  bool: () => 'BOOLEAN',
  bigint: ({ precision = 64 }) => (precision > 64 ? WIDE : BIGINT),
  timestamp: ({ timezone, precision }) =>
    `${timezone === false ? 'TIMESTAMP_NTZ' : 'TIMESTAMP_TZ'}${precision === undefined ? '' : `(${Math.min(precision, 9)})`}`,
  date: () => 'DATE',
  time: ({ precision }) => (precision === undefined ? 'TIME' : `TIME(${Math.min(precision, 9)})`),
  decimal: ({ precision = 38, scale = 9 }) => `NUMBER(${precision},${scale})`,
  wei: ({ precision = 38, scale = 0 }) => `NUMBER(${precision},${scale})`,
  binary: () => 'BINARY',
  json: () => 'VARIANT',
};

/** As dlt makes it: `SnowflakeTypeMapper`, with `use_timestamp_tz`, which keeps instants whatever a reader's time zone is. */
export function snowflakeType(column: ColumnSchema): string {
  return typeNames[column.data_type ?? 'text'](column);
}

/** By what the catalogue prints, without sizes. */
const duckdbTypes: Readonly<Record<string, string>> = {
  TEXT: 'VARCHAR',
  FLOAT: 'DOUBLE',
  BOOLEAN: 'BOOLEAN',
  DATE: 'DATE',
  TIME: 'TIME',
  BINARY: 'BLOB',
  VARIANT: 'JSON',
  OBJECT: 'JSON',
  ARRAY: 'JSON',
  TIMESTAMP_NTZ: 'TIMESTAMP',
  TIMESTAMP_TZ: 'TIMESTAMP WITH TIME ZONE',
  TIMESTAMP_LTZ: 'TIMESTAMP WITH TIME ZONE',
};

/** Undefined for what DuckDB has no type for, such as GEOGRAPHY. */
export function duckdbTypeOfSnowflake(native: string): string | undefined {
  if (native === BIGINT) return 'BIGINT';
  const [, name = native, sizes = ''] = /^([A-Z_]+)\(([\d,]+)\)$/.exec(native) ?? [];
  if (name === 'NUMBER') return `DECIMAL(${sizes})`;
  return duckdbTypes[name];
}

/** SQL of a type with its sizes, of a row `c` of `information_schema.columns`. */
export const CATALOGUE_TYPE = `case when c.data_type = 'NUMBER' then 'NUMBER(' || c.numeric_precision || ',' || c.numeric_scale || ')'
              else c.data_type end`;

/** The same, of a table `t` and a column `c`: names with small letters are of somebody else, and not those that stand without quotes. */
export const OWN_NAMES = 't.table_name = upper(t.table_name) and c.column_name = upper(c.column_name)';
