import type { Json } from '../../json/json-value.ts';

/** What is known of a reply before it is looked at: one record, a list, or nothing. */
export type Expected = 'record' | 'list' | undefined;

/** dlt's names of lists of records. */
const listKeys = new Set('data items results entries records rows entities payload content objects values'.split(' '));
/** Around a list; lists in them are not of records. */
const besideLists = /^(_?meta(data)?|pagination|_?links?|extras|headers|errors|warnings)$/i;
/** As far down as dlt looks for a list. */
const DEEPEST = 3;

/**
 * The selector for a resource that names none. A list is a list of records. An object is one record, and is not searched for
 * lists, unless a key that dlt knows as a list's (`data`, `items`, `results`, …), or OData's `value`, stands at its top and
 * holds a list of objects, or such a list is all that it has. Where a list is expected, because it is read in pages, it is the
 * one that dlt takes, unless the object has an `id` of its own.
 */
export function guessSelector(body: Json, expected: Expected): string {
  if (expected === 'record' || !isObject(body)) return '$';
  const members = Object.entries(body);
  const isListKey = (key: string) => listKeys.has(key) || (key === 'value' && isODataList(body));
  const known = members.find(([key, value]) => isListKey(key) && isListOfObjects(value));
  if (known !== undefined) return known[0];
  const isAlone = members.length === 1 && members.every(([, value]) => isListOfObjects(value));
  if (!isAlone && (expected !== 'list' || 'id' in body || '_id' in body)) return '$';
  const lists = listsIn(body, []);
  const filled = lists.filter(({ isEmpty }) => !isEmpty);
  const candidates = filled.length > 0 ? filled : lists;
  const list = candidates.find(({ path }) => listKeys.has(path.at(-1) ?? '')) ?? candidates[0];
  return list === undefined ? '$' : pathText(list.path);
}

// --- internal ---

interface List {
  readonly path: readonly string[];
  readonly isEmpty: boolean;
}

/** Lists of objects in objects, in the order of the document. */
function listsIn(object: object, path: readonly string[]): List[] {
  if (path.length === DEEPEST) return [];
  return Object.entries(object).flatMap(([key, value]: [string, Json]) => {
    if (besideLists.test(key)) return [];
    const below = [...path, key];
    if (isListOfObjects(value)) return [{ path: below, isEmpty: value.length === 0 }];
    return isObject(value) ? listsIn(value, below) : [];
  });
}

function pathText(path: readonly string[]): string {
  const isPlain = path.every((key) => /^[A-Za-z_]\w*$/.test(key));
  return isPlain ? path.join('.') : `$${path.map((key) => `[${JSON.stringify(key)}]`).join('')}`;
}

/** OData's list of entities: it says so, or beside `value` there is only what the protocol itself adds. */
function isODataList(body: object): boolean {
  if ('@odata.context' in body) return true;
  return Object.keys(body).every((key) => /^(value|@?odata\..*|nextLink|count)$/.test(key));
}

function isObject(value: Json): value is object {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function isListOfObjects(value: unknown): value is readonly object[] {
  return Array.isArray(value) && value.every((item) => typeof item === 'object' && item !== null);
}
