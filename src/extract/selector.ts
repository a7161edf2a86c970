import { type ErrorFacts, PipelineError } from '../errors.ts';
import type { Absence, JsonPath } from './json-path.ts';
import type { Json } from './page.ts';
import { printable } from './printable.ts';

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

/** The reply lacks what the selector names, or it holds nothing: says what is there instead. */
export function selectorFoundNothing(selector: JsonPath, body: Json, request: string): PipelineError {
  const keys = keysOf(body);
  const [hollow] = selector.matches(body);
  const absence = selector.absence(body);
  if (hollow !== undefined || absence.kind === 'null') {
    const what = hollow === undefined || hollow === null ? 'null' : 'an empty object';
    return foundNothing(
      `The data selector \`${selector.expression}\` found only ${what} in the reply to ${request}, which is ${describe(body, keys)}`,
      'If that means “nothing there”, set `allow_empty: true` for the endpoint; if not, correct `data_selector`.',
      { selector: selector.expression, request, keys: shownKeys(keys) },
    );
  }
  if (absence.kind === 'unnamed') {
    const inner = keysOf(absence.reached);
    return foundNothing(
      `The data selector \`${selector.expression}\` matched nothing in the reply to ${request}: what it leads to first is ${describe(absence.reached, inner)}`,
      'Correct `data_selector`, or set `allow_empty: true` if a page may lack it.',
      { selector: selector.expression, request, keys: shownKeys(inner) },
    );
  }
  const lists = keys.filter((key) => Array.isArray(memberOf(body, key)));
  const perhaps =
    lists.length === 0 ? '`$` for the whole reply' : lists.map((key) => `\`${printable(key, 60)}\``).join(' or ');
  return foundNothing(
    `The data selector \`${selector.expression}\` matched nothing in the reply to ${request}, which is ${describe(body, keys)}`,
    `Correct \`data_selector\` (perhaps ${perhaps}), or set \`allow_empty: true\` if the reply may lack it.`,
    { selector: selector.expression, request, keys: shownKeys(keys) },
  );
}

// --- internal ---

const MOST_KEYS = 20;

function recordsOfNoMatch({ kind }: Absence): readonly Json[] | null | undefined {
  if (kind === 'empty') return [];
  return kind === 'null' ? null : undefined;
}

/** OData's list of entities: beside `value` there is only what the protocol itself adds. */
function isODataList(body: object): boolean {
  return Object.keys(body).every((key) => /^(value|@?odata\..*|nextLink|count)$/.test(key));
}

function foundNothing(message: string, hint: string, facts: ErrorFacts): PipelineError {
  return new PipelineError({ code: 'SelectorFoundNothing', message, hint, facts });
}

function shownKeys(keys: readonly string[]): string[] {
  return keys.slice(0, MOST_KEYS).map((key) => printable(key, 60));
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

function keysOf(body: Json): readonly string[] {
  return typeof body === 'object' && body !== null && !Array.isArray(body) ? Object.keys(body) : [];
}

function memberOf(body: Json, key: string): unknown {
  return typeof body === 'object' && body !== null ? Reflect.get(body, key) : undefined;
}

function describe(body: Json, keys: readonly string[]): string {
  if (Array.isArray(body)) return `a list of ${body.length}`;
  if (typeof body !== 'object' || body === null) return printable(`the value ${String(body)}`, 60);
  if (keys.length === 0) return 'an object without keys';
  const shown = keys.slice(0, MOST_KEYS).map((key) => {
    const inner = keysOf(memberOf(body, key)).slice(0, MOST_KEYS);
    const name = printable(key, 60);
    return inner.length === 0 ? name : `${name} {${inner.map((innerKey) => printable(innerKey, 60)).join(', ')}}`;
  });
  return `an object with the keys ${shown.join(', ')}${keys.length > MOST_KEYS ? ', …' : ''}`;
}
