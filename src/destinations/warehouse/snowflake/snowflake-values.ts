import type { Row } from '../../../duckdb/connection.ts';
import { type ForeignType, foreignType } from '../../../duckdb/foreign-values.ts';
import { distinctNames, type QueryColumn, type QueryRow } from '../../../duckdb/query-stream.ts';
import type { SnowflakeColumn, SnowflakeRow } from './snowflake-sdk.ts';

/** How columns of an answer are read. */
export class SnowflakeValues {
  readonly columns: readonly QueryColumn[];
  readonly #types: readonly ForeignType[];

  constructor(columns: readonly SnowflakeColumn[]) {
    this.#types = columns.map((column) => (isReal(column) ? real : foreignType(typeOf(column))));
    const names = distinctNames(columns.map((column) => folded(column.getName())));
    this.columns = this.#types.map(({ type }, at) => ({ name: names[at] ?? '', type }));
  }

  read(row: SnowflakeRow): QueryRow {
    return this.#types.map(({ read }, at) => {
      const value = row[at] ?? null;
      return value === null ? null : read(String(value));
    });
  }

  named(row: SnowflakeRow): Row {
    const values = this.read(row);
    return Object.fromEntries(this.columns.map(({ name }, at) => [name, values[at] ?? null]));
  }
}

/** A name without quotes comes in upper case; one in quotes, with lower case in it, stays as it is. */
function folded(name: string): string {
  return name === name.toUpperCase() ? name.toLowerCase() : name;
}

// --- internal ---

const types: Readonly<Record<string, string>> = {
  real: 'DOUBLE',
  boolean: 'BOOLEAN',
  date: 'DATE',
  time: 'TIME',
  binary: 'BLOB',
  variant: 'JSON',
  object: 'JSON',
  array: 'JSON',
  timestamp_ntz: 'TIMESTAMP',
  timestamp_ltz: 'TIMESTAMP WITH TIME ZONE',
  timestamp_tz: 'TIMESTAMP WITH TIME ZONE',
};

/** `inf` and `-inf` are numbers. */
export function realValue(text: string): number {
  return Number(text.replace(/inf$/i, 'Infinity'));
}

const real: ForeignType = { type: foreignType('DOUBLE').type, read: realValue };

function isReal(column: SnowflakeColumn): boolean {
  return column.getType().toLowerCase() === 'real';
}

/** DuckDB's name. Integers of 64 bits have up to 19 digits. */
function typeOf(column: SnowflakeColumn): string {
  const type = column.getType().toLowerCase();
  if (type !== 'fixed') return types[type] ?? 'VARCHAR';
  const [precision, scale] = [column.getPrecision() ?? 38, column.getScale() ?? 0];
  return scale === 0 && precision <= 19 ? 'BIGINT' : `DECIMAL(${precision},${scale})`;
}
