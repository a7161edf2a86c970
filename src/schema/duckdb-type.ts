import { PipelineError } from '../errors.ts';
import type { ColumnSchema, DataType } from './table-schema.ts';

/** Width of a package column; see src/package/layout.ts. */
export type PackageType = 'VARCHAR' | 'BIGINT' | 'DOUBLE' | 'BOOLEAN' | 'TIMESTAMPTZ';

/** DuckDB's widest DECIMAL, and what dlt makes of `decimal` without digits: DECIMAL(38,9). */
export const MOST_DIGITS = 38;
export const DEFAULT_SCALE = 9;

type TypeHints = Pick<ColumnSchema, 'data_type' | 'precision' | 'scale' | 'timezone'>;

const INTEGER_TYPES = { 8: 'TINYINT', 16: 'SMALLINT', 32: 'INTEGER', 64: 'BIGINT', 128: 'HUGEINT' } as const;

const typeNames: Readonly<Record<DataType, (column: TypeHints) => string>> = {
  text: () => 'VARCHAR',
  double: () => 'DOUBLE',
  bool: () => 'BOOLEAN',
  bigint: ({ precision }) => INTEGER_TYPES[integerBits(precision)],
  timestamp: ({ timezone, precision = 6 }) =>
    timezone === false ? localTimestampType(precision) : 'TIMESTAMP WITH TIME ZONE',
  date: () => 'DATE',
  time: () => 'TIME',
  decimal: ({ precision = MOST_DIGITS, scale = DEFAULT_SCALE }) => `DECIMAL(${precision},${scale})`,
  wei: ({ precision = MOST_DIGITS, scale = 0 }) => `DECIMAL(${precision},${scale})`,
  binary: () => 'BLOB',
  json: () => 'JSON',
};

/**
 * The DuckDB type of a column, as dlt maps it and as `information_schema` prints it.
 *
 * @example
 * duckdbType({ name: 'price', data_type: 'decimal', precision: 18, scale: 4 }) // 'DECIMAL(18,4)'
 */
export function duckdbType(column: ColumnSchema): string {
  return typeNames[dataType(column)](column);
}

/** The type of the column in a load package. HUGEINT goes as text, like everything without a plain vector. */
export function packageType(column: ColumnSchema): PackageType {
  const type = dataType(column);
  if (type === 'bigint') return integerBits(column.precision) === 128 ? 'VARCHAR' : 'BIGINT';
  if (type === 'double') return 'DOUBLE';
  if (type === 'bool') return 'BOOLEAN';
  return type === 'timestamp' ? 'TIMESTAMPTZ' : 'VARCHAR';
}

/**
 * SQL that turns a package column into the column of the destination; the session's time zone must be UTC. TIMESTAMP_S and
 * TIMESTAMP_MS round as DuckDB does, for dlt too; TIMESTAMP_NS gets no more than microseconds.
 */
export function packageToColumn(expression: string, column: ColumnSchema): string {
  const to = duckdbType(column);
  switch (to) {
    case 'VARCHAR':
    case 'DOUBLE':
    case 'BOOLEAN':
    case 'BIGINT':
    case 'TIMESTAMP WITH TIME ZONE':
      return expression;
    case 'BLOB':
      return `from_base64(${expression})`;
    case 'TIMESTAMP_NS':
      return `cast(cast(${expression} as TIMESTAMP) as TIMESTAMP_NS)`;
    default:
      return `cast(${expression} as ${to})`;
  }
}

/** Bits of the integer type that holds `precision` bits; 64 where nothing is said. */
export function integerBits(precision: number | undefined): keyof typeof INTEGER_TYPES {
  if (precision === undefined) return 64;
  if (precision <= 8) return 8;
  if (precision <= 16) return 16;
  if (precision <= 32) return 32;
  return precision <= 64 ? 64 : 128;
}

type ExistingType = TypeHints & { data_type: DataType };

const TYPES_BACK: Readonly<Record<string, ExistingType>> = {
  VARCHAR: { data_type: 'text' },
  JSON: { data_type: 'json' },
  DOUBLE: { data_type: 'double' },
  FLOAT: { data_type: 'double' },
  BOOLEAN: { data_type: 'bool' },
  DATE: { data_type: 'date' },
  TIME: { data_type: 'time' },
  BLOB: { data_type: 'binary' },
  TINYINT: { data_type: 'bigint', precision: 8 },
  SMALLINT: { data_type: 'bigint', precision: 16 },
  INTEGER: { data_type: 'bigint', precision: 32 },
  BIGINT: { data_type: 'bigint' },
  HUGEINT: { data_type: 'bigint', precision: 128 },
  'TIMESTAMP WITH TIME ZONE': { data_type: 'timestamp' },
  TIMESTAMP: { data_type: 'timestamp', timezone: false },
  TIMESTAMP_S: { data_type: 'timestamp', timezone: false, precision: 0 },
  TIMESTAMP_MS: { data_type: 'timestamp', timezone: false, precision: 3 },
  TIMESTAMP_NS: { data_type: 'timestamp', timezone: false, precision: 9 },
};

/**
 * dlt's type of an existing DuckDB column, such that `duckdbType` gives its type again (but for FLOAT: double); undefined for a
 * type that dlt has no word for: UUID, UBIGINT, STRUCT, lists, ….
 *
 * @example
 * dataTypeOf('DECIMAL(18,4)') // { data_type: 'decimal', precision: 18, scale: 4 }
 */
export function dataTypeOf(duckdbTypeName: string): ExistingType | undefined {
  const decimal = /^DECIMAL\((\d+),\s*(\d+)\)$/i.exec(duckdbTypeName);
  if (decimal === null) return TYPES_BACK[duckdbTypeName.toUpperCase()];
  const [precision, scale] = [Number(decimal[1]), Number(decimal[2])];
  return precision === MOST_DIGITS && scale === 0 ? { data_type: 'wei' } : { data_type: 'decimal', precision, scale };
}

/** Of a type as DuckDB writes it. */
export function isNumeric(duckdbTypeName: string): boolean {
  return /^(?:U?(?:TINYINT|SMALLINT|INTEGER|BIGINT|HUGEINT)|DOUBLE|FLOAT|DECIMAL(?:\(.*\))?)$/.test(duckdbTypeName);
}

function localTimestampType(precision: number): string {
  if (precision === 0) return 'TIMESTAMP_S';
  if (precision <= 3) return 'TIMESTAMP_MS';
  return precision <= 6 ? 'TIMESTAMP' : 'TIMESTAMP_NS';
}

function dataType({ name, data_type }: ColumnSchema): DataType {
  if (data_type !== undefined) return data_type;
  throw new PipelineError({
    code: 'Internal',
    message: `Column ${name} has no data type yet.`,
    hint: 'This is a defect of dezgo-elt: a column without data type cannot be created.',
  });
}
