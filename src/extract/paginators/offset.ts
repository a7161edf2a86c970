import { PipelineError } from '../../errors.ts';
import { followedBy, type PageFacts, type PaginatorKind, type Step, stepWith } from './paginator.ts';
import { type RangeOptions, rangeEnd } from './range-end.ts';

export interface OffsetOptions extends RangeOptions {
  /** Items a page. */
  readonly limit: number;
  readonly offset: number;
  readonly offset_param?: string | undefined;
  readonly offset_body_path?: string | undefined;
  readonly limit_param?: string | undefined;
  readonly limit_body_path?: string | undefined;
  /** Exclusive. */
  readonly maximum_offset?: number | undefined;
}

/**
 * `?offset=0&limit=50`, `?offset=50&limit=50`, … The total at `total_path` is a number of items. A source that sends fewer items
 * than it is asked for is asked for the next ones after those that came.
 */
export const offset: PaginatorKind<OffsetOptions> = {
  skips: (options) => options.offset !== 0,
  async make(options) {
    const { limit, offset_body_path, limit_body_path } = options;
    const offsetParam = options.offset_param ?? (offset_body_path === undefined ? 'offset' : undefined);
    const limitParam = options.limit_param ?? (limit_body_path === undefined ? 'limit' : undefined);
    const range = await rangeEnd(options, { base: 0, maximum: options.maximum_offset, size: limit });
    const stepAt = (start: number): Step =>
      stepWith(start, [
        { value: start, param: offsetParam, bodyPath: offset_body_path },
        { value: limit, param: limitParam, bodyPath: limit_body_path },
      ]);
    return function* (from = options.offset) {
      // A page as long as asked for: the source has no smaller limit of its own, a short page is the last or lacks what is hidden.
      let hadFull = false;
      let mayRepeat = false;
      let end: number | undefined;
      for (let [start, before] = [Number(from), 0]; ; ) {
        const following = followedBy(stepAt, start, limit, end);
        const reply: PageFacts = yield { ...stepAt(start), ...following, ...(mayRepeat && { mayRepeat }) };
        if (reply.isRepeat) {
          if (before + limit >= (options.maximum_offset ?? Number.POSITIVE_INFINITY)) return 'maximum';
          const beyond = yield stepAt(before + limit);
          if (beyond.records > 0) throw smallerPages(limit);
          return 'empty';
        }
        const items = reply.items ?? limit;
        hadFull ||= items >= limit;
        const advance = hadFull || items === 0 ? limit : items;
        const ending = range.ending(reply, start, start + advance);
        if (ending !== undefined) return ending;
        // The end of a short list looks the same. A source that rounds offsets to whole pages then sends it again.
        mayRepeat = advance < limit && !range.isTold(reply);
        end = advance === limit ? range.end(reply) : undefined;
        [start, before] = [start + advance, start];
      }
    };
  },
};

// --- internal ---

function smallerPages(limit: number): PipelineError {
  return new PipelineError({
    code: 'ReplyUnusable',
    message: `The source sends fewer items a page than \`limit: ${limit}\` asks for, and counts offsets in whole pages: some items cannot be asked for.`,
    hint: 'Set `limit` of the paginator to the number of items that a page has.',
    facts: { limit },
  });
}
