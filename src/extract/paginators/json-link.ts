import { PipelineError } from '../../errors.ts';
import { jsonPath } from '../../json-path/json-path.ts';
import { holdsUser } from '../http/url.ts';
import type { PaginatorKind, Place } from './paginator.ts';

/** Follows the URL that the reply holds at `next_url_path`, which may be relative. Ends when it is missing, empty or false. */
export const jsonLink: PaginatorKind<{ readonly next_url_path: string }> = {
  leadOf: ({ next_url_path }) => `\`${next_url_path}\`, the \`next_url_path\``,
  async make({ next_url_path }) {
    const nextAt = await jsonPath(next_url_path, 'next_url_path');
    return function* (from) {
      let isSeen = from !== undefined;
      for (let at: Place | null = from ?? null; ; ) {
        const reply = yield at === null ? { at } : { at, url: String(at) };
        const link = nextAt.first(reply.body);
        isSeen ||= link !== undefined;
        if (!link) return isSeen ? 'said' : 'unseen';
        at = nextUrl(link, reply.url, `at \`${next_url_path}\``);
      }
    };
  },
};

/** The absolute URL of a link. Throws ReplyUnusable if it is none. */
export function nextUrl(link: unknown, from: URL, where: string): string {
  const url = typeof link === 'string' && URL.canParse(link, from.href) ? new URL(link, from) : undefined;
  if (url !== undefined && holdsUser(url)) {
    throw new PipelineError({
      code: 'ReplyUnusable',
      message: `The link to the next page ${where} has a user name or password in it: it is not followed.`,
      hint: 'Ask for the pages by number, offset or cursor: credentials belong in `auth`.',
    });
  }
  if (url !== undefined && /^https?:$/.test(url.protocol)) return url.href;
  throw new PipelineError({
    code: 'ReplyUnusable',
    message: `The reply has no usable URL ${where}, where the link to the next page should be.`,
    hint: 'Correct the paginator: the link must be an `http(s)` URL or a path.',
  });
}
