import { PipelineError } from '../../errors.ts';
import { jsonPath } from '../../json-path/json-path.ts';
import { type PaginatorKind, type Place, stepWith } from './paginator.ts';
import { flagAt } from './range-end.ts';

export interface CursorOptions {
  readonly cursor_path: string;
  readonly cursor_param?: string | undefined;
  readonly cursor_body_path?: string | undefined;
  readonly stop_after_empty_page: boolean;
  readonly has_more_path?: string | undefined;
}

/** The first request carries no cursor, every other one that of the reply before. Ends without a cursor. */
export const cursor: PaginatorKind<CursorOptions> = {
  leadOf: ({ cursor_path }) => `\`${cursor_path}\`, the \`cursor_path\``,
  async make(options, tell) {
    const { cursor_path, cursor_body_path: bodyPath, has_more_path, stop_after_empty_page } = options;
    const param = options.cursor_param ?? (bodyPath === undefined ? 'cursor' : undefined);
    const cursorAt = await jsonPath(cursor_path, 'cursor_path');
    const hasMoreAt = has_more_path === undefined ? undefined : await jsonPath(has_more_path, 'has_more_path');
    return function* (from) {
      let isSeen = from !== undefined;
      for (let at: Place | null = from ?? null; ; ) {
        const reply = yield at === null ? { at } : stepWith(at, [{ value: at, param, bodyPath }]);
        if (stop_after_empty_page && reply.records === 0) return 'empty';
        const hasMore = hasMoreAt === undefined ? undefined : flagAt(hasMoreAt, reply.body);
        if (hasMore === false) return 'flag';
        if (hasMoreAt !== undefined && hasMore === undefined) tell(withoutFlag(hasMoreAt.expression, cursor_path));
        const next = cursorAt.first(reply.body);
        isSeen ||= next !== undefined;
        at = cursorOf(next, cursor_path);
        if (at === null && hasMore === true) return 'more';
        if (at === null) return isSeen ? 'said' : 'unseen';
      }
    };
  },
};

// --- internal ---

function withoutFlag(path: string, cursorPath: string): string {
  return `a reply had no \`${path}\`, the \`has_more_path\`: \`${cursorPath}\` alone said whether there is more`;
}

/** Null, false, 0 and '' mean that there is no further page, as with dlt. */
function cursorOf(value: unknown, path: string): Place | null {
  if (typeof value === 'string' && value !== '') return value;
  if (typeof value === 'number' && value !== 0) return value;
  if (typeof value === 'bigint') return String(value);
  if (!value) return null;
  throw new PipelineError({
    code: 'ReplyUnusable',
    message: `The reply has ${Array.isArray(value) ? 'a list' : `a value of type ${typeof value}`} at \`${path}\`, where the cursor should be.`,
    hint: 'Correct `cursor_path`: it must lead to text or a number.',
    facts: { path },
  });
}
