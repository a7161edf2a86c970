import { ExactNumber } from '../json/exact-number.ts';
import type { ColumnSchema, DataType } from '../schema/table-schema.ts';
import { parseTimestamp } from './timestamp.ts';

/** What a new column for a value is. Always one of the constants below: compare by identity. */
export type InferredType = Readonly<Pick<ColumnSchema, 'precision'> & { data_type: DataType }>;

export const TEXT: InferredType = Object.freeze({ data_type: 'text' });
const BIGINT: InferredType = Object.freeze({ data_type: 'bigint' });
/** Integers beyond 64 bits, up to 128. */
export const HUGEINT: InferredType = Object.freeze({ data_type: 'bigint', precision: 128 });
const DOUBLE: InferredType = Object.freeze({ data_type: 'double' });
const BOOL: InferredType = Object.freeze({ data_type: 'bool' });
const TIMESTAMP: InferredType = Object.freeze({ data_type: 'timestamp' });
const JSON_TYPE: InferredType = Object.freeze({ data_type: 'json' });

/**
 * The type of a new column for a JSON value; undefined for null, which says nothing. Objects and lists are `json`: that
 * they are flattened instead is the normalizer's business. A number that is a safe integer is a bigint (JSON.parse does not tell
 * 1.0 from 1); integers of more than 128 bits and infinities (`1e400`) are text.
 */
export function inferType(value: unknown): InferredType | undefined {
  switch (typeof value) {
    case 'string':
      return parseTimestamp(value) === undefined ? TEXT : TIMESTAMP;
    case 'number':
      return Number.isSafeInteger(value) ? BIGINT : inferDouble(value);
    case 'boolean':
      return BOOL;
    case 'bigint':
      return inferInteger(value);
    case 'object':
      if (value === null) return undefined;
      return value instanceof ExactNumber ? inferDouble(value.valueOf()) : JSON_TYPE;
    default:
      return undefined;
  }
}

/** The kind of the value itself, without looking into strings: dlt names variant columns by it (`a__v_text`). */
export function valueKind(value: unknown): DataType | undefined {
  return typeof value === 'string' ? 'text' : inferType(value)?.data_type;
}

function inferDouble(value: number): InferredType {
  return Number.isFinite(value) ? DOUBLE : TEXT;
}

function inferInteger(value: bigint): InferredType {
  if (BigInt.asIntN(64, value) === value) return BIGINT;
  return BigInt.asIntN(128, value) === value ? HUGEINT : TEXT;
}
