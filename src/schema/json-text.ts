import { ExactNumber } from './exact-number.ts';

/**
 * A JSON value as compact JSON text, for json columns: keys in document order, bigints and exact numbers digit for digit,
 * lone surrogates as U+FFFD (DuckDB refuses them), ±Infinity as ±1e999, which is JSON and reads back as Infinity.
 *
 * @example
 * jsonText({ b: [1, 2n], a: null }) // '{"b":[1,2],"a":null}'
 */
export function jsonText(value: unknown): string {
  if (typeof value === 'string') return quoted(value);
  if (typeof value === 'number') return numberText(value);
  if (typeof value === 'boolean' || typeof value === 'bigint') return String(value);
  if (typeof value !== 'object' || value === null) return 'null';
  if (value instanceof ExactNumber) return value.text;
  if (value instanceof Date) return quoted(value.toISOString());
  if (Array.isArray(value)) return `[${value.map(jsonText).join(',')}]`;
  const members = Object.entries(value).filter(([, member]) => member !== undefined);
  return `{${members.map(([key, member]) => `${quoted(key)}:${jsonText(member)}`).join(',')}}`;
}

/** The text itself where it is JSON that DuckDB reads, without its outer blanks; undefined where it is not. */
export function validJson(text: string): string | undefined {
  try {
    const written = JSON.stringify(JSON.parse(text));
    // JSON.stringify escapes a surrogate only where its other half is missing.
    return /(?<!\\)(?:\\\\)*\\ud[89a-f]/.test(written) ? undefined : text.trim();
  } catch {
    return undefined;
  }
}

function quoted(text: string): string {
  return JSON.stringify(wellFormed(text));
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
