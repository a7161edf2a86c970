import type { Json } from '../../json/json-value.ts';
import type { Absence, JsonPath } from '../../json-path/json-path.ts';

/** dlt's names of lists of records. */
const listKeys = new Set('data items results entries records rows entities payload content objects values'.split(' '));

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

/**
 * The selector for a resource that names none. A list is a list of records; an object is one record, and is not searched for
 * lists, unless a key that dlt knows as a list's (`data`, `items`, `results`, …), or OData's `value`, stands at its top and
 * holds a list of objects. With a placeholder in the path the reply is one record in any case.
 */
export function guessSelector(body: Json, isSingleEntity: boolean): string {
  if (isSingleEntity || typeof body !== 'object' || body === null || Array.isArray(body)) return '$';
  const isListKey = (key: string) => listKeys.has(key) || (key === 'value' && isODataList(body));
  return Object.entries(body).find(([key, value]) => isListKey(key) && isListOfObjects(value))?.[0] ?? '$';
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

/** OData's list of entities: it says so, or beside `value` there is only what the protocol itself adds. */
function isODataList(body: object): boolean {
  if ('@odata.context' in body) return true;
  return Object.keys(body).every((key) => /^(value|@?odata\..*|nextLink|count)$/.test(key));
}

function isHollow(value: Json): boolean {
  return value === null || (typeof value === 'object' && isBareObject(value));
}

function isBareObject(value: object): boolean {
  return Object.getPrototypeOf(value) === Object.prototype && Object.keys(value).length === 0;
}

function isListOfObjects(value: unknown): boolean {
  return Array.isArray(value) && value.every((item) => typeof item === 'object' && item !== null);
}
