import type { Json } from '../../json/json-value.ts';
import type { JsonPath } from '../../json-path/json-path.ts';

/** Something that a reply says beside its records. */
export interface Entry {
  /** Its name in lower case, letters and digits only: `has_more` and `hasMore` are `hasmore`. */
  readonly word: string;
  /** That of the object that holds it; empty for a header and for what stands beside the records. */
  readonly parent: string;
  readonly value: Json;
  /** A JSONPath, or the name of a header. */
  readonly place: string;
  readonly isHeader: boolean;
}

/**
 * What stands around the records of a reply: members of the objects that hold their list, of objects in these that by their
 * name are about paging (`meta`, `pagination`, `_links`, …), and headers. Nothing of the records themselves.
 */
export function envelopeOf(body: Json, headers: Headers, selector: JsonPath): Entry[] {
  const found = new Map<string, Entry>();
  const add = (entry: Entry) => found.set(entry.place, found.get(entry.place) ?? entry);
  const records = selector.lead.length === 0 ? undefined : valueAt(body, selector.lead);
  for (const { object, path } of holdersOf(body, selector)) addMembers(object, path, '', records, add);
  for (const [name, value] of headers)
    add({ word: headerWord(name), parent: '', value, place: headerName(name), isHeader: true });
  return [...found.values()];
}

// --- internal ---

/** `meta.next`, or `$['@odata.nextLink']` where a name is more than letters and digits. */
function pathTo(keys: Keys): string {
  const isPlain = keys.every((key) => typeof key === 'string' && /^[A-Za-z_]\w*$/.test(key));
  return isPlain ? keys.join('.') : inBrackets(keys);
}

type Members = Readonly<Record<string, Json>>;
type Keys = readonly (string | number)[];

/** Objects about paging may hold one another: `links.pages.next`. */
const DEEPEST = 4;
/** No word that matters is longer. */
const LONGEST = 40;

const aboutPaging =
  /^(pag(e|ing|inat)\w*|\w*meta(data)?|links?|cursors?|continue|next(page|set|batch|link|cursor)?|(result|list|response)?info|resultset|additionaldata|navigation)$/;

/** From the outside in; what the path leads to are the records. Where nothing leads to them it is the whole. */
function holdersOf(body: Json, { lead }: JsonPath): { object: Members; path: Keys }[] {
  const starts = lead.length === 0 ? [[]] : lead.map((_, depth) => lead.slice(0, depth));
  return starts.flatMap((start) => {
    const object = valueAt(body, start);
    return isObject(object) ? [{ object, path: start }] : [];
  });
}

function valueAt(body: Json, keys: Keys): Json {
  return keys.reduce<Json>(
    (place, key) => (isObject(place) || Array.isArray(place) ? Reflect.get(place, key) : undefined),
    body,
  );
}

function addMembers(object: Members, path: Keys, parent: string, records: Json, add: (entry: Entry) => void): void {
  for (const [key, value] of Object.entries(object)) {
    const word = wordOf(key);
    const memberPath = [...path, key];
    add({ word, parent, value, place: pathTo(memberPath), isHeader: false });
    if (value === records && records !== undefined) continue;
    if (isObject(value) && aboutPaging.test(word) && path.length < DEEPEST)
      addMembers(value, memberPath, word, records, add);
    if (Array.isArray(value) && /^links?$/.test(word)) addNextOf(value, memberPath, add);
  }
}

/** `links: [{ rel: next, href: … }]`. */
function addNextOf(links: readonly Json[], path: Keys, add: (entry: Entry) => void): void {
  for (const link of links) {
    if (!isObject(link)) continue;
    const relation = ['rel', 'relation'].find((key) => link[key] === 'next');
    const target = ['href', 'url', 'uri'].find((key) => typeof link[key] === 'string');
    if (relation === undefined || target === undefined) continue;
    const place = `${inBrackets(path)}[?@.${relation} == 'next'].${target}`;
    add({ word: 'next', parent: '', value: link[target], place, isHeader: false });
  }
}

function inBrackets(keys: Keys): string {
  const quoted = (key: string) => `'${key.replace(/['\\]/g, '\\$&')}'`;
  return `$${keys.map((key) => `[${typeof key === 'number' ? key : quoted(key)}]`).join('')}`;
}

function wordOf(key: string): string {
  return key.length > LONGEST ? '' : key.toLowerCase().replace(/[^a-z0-9]/g, '');
}

/** `x-total-pages` → `X-Total-Pages`. */
function headerName(name: string): string {
  return name.replace(/(^|-)[a-z]/g, (initial) => initial.toUpperCase());
}

/** `X-Total-Pages` → `totalpages`, `X-WP-Total` → `total`. */
function headerWord(name: string): string {
  return wordOf(name.replace(/^(x-)?(wp-|ms-|pagination-)?/i, ''));
}

function isObject(value: Json): value is Members {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
