import type { Entry } from './envelope.ts';
import { inverted, type Sign, type Signs } from './signs.ts';

export interface AdviceFacts {
  readonly signs: Signs;
  readonly entries: readonly Entry[];
  readonly isPost: boolean;
  /** How many records the page had. */
  readonly records: number;
}

/**
 * The paginator that would read what the signs tell of, as it is written in YAML. What only the documentation of the API can
 * say, such as the name of a parameter, is `…`.
 */
export function paginatorFor(unread: readonly Sign[], facts: AdviceFacts): string {
  const [first] = ['next', 'cursor', 'flag', 'pages', 'total'].flatMap((kind) =>
    unread.filter((sign) => sign.kind === kind),
  );
  if (first === undefined) return '';
  const { entry } = first;
  if (entry.isHeader && entry.word === 'link') return 'header_link';
  if (first.kind === 'next' && entry.isHeader) {
    return flow({ type: 'header_cursor', cursor_key: entry.place, cursor_param: isPage(entry) ? 'page' : '…' });
  }
  if (first.kind === 'next' && isLink(entry)) return flow({ type: 'json_link', next_url_path: entry.place });
  if (first.kind === 'next' && first.number !== undefined) return byNumber(first, facts);
  if (first.kind === 'next' || first.kind === 'cursor') return byCursor(entry, facts);
  if (first.kind === 'flag') return byFlag(facts);
  return first.kind === 'pages' ? byPages(first, facts) : byTotal(first, facts);
}

// --- internal ---

type Options = Readonly<Record<string, string | number | null | undefined>>;

/** A number may be of a page, an offset, or a cursor, which to follow is right whatever it counts. */
function byNumber({ number = 0, entry }: Sign, facts: AdviceFacts): string {
  const [pages, total] = [ofKind(facts, 'pages'), ofKind(facts, 'total')];
  if (/offset|start|skip/.test(entry.word)) return byTotal(total, facts);
  if (/cursor|token|marker|after|position|continuation|key|id$/.test(entry.word)) return byCursor(entry, facts);
  // The second page of a list has no number above 2.
  const isOfPage = isPage(entry) || pages !== undefined || number <= 2 || number - 1 === facts.signs.page;
  if (isOfPage) return byPages(pages, facts, number - 1);
  return total !== undefined && number === facts.records ? byTotal(total, facts) : byCursor(entry, facts);
}

function byCursor(entry: Entry, facts: AdviceFacts): string {
  const place = facts.isPost ? 'cursor_body_path' : 'cursor_param';
  return flow({ type: 'cursor', cursor_path: entry.place, [place]: '…', has_more_path: flagPath(facts) });
}

function byFlag(facts: AdviceFacts): string {
  const cursor = facts.entries.find(({ word, value }) => word === 'endcursor' && typeof value === 'string');
  return cursor === undefined ? byPages(ofKind(facts, 'pages'), facts) : byCursor(cursor, facts);
}

function byPages(pages: Sign | undefined, facts: AdviceFacts, base = facts.signs.page ?? 1): string {
  const place = facts.isPost ? { page_body_path: '…' } : {};
  return flow({
    type: 'page_number',
    base_page: Math.min(base, 1),
    ...place,
    ...totalAt(pages),
    has_more_path: flagPath(facts),
  });
}

function byTotal(total: Sign | undefined, facts: AdviceFacts): string {
  const places = facts.isPost ? { offset_body_path: '…', limit_body_path: '…' } : {};
  return flow({ type: 'offset', limit: Math.max(facts.records, 1), ...places, ...totalAt(total) });
}

/** Where a numbered list reads how long it is. */
function totalAt(sign: Sign | undefined): Options {
  if (sign === undefined) return { total_path: null };
  return sign.entry.isHeader ? { total_header: sign.entry.place } : { total_path: sign.entry.place };
}

function ofKind({ signs }: AdviceFacts, kind: Sign['kind']): Sign | undefined {
  return signs.all.find((sign) => sign.kind === kind);
}

/** Of a flag that says there is more; one that says that this is the end cannot be named so. */
function flagPath({ signs }: AdviceFacts): string | undefined {
  return signs.all.find(({ kind, entry }) => kind === 'flag' && !entry.isHeader && !inverted(entry))?.entry.place;
}

function isPage({ word }: Entry): boolean {
  return word.endsWith('page');
}

function isLink({ word, value }: Entry): boolean {
  if (typeof value !== 'string') return false;
  return /^(https?:\/\/|\/|\?)/i.test(value) || /(link|url|uri|href)$/.test(word);
}

/** `{ type: cursor, cursor_path: meta.next }`. */
function flow(options: Options): string {
  const pairs = Object.entries(options).flatMap(([key, value]) =>
    value === undefined ? [] : [`${key}: ${typeof value === 'string' ? scalar(value) : value}`],
  );
  return `{ ${pairs.join(', ')} }`;
}

function scalar(text: string): string {
  return /^[\w.…-]+$/.test(text) ? text : JSON.stringify(text);
}
