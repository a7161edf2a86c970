import { ExactNumber } from './exact-number.ts';
import { type JsonForm, writeJson, writtenKeys } from './json-writer.ts';

/**
 * A JSON value as compact JSON text, for json columns: keys in document order, bigints and exact numbers digit for digit,
 * lone surrogates as U+FFFD (DuckDB refuses them), ±Infinity as ±1e999, which is JSON and reads back as Infinity.
 *
 * @example
 * jsonText({ b: [1, 2n], a: null }) // '{"b":[1,2],"a":null}'
 */
export function jsonText(value: unknown): string {
  return writeJson(value, compact);
}

const compact: JsonForm = {
  scalar: (value) => {
    if (typeof value === 'string') return quoted(value);
    if (typeof value === 'number') return numberText(value);
    if (typeof value === 'boolean' || typeof value === 'bigint') return String(value);
    if (typeof value !== 'object' || value === null) return 'null';
    if (value instanceof ExactNumber) return value.text;
    return value instanceof Date ? quoted(value.toISOString()) : undefined;
  },
  key: quoted,
  keys: writtenKeys,
};

/** The text itself where it is JSON that DuckDB reads, without its outer blanks; undefined where it is not. */
export function validJson(text: string): string | undefined {
  try {
    const value: unknown = JSON.parse(text);
    return SURROGATE_ESCAPE.test(text) && hasLoneSurrogate(value) ? undefined : text.trim();
  } catch {
    return undefined;
  }
}

/** Half of a pair that is not escaped needs no look: it becomes U+FFFD on its way to DuckDB. */
const SURROGATE_ESCAPE = /\\u[dD][89a-fA-F]/;
/** With `u`, only a surrogate without its partner is one. */
const LONE_SURROGATE = /\p{Surrogate}/u;

/** Looks into everything, without recursion. */
function hasLoneSurrogate(value: unknown): boolean {
  const open: unknown[] = [value];
  while (open.length > 0) {
    const next = open.pop();
    if (typeof next === 'string' && LONE_SURROGATE.test(next)) return true;
    if (typeof next !== 'object' || next === null) continue;
    for (const member of Array.isArray(next) ? next : Object.entries(next).flat()) open.push(member);
  }
  return false;
}

function quoted(text: string): string {
  const json = JSON.stringify(text);
  // It escapes a surrogate only where its other half is missing.
  return json.includes('\\ud') ? JSON.stringify(wellFormed(text)) : json;
}

/** Lone surrogates replaced by U+FFFD. (`toWellFormed` is newer than our library of types.) */
export function wellFormed(text: string): string {
  return text.replace(/\p{Surrogate}/gu, '\uFFFD');
}

function numberText(value: number): string {
  if (Number.isFinite(value)) return String(value);
  if (Number.isNaN(value)) return '"NaN"';
  return value > 0 ? '1e999' : '-1e999';
}
