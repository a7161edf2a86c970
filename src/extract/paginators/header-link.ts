import { nextUrl } from './json-link.ts';
import type { PaginatorKind, Place } from './paginator.ts';

/** Follows `Link: <…>; rel="next"` (RFC 8288). Ends without one. */
export const headerLink: PaginatorKind<{ readonly links_next_key: string }> = {
  leadOf: () => 'a header `Link`',
  make({ links_next_key }) {
    return function* (from) {
      let isSeen = from !== undefined;
      for (let at: Place | null = from ?? null; ; ) {
        const reply = yield at === null ? { at } : { at, url: String(at) };
        const link = linkOf(reply.headers, links_next_key);
        isSeen ||= reply.headers.has('link');
        if (link === undefined) return isSeen ? 'said' : 'unseen';
        at = nextUrl(link, reply.url, 'in the header `Link`');
      }
    };
  },
};

/** The target of the link with this relation, also where quotes or brackets are not as they should be. */
export function linkOf(headers: Headers, relation: string): string | undefined {
  const links = headers.get('link') ?? '';
  const bracketed = links.includes('<') ? links : links.replace(/^[^;]*/, '<$&>');
  for (const [, target, parameters = ''] of bracketed.matchAll(/<([^<>]*)>((?:[^,"<]|"[^"]*")*)/g)) {
    const relations = /;\s*rel\s*=\s*(?:"([^"]*)"|'([^']*)'|([^\s;,"]+))/i.exec(parameters);
    const names = (relations?.[1] ?? relations?.[2] ?? relations?.[3] ?? '').toLowerCase().split(/\s+/);
    // Sentry names a next page always, and says so where it has nothing.
    const isHollow = /;\s*results\s*=\s*"?false/i.test(parameters);
    if (names.includes(relation.toLowerCase()) && !isHollow) return target;
  }
  return undefined;
}
