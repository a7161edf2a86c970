import type { Json } from './page.ts';

/** A JSONPath, ready to be used. */
export interface JsonPath {
  readonly expression: string;
  matches(value: Json): readonly Json[];
  /** The first match, or undefined. */
  first(value: Json): Json;
  /** True if what the path names before its first wildcard, filter or slice is there: then no match means an empty list. */
  reaches(value: Json): boolean;
}

/** A path of plain names, resolved by hand. */
export function namesPath(expression: string, names: readonly string[]): JsonPath {
  const matches = (value: Json): readonly Json[] => {
    let place = value;
    for (const name of names) {
      if (!isObject(place) || !Object.hasOwn(place, name)) return [];
      place = place[name];
    }
    return [place];
  };
  return { expression, matches, first: (value) => matches(value)[0], reaches: () => false };
}

// --- internal ---

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
