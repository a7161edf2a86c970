import { type PaginatorKind, type Place, stepWith } from './paginator.ts';

export interface HeaderCursorOptions {
  /** Name of the header that holds the next cursor. */
  readonly cursor_key: string;
  readonly cursor_param: string;
}

/** Like `cursor`, the cursor taken from a header. Ends when the header is absent or empty. */
export const headerCursor: PaginatorKind<HeaderCursorOptions> = {
  leadOf: ({ cursor_key }) => `a header \`${cursor_key}\``,
  make({ cursor_key, cursor_param }) {
    return function* (from) {
      let isSeen = from !== undefined;
      for (let at: Place | null = from ?? null; ; ) {
        const reply = yield at === null
          ? { at }
          : stepWith(at, [{ value: at, param: cursor_param, bodyPath: undefined }]);
        isSeen ||= reply.headers.has(cursor_key);
        at = reply.headers.get(cursor_key) || null;
        if (at === null) return isSeen ? 'said' : 'unseen';
      }
    };
  },
};
