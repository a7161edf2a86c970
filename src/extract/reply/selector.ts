import type { Json } from '../../json/json-value.ts';
import type { Absence, JsonPath } from '../../json-path/json-path.ts';

/**
 * The records of a reply, as dlt takes them: exactly one match that is a list → its elements, another single match → itself,
 * several matches → all of them. Undefined if the selector matched nothing; null if what it names is there but holds nothing
 * (`null`, `{}`), which unlike `[]` does not say that there are no records.
 */
export function selectRecords(selector: JsonPath, body: Json): readonly Json[] | null | undefined {
  const matches = selector.matches(body);
  if (matches.length > 1) return matches;
  if (matches.length === 0) return recordsOfNoMatch(selector.absence(body));
  const [match] = matches;
  if (Array.isArray(match)) return match;
  return isHollow(match) && !selector.isItem ? null : [match];
}

/**
 * True for a reply that, after pages with records, has none: null stands in the place of the list, as servers in Go write an
 * empty one, or its items lack what those before it had.
 */
export function isEmptyPage(selector: JsonPath, body: Json): boolean {
  const [match] = selector.matches(body);
  if (match !== undefined) return match === null;
  const { kind } = selector.absence(body);
  return kind === 'null' || kind === 'unnamed';
}

/** How many records a page has before a filter of the selector, as far as it matters: a page without a match need not be empty. */
export function recordsBefore(selector: JsonPath, body: Json, records: number): number {
  if (records > 0 || selector.matches(body).length > 0) return records;
  const { kind, reached } = selector.absence(body);
  if (kind === 'unnamed') return 1;
  return Array.isArray(reached) ? reached.length : 0;
}

// --- internal ---

function recordsOfNoMatch({ kind }: Absence): readonly Json[] | null | undefined {
  if (kind === 'empty') return [];
  return kind === 'null' ? null : undefined;
}

function isHollow(value: Json): boolean {
  return value === null || (typeof value === 'object' && isBareObject(value));
}

function isBareObject(value: object): boolean {
  return Object.getPrototypeOf(value) === Object.prototype && Object.keys(value).length === 0;
}
