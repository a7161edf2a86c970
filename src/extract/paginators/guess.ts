import type { PaginatorConfig } from '../../config/grammar/paginator-schema.ts';
import type { Json } from '../../json/json-value.ts';
import { linkOf } from './header-link.ts';
import type { PageFacts } from './paginator.ts';

type Seen = Pick<PageFacts, 'body' | 'headers'>;

export type SettledPaginator = Exclude<PaginatorConfig, { type: 'auto' }>;

/**
 * The paginator that the first reply itself shows: a `Link` header with `rel="next"`, or a URL under a key that starts with
 * `next`. Anything less certain (a total, a bare cursor) is no reason to ask for more: single page.
 */
export function guessPaginator({ headers, body }: Seen): SettledPaginator {
  if (linkOf(headers, 'next') !== undefined) return { type: 'header_link', links_next_key: 'next' };
  const path = pathOfNextUrl(body, '$');
  return path === undefined ? { type: 'single_page' } : { type: 'json_link', next_url_path: path };
}

/** Whether a reply is a page of a list by what it says of the next one, be it that there is none: `next: null`. */
export function isPageOfList(seen: Seen): boolean {
  const { body } = seen;
  if (guessPaginator(seen).type !== 'single_page') return true;
  if (typeof body !== 'object' || body === null) return false;
  return Object.entries(body).some(([key, value]) => value === null && /^next(_?(page|url|link))?$/i.test(key));
}

// --- internal ---

/** Deeper objects are records or their parts. */
const DEEPEST = 3;

function pathOfNextUrl(value: Json, path: string, depth = 0): string | undefined {
  if (typeof value !== 'object' || value === null || Array.isArray(value) || depth === DEEPEST) return undefined;
  for (const [key, member] of Object.entries(value)) {
    const memberPath = /^[A-Za-z_]\w*$/.test(key) ? `${path}.${key}` : `${path}[${JSON.stringify(key)}]`;
    const isNext = /^(@odata\.)?next/i.test(key);
    if (isNext && (isUrl(member) || (key === '@odata.nextLink' && isReference(member)))) return memberPath;
    if (isNext && typeof member === 'object' && member !== null) {
      const link = Object.entries(member).find(([name, to]) => /^(href|url|link)$/i.test(name) && isReference(to));
      if (link !== undefined) return `${memberPath}.${link[0]}`;
    }
    const below = pathOfNextUrl(member, memberPath, depth + 1);
    if (below !== undefined) return below;
  }
  return undefined;
}

function isUrl(value: unknown): boolean {
  return typeof value === 'string' && /^(https?:\/\/|\/|\?)/i.test(value);
}

/** A URL, or what is relative to one: where a name says that it is a link. */
function isReference(value: unknown): boolean {
  return typeof value === 'string' && /^\S+$/.test(value);
}
