import type { Parameters } from '../../../duckdb/connection.ts';
import { type ForeignType, foreignText, foreignType } from '../../../duckdb/foreign-values.ts';
import { distinctNames, type QueryColumn, type QueryRow } from '../../../duckdb/query-stream.ts';
import type { ServerValue } from '../warehouse-transport.ts';
import type { BigqueryField, BigqueryQuery } from './bigquery-client.ts';
import { duckdbTypeOfBigquery } from './bigquery-types.ts';

/** Every value as the server writes it: a text, null, or what is nested. */
export type JobRow = readonly unknown[];

/** Values of a query with the types that BigQuery gives them: it makes times of texts, but no numbers. */
export function bigqueryParameters(values: Parameters): Pick<BigqueryQuery, 'params' | 'types'> {
  if (values.length === 0) return {};
  const typed = values.map((value): { value: string | number | boolean | null; type: string } => {
    if (typeof value === 'boolean') return { value, type: 'BOOL' };
    if (typeof value === 'bigint') return { value: String(value), type: 'INT64' };
    if (typeof value === 'number') return { value, type: Number.isInteger(value) ? 'INT64' : 'FLOAT64' };
    return { value: foreignText(value), type: 'STRING' };
  });
  return { params: typed.map(({ value }) => value), types: typed.map(({ type }) => type) };
}

/** A value of the books as text, number or boolean. */
export function serverValue(value: unknown, { type }: BigqueryField): ServerValue {
  const text = textOf(value, type);
  if (text === null) return null;
  if (type === 'BOOLEAN' || type === 'BOOL') return text === 'true';
  if (type === 'INTEGER' || type === 'INT64') return BigInt(text);
  return type === 'FLOAT' || type === 'FLOAT64' ? Number(text) : text;
}

/** How values of an answer are read: types of answers have their old names. */
export function typesOf(fields: readonly BigqueryField[]): readonly ForeignType[] {
  return fields.map((field) => foreignType(field.mode === 'REPEATED' ? 'JSON' : typeNamed(field)));
}

export function columnsOf(fields: readonly BigqueryField[], types: readonly ForeignType[]): QueryColumn[] {
  const names = distinctNames(fields.map(({ name }) => name));
  return types.map(({ type }, at) => ({ name: names[at] ?? '', type }));
}

export function valuesOf(row: JobRow, fields: readonly BigqueryField[], types: readonly ForeignType[]): QueryRow {
  return types.map(({ read }, at) => {
    const text = textOf(row[at], fields[at]?.type ?? '');
    return text === null ? null : read(text);
  });
}

// --- internal ---

const oldNames: Readonly<Record<string, string>> = {
  INTEGER: 'INT64',
  FLOAT: 'FLOAT64',
  BOOLEAN: 'BOOL',
  RECORD: 'JSON',
  STRUCT: 'JSON',
};

/** Of a number without fixed digits each value has its own. */
function typeNamed({ type }: BigqueryField): string {
  if (type === 'NUMERIC' || type === 'BIGNUMERIC') return 'DECIMAL';
  return duckdbTypeOfBigquery(oldNames[type] ?? type) ?? 'VARCHAR';
}

/** As other SQL engines write it: instants come as microseconds since 1970, bytes in base64. */
function textOf(value: unknown, type: string): string | null {
  if (value === null || value === undefined) return null;
  if (typeof value !== 'string') return JSON.stringify(plain(value));
  if (type === 'TIMESTAMP') return instantText(BigInt(value));
  return type === 'BYTES' ? Buffer.from(value, 'base64').toString('hex') : value;
}

/** What is nested without the wrapping of each value. */
function plain(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(plain);
  if (typeof value !== 'object' || value === null) return value;
  if ('v' in value) return plain(value.v);
  return 'f' in value ? plain(value.f) : value;
}

function instantText(micros: bigint): string {
  const rest = ((micros % 1_000_000n) + 1_000_000n) % 1_000_000n;
  const seconds = new Date(Number((micros - rest) / 1000n)).toISOString().slice(0, -5);
  return `${seconds}.${String(rest).padStart(6, '0')}Z`;
}
