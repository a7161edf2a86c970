import { PipelineError } from '../errors.ts';
import { ExactNumber } from '../json/exact-number.ts';
import { jsonText, validJson } from '../json/json-text.ts';
import { integerBits } from '../schema/duckdb-type.ts';
import { stripBlanks } from '../schema/naming.ts';
import type { ColumnSchema, DataType } from '../schema/table-schema.ts';
import { decimalText, exactInteger } from './decimal.ts';
import { parseFloatText, parseHexText, parseIntegerText, pythonText } from './python-text.ts';
import { formatDate, microsOfSeconds, parseDateOrTimestamp, parseTime, parseTimestamp } from './timestamp.ts';

/**
 * A value as a package column holds it (src/package/layout.ts): bool as boolean, double as number, bigint up to 64 bits and
 * timestamp (microseconds since 1970 UTC) as number or bigint; every other type as text that casts to the column exactly.
 */
type StoredValue = string | number | bigint | boolean;

/** undefined: the value does not fit the column, it goes to a variant column or the column widens. */
export type CoerceResult = StoredValue | undefined;

type Coercion = (value: unknown, column: ColumnSchema) => CoerceResult;

/** Beyond it not every integer is a double. */
const EXACT_DOUBLE = 2n ** 53n;

const coercions: Readonly<Record<DataType, Coercion>> = {
  text: pythonText,
  bigint: coerceBigint,
  double: coerceDouble,
  bool: coerceBool,
  timestamp: coerceTimestamp,
  date: coerceDate,
  time: (value) => (typeof value === 'string' ? parseTime(value) : undefined),
  decimal: (value, { precision = 38, scale = 9 }) => coerceDecimal(value, precision, scale),
  wei: (value, { precision = 38, scale = 0 }) => coerceDecimal(value, precision, scale),
  binary: coerceBinary,
  json: coerceJson,
};

/**
 * A value of any JSON kind (not null) in an existing column, by dlt's rules; a pure decision, see also `inferType`.
 * Stricter than dlt where dlt would lose something: integers beyond 2^53 are no doubles, infinities no numbers.
 *
 * @example
 * coerce({ name: 'a', data_type: 'bigint' }, '12') // 12
 * coerce({ name: 'a', data_type: 'bigint' }, 2.5) // undefined
 */
export function coerce(column: ColumnSchema, value: unknown): CoerceResult {
  if (column.data_type === undefined) {
    throw new PipelineError({
      code: 'Internal',
      message: `Column ${column.name} has no data type yet.`,
      hint: 'This is a defect of dezgo-elt: infer the type before coercing a value.',
    });
  }
  return coercions[column.data_type](value, column);
}

function coerceBigint(value: unknown, { precision }: ColumnSchema): CoerceResult {
  const integer = integerOf(value);
  const bits = integerBits(precision);
  if (integer === undefined || BigInt.asIntN(bits, BigInt(integer)) !== BigInt(integer)) return undefined;
  return bits === 128 ? integer.toString() : integer;
}

/** A number where that is exact, else a bigint. */
function integerOf(value: unknown): number | bigint | undefined {
  if (typeof value === 'number') {
    if (!Number.isInteger(value)) return undefined;
    return Number.isSafeInteger(value) ? value : BigInt(value);
  }
  const integer = exactIntegerOf(value);
  return integer !== undefined && integer <= EXACT_DOUBLE && integer >= -EXACT_DOUBLE ? Number(integer) : integer;
}

function exactIntegerOf(value: unknown): bigint | undefined {
  if (typeof value === 'bigint') return value;
  if (typeof value === 'string') return parseIntegerText(stripBlanks(value));
  return value instanceof ExactNumber ? exactInteger(value.text) : undefined;
}

function coerceDouble(value: unknown): CoerceResult {
  if (typeof value === 'bigint') return value <= EXACT_DOUBLE && value >= -EXACT_DOUBLE ? Number(value) : undefined;
  const double = typeof value === 'string' ? parseFloatText(stripBlanks(value)) : numberOf(value);
  return double !== undefined && Number.isFinite(double) ? double : undefined;
}

function numberOf(value: unknown): number | undefined {
  if (typeof value === 'number') return value;
  return value instanceof ExactNumber || typeof value === 'bigint' ? Number(value) : undefined;
}

function coerceBool(value: unknown): CoerceResult {
  if (typeof value === 'boolean') return value;
  if (typeof value !== 'string') return numberOf(value) === undefined ? undefined : numberOf(value) !== 0;
  const word = value.toLowerCase();
  if (['yes', 'true', 't', 'y', '1'].includes(word)) return true;
  return ['no', 'false', 'f', 'n', '0'].includes(word) ? false : undefined;
}

/** Nanoseconds of TIMESTAMP_NS are 64 bits wide: 1677-09-21 to 2262-04-11. */
const LAST_NANOSECOND_MICROS = 9_223_372_036_854_775n;

function coerceTimestamp(value: unknown, { timezone, precision = 6 }: ColumnSchema): CoerceResult {
  const micros = microsOf(value);
  if (micros === undefined || timezone !== false || precision <= 6) return micros;
  const fits = micros <= LAST_NANOSECOND_MICROS && micros >= -LAST_NANOSECOND_MICROS;
  return fits ? micros : undefined;
}

/** Microseconds since 1970 UTC of what a timestamp column takes for one: an ISO date or date-time, or seconds since 1970. */
export function instantOf(text: string): bigint | undefined {
  const micros = microsOf(text);
  return micros === undefined ? undefined : BigInt(micros);
}

function coerceDate(value: unknown): CoerceResult {
  const micros = microsOf(value);
  return micros === undefined ? undefined : formatDate(micros);
}

/** Text is an ISO date or date-time, else seconds since 1970, as are numbers. */
function microsOf(value: unknown): number | bigint | undefined {
  if (typeof value !== 'string') return microsOfNumber(numberOf(value));
  return parseTimestamp(value) ?? parseDateOrTimestamp(value) ?? microsOfNumber(parseDecimalText(value));
}

function microsOfNumber(seconds: number | undefined): number | bigint | undefined {
  return seconds === undefined ? undefined : microsOfSeconds(seconds);
}

function parseDecimalText(text: string): number | undefined {
  const trimmed = stripBlanks(text);
  return trimmed.startsWith('0x') ? undefined : parseFloatText(trimmed);
}

function coerceDecimal(value: unknown, precision: number, scale: number): CoerceResult {
  if (typeof value === 'number' || typeof value === 'bigint') return decimalText(String(value), precision, scale);
  if (value instanceof ExactNumber) return decimalText(value.text, precision, scale);
  if (typeof value !== 'string') return undefined;
  const text = stripBlanks(value);
  return decimalText(parseHexText(text)?.toString() ?? text, precision, scale);
}

// Loops over groups, such as (?:…{4})*, overflow the stack with texts of some megabytes.
const BASE64_FORM = /^[A-Za-z\d+/]*={0,2}$/;
const HEX_FORM = /^[\da-fA-F]*$/;

/** As base64 text. Integers are their bytes, the least significant first. */
function coerceBinary(value: unknown): CoerceResult {
  if (typeof value === 'string') {
    if (value.startsWith('0x')) return hexBytes(value.slice(2))?.toString('base64');
    const isBase64 = value.length % 4 === 0 && BASE64_FORM.test(value);
    return isBase64 ? Buffer.from(value, 'base64').toString('base64') : undefined;
  }
  const integer = typeof value === 'number' && !Number.isSafeInteger(value) ? undefined : integerOf(value);
  if (integer === undefined || integer < 0) return undefined;
  const hex = integer === 0 ? '' : BigInt(integer).toString(16);
  return Buffer.from(hex.padStart(hex.length + (hex.length % 2), '0'), 'hex')
    .reverse()
    .toString('base64');
}

/** Two digits a byte, blanks between bytes only. */
function hexBytes(text: string): Buffer | undefined {
  const runs = text.split(/\s+/);
  if (runs.some((run) => run.length % 2 !== 0 || !HEX_FORM.test(run))) return undefined;
  return Buffer.from(runs.join(''), 'hex');
}

function coerceJson(value: unknown): CoerceResult {
  if (typeof value === 'string') return validJson(value);
  return typeof value === 'object' && !(value instanceof ExactNumber) ? jsonText(value) : undefined;
}
