import type { Json } from '../../json/json-value.ts';
import type { Entry } from './envelope.ts';
import { linkOf } from './header-link.ts';

/**
 * What a reply says about further pages. `flag`: that there are some. `next`: where the next one is. `cursor`: a value that may
 * lead on, but stands in some replies always. `total`, `pages`: how many records or pages there are.
 */
export interface Sign {
  readonly kind: 'flag' | 'next' | 'cursor' | 'total' | 'pages';
  readonly entry: Entry;
  /** The number of a total, or of the next page. */
  readonly number?: number;
}

export interface Signs {
  readonly all: readonly Sign[];
  /** A flag says that this is the end. */
  readonly isEnd: boolean;
  /** A place for the next page is there and empty. */
  readonly hasNoNext: boolean;
  /** The number that the reply gives its own page. */
  readonly page: number | undefined;
}

/** What the entries around the records, and a `Link` header, say about further pages. */
export function signsIn(entries: readonly Entry[], headers: Headers): Signs {
  const page = currentPage(entries);
  const found = entries.flatMap((entry) => signOf(entry, page) ?? []);
  const hasTotal = found.some(({ kind, entry }) => kind === 'total' && isOfWholeList(entry));
  const all = found.filter(
    ({ kind, entry }) => kind !== 'total' || isOfWholeList(entry) || !(hasTotal || isOfPage(entry)),
  );
  const link = linkOf(headers, 'next');
  const linked: Sign[] =
    link === undefined
      ? []
      : [{ kind: 'next', entry: { word: 'link', parent: '', value: link, place: 'Link', isHeader: true } }];
  return {
    all: [...linked, ...all],
    isEnd: entries.some(({ word, value }) => flagOf(word, value) === false),
    hasNoNext: entries.some((entry) => isNextWord(entry) && isNothing(entry.value)),
    page,
  };
}

/** A whole number, or text that is one. */
export function wholeNumber(value: Json): number | undefined {
  if (typeof value === 'number' && Number.isSafeInteger(value)) return value;
  return typeof value === 'string' && /^\s*\d{1,15}\s*$/.test(value) ? Number(value) : undefined;
}

/** False for a number that other replies give of their own page alone. */
export function isOfWholeList({ word }: Entry): boolean {
  return /total|odatacount|numfound|nbhits|contentrange/.test(word);
}

/** True for `last: false`, and other flags that are false where there is more. */
export function inverted({ word }: Entry): boolean {
  return last.test(word);
}

// --- internal ---

/** What counts in an object about pages, without saying that it is the total, counts the page, or is its size. */
function isOfPage({ parent }: Entry): boolean {
  return parent.startsWith('pag');
}

const next =
  /^(odata)?next((results?|records?|items?)(cursor|token|link|url|uri|href|offset|start|key|page|id)|(page|set|batch|results)?(cursor|token|link|url|uri|href|offset|start|skip|marker|key|page|after|position|continuation|id)*)$/;
const moreUrl = /^more\w*(link|url|uri|href)$/;
const inNext = /^(href|url|uri|link|after|startingafter|cursor|token|page|offset|start|number)$/;
const more =
  /^exceededtransferlimit$|^(has|is)?(more|next|truncated)((page|result|item|record|row|entrie|entry|data)s?)?(available|incollection)?$/;
const last = /^((is)?last(page|batch)?|(is)?done|endof(records|list|results|data))$/;
const cursor = /^(cursor|after|continue|continuation|continuationtoken|continuationkey|lastevaluatedkey)$/;
const total =
  /^(total((num|number)?(of)?(count|results?|records?|items?|elements?|entries|objects?|documents?|docs|rows?|hits|size|matches|found))?|(record|result|item|row|hit|object)s?(total|count)|counttotal|numfound|nbhits|found|count|odatacount)$/;
const pages =
  /^(pages|(total|num|nb|number|count|max)(of)?pages?|(total)?pagecount|pages?total|totalpagecount|lastpage)$/;

function signOf(entry: Entry, current: number | undefined): Sign | undefined {
  const { word, value } = entry;
  if (flagOf(word, value) === true) return { kind: 'flag', entry };
  const number = wholeNumber(value);
  if (isNextWord(entry)) {
    if (isNothing(value) || (typeof value !== 'string' && number === undefined)) return undefined;
    if (number === undefined) return { kind: 'next', entry };
    return number > 0 && number !== current ? { kind: 'next', entry, number } : undefined;
  }
  if (word === 'offset' && typeof value === 'string' && number === undefined && value !== '')
    return { kind: 'next', entry };
  if (isCursor(entry)) return { kind: 'cursor', entry };
  if (total.test(word)) return totalSign(entry);
  if (word === 'contentrange') return rangeSign(entry);
  return pages.test(word) && number !== undefined ? { kind: 'pages', entry, number } : undefined;
}

/** `true` and `false` where a word asks for them: whether there is more. */
function flagOf(word: string, value: Json): boolean | undefined {
  const flag = value === true || value === 'true' ? true : value === false || value === 'false' ? false : undefined;
  if (flag === undefined) return undefined;
  if (more.test(word)) return flag;
  return last.test(word) ? !flag : undefined;
}

function isNextWord({ word, parent }: Entry): boolean {
  return next.test(word) || moreUrl.test(word) || (next.test(parent) && inNext.test(word));
}

/** What stands where no next page is. */
function isNothing(value: Json): boolean {
  return (
    value === null || value === false || value === 0 || value === '' || value === '0' || value === -1 || value === '-1'
  );
}

/** `cursors.after` is none: it names the last record of the page. */
function isCursor({ word, parent, value }: Entry): boolean {
  if (!cursor.test(word) || parent === 'cursors') return false;
  if (typeof value === 'object' && value !== null)
    return Object.keys(value).length > 0 && /^(continue|last)/.test(word);
  return typeof value === 'string' && !isNothing(value);
}

/** Elasticsearch's `hits.total` is `{ value: 5, relation: eq }`. */
function totalSign(entry: Entry): Sign | undefined {
  const { value, place } = entry;
  const inner: unknown = typeof value === 'object' && value !== null ? Reflect.get(value, 'value') : undefined;
  const number = wholeNumber(inner ?? value);
  if (number === undefined || number === 0) return undefined;
  return {
    kind: 'total',
    number,
    entry: inner === undefined ? entry : { ...entry, value: inner, place: `${place}.value` },
  };
}

/** `Content-Range: items 0-99/1234`, or without the unit; of bytes it is about the reply itself. */
function rangeSign(entry: Entry): Sign | undefined {
  const [, size] = /^(?!bytes)[^/]*\/(\d{1,15})$/i.exec(String(entry.value)) ?? [];
  const number = wholeNumber(size);
  return entry.isHeader && number ? { kind: 'total', number, entry } : undefined;
}

function currentPage(entries: readonly Entry[]): number | undefined {
  const own = entries.find(
    ({ word, parent, value }) =>
      /^((current)?page(number|index)?|number)$/.test(word) && !next.test(parent) && wholeNumber(value) !== undefined,
  );
  return own === undefined ? undefined : wholeNumber(own.value);
}
