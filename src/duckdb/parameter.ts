import { blobValue, type DuckDBValue, timestampTZValue } from '@duckdb/node-api';
import { PipelineError } from '../errors.ts';

/**
 * A value of the language as a parameter of a statement: texts, numbers, bigints, booleans, null, `Date`s (instants) and bytes.
 *
 * @throws PipelineError UsageInvalid for anything else
 */
export function parameterOf(value: unknown): DuckDBValue {
  if (value === null || value === undefined) return null;
  if (typeof value === 'string' || typeof value === 'boolean' || typeof value === 'bigint') return value;
  if (typeof value === 'number') return Number.isInteger(value) && !Number.isSafeInteger(value) ? String(value) : value;
  if (value instanceof Date && !Number.isNaN(value.getTime())) return timestampTZValue(BigInt(value.getTime()) * 1000n);
  if (value instanceof Uint8Array) return blobValue(value);
  throw new PipelineError({
    code: 'UsageInvalid',
    message: `A parameter of SQL is ${value instanceof Date ? 'a `Date` of no instant' : `of the type ${typeof value}`}.`,
    hint: 'Give a text, number, bigint, boolean, null, `Date` or bytes; of a list, each value its own `?`.',
  });
}
