import { ExactNumber } from '../../json/exact-number.ts';
import type { Json } from '../../json/json-value.ts';

/** A record by its keys. */
export type Item = Readonly<Record<string, Json>>;

export function isItem(value: Json): value is Item {
  return typeof value === 'object' && value !== null && !Array.isArray(value) && !(value instanceof ExactNumber);
}

/** An item of these members; unlike assignment it takes `__proto__` for a key like any other. */
export function itemFrom(entries: Iterable<readonly [string, Json]>): Item {
  return Object.fromEntries(entries);
}
