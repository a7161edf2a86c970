import { type Paginator, stepWith } from './paginator.ts';
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

/** `?offset=0&limit=50`, `?offset=50&limit=50`, … The total at `total_path` is a number of items. */
export async function offset(options: OffsetOptions): Promise<Paginator> {
  const { limit, offset_body_path, limit_body_path } = options;
  const offsetParam = options.offset_param ?? (offset_body_path === undefined ? 'offset' : undefined);
  const limitParam = options.limit_param ?? (limit_body_path === undefined ? 'limit' : undefined);
  const isLast = await rangeEnd(options, 0, options.maximum_offset);
  return function* (from = options.offset) {
    for (let start = Number(from); ; start += limit) {
      const reply = yield stepWith(start, [
        { value: start, param: offsetParam, bodyPath: offset_body_path },
        { value: limit, param: limitParam, bodyPath: limit_body_path },
      ]);
      if (isLast(reply, start + limit)) return;
    }
  };
}
