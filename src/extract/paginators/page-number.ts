import { followedBy, type PaginatorKind, stepWith } from './paginator.ts';
import { type RangeOptions, rangeEnd } from './range-end.ts';

export interface PageNumberOptions extends RangeOptions {
  /** The number of the first page of the list. */
  readonly base_page: number;
  /** The page to start with; default: `base_page`. */
  readonly page?: number | undefined;
  readonly page_param?: string | undefined;
  readonly page_body_path?: string | undefined;
  readonly page_size?: number | undefined;
  readonly page_size_param?: string | undefined;
  readonly page_size_body_path?: string | undefined;
  /** Exclusive. */
  readonly maximum_page?: number | undefined;
}

/** `?page=0`, `?page=1`, … The total at `total_path` is a number of pages. */
export const pageNumber: PaginatorKind<PageNumberOptions> = {
  skips: ({ base_page, page = base_page }) => page !== base_page,
  pagesAt: ({ total_path, total_header }) => total_header ?? total_path ?? 'total',
  async make(options) {
    const { base_page, page: firstPage = base_page, page_body_path: bodyPath } = options;
    const param = options.page_param ?? (bodyPath === undefined ? 'page' : undefined);
    const { page_size: size, page_size_param, page_size_body_path, maximum_page: maximum } = options;
    const range = await rangeEnd(options, { base: base_page, maximum, size });
    const sized = size === undefined ? [] : [{ value: size, param: page_size_param, bodyPath: page_size_body_path }];
    const stepTo = (page: number) => stepWith(page, [{ value: page, param, bodyPath }, ...sized]);
    return function* (from = firstPage) {
      let end: number | undefined;
      for (let page = Number(from); ; page += 1) {
        const reply = yield { ...stepTo(page), ...followedBy(stepTo, page, 1, end) };
        const ending = range.ending(reply, page, page + 1);
        if (ending !== undefined) return ending;
        end = range.end(reply);
      }
    };
  },
};
