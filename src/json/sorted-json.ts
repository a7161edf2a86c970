import { ExactNumber } from './exact-number.ts';
import { type JsonForm, writeJson, writtenKeys } from './json-writer.ts';

/**
 * A value as orjson writes it with sorted keys, which is what dlt hashes: no blanks, keys by their UTF-8 bytes at every level,
 * floats in the shortest form with `.0` or an exponent. JSON.parse does not tell 1.0 from 1: both are `1` here.
 *
 * @example
 * sortedJson({ b: 1e22, a: [0.5, null] }) // '{"a":[0.5,null],"b":1e+22}'
 */
export function sortedJson(value: unknown): string {
  return writeJson(value, sorted);
}

const sorted: JsonForm = {
  scalar: (value) => {
    if (typeof value === 'string') return JSON.stringify(value);
    if (typeof value === 'number') return floatText(value);
    if (typeof value === 'boolean' || typeof value === 'bigint') return String(value);
    if (typeof value !== 'object' || value === null) return 'null';
    return value instanceof ExactNumber ? floatText(value.valueOf()) : undefined;
  },
  key: (name) => JSON.stringify(name),
  keys: (object) => writtenKeys(object).sort(compareUtf8),
};

/** In the order of their UTF-8 bytes, which differs from that of UTF-16 where there are surrogates. */
export function compareUtf8(one: string, other: string): number {
  return /[\ud800-\uffff]/.test(one + other)
    ? Buffer.compare(Buffer.from(one), Buffer.from(other))
    : one < other
      ? -1
      : 1;
}

/** orjson goes over to exponents at 1e16 and below 1e-5. */
function floatText(value: number): string {
  if (!Number.isFinite(value)) return 'null';
  if (Object.is(value, -0)) return '-0.0';
  if (Number.isSafeInteger(value)) return String(value);
  const text = value.toExponential();
  const exponent = Number(text.slice(text.indexOf('e') + 1));
  if (exponent >= 16 || exponent < -5) return text;
  return Number.isInteger(value) ? `${value}.0` : String(value);
}
