import type { Json } from '../json/json-value.ts';

/** A JSONPath, ready to be used. */
export interface JsonPath {
  readonly expression: string;
  matches(value: Json): readonly Json[];
  /** The first match, or undefined. */
  first(value: Json): Json;
  /** Why nothing matches; only to be asked then. */
  absence(value: Json): Absence;
  /** True if a match is an item of a list, or a member of an object, and not what stands under a name. */
  readonly isItem: boolean;
  /** The names and indexes that it begins with: they lead to what holds the matches. */
  readonly lead: readonly (string | number)[];
  /** True if its matches are all the items of one list, `data` or `data[*]`: then they can be compared with a total. */
  readonly isWholeList: boolean;
}

/**
 * `empty`: what should hold the matches is there and holds none. `null`: null stands in its place. `unnamed`: items are there,
 * but none has the name that should lead on. `missing`: a name before that is not there.
 */
export interface Absence {
  readonly kind: 'empty' | 'null' | 'unnamed' | 'missing';
  /** The last that was found on the way. */
  readonly reached: Json;
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
  return {
    expression,
    matches,
    first: (value) => matches(value)[0],
    absence: (reached) => ({ kind: 'missing', reached }),
    isItem: false,
    lead: names,
    isWholeList: true,
  };
}

// --- internal ---

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
