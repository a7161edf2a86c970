import { PipelineError } from '../../errors.ts';
import { type JsonPath, jsonPath } from '../../json-path/json-path.ts';
import type { Ending, PageFacts } from './paginator.ts';

export interface RangeOptions {
  /** dlt's default is `total`; null for none. */
  readonly total_path?: string | null | undefined;
  readonly total_header?: string | undefined;
  readonly stop_after_empty_page: boolean;
  readonly stop_after_short_page?: boolean | undefined;
  readonly has_more_path?: string | undefined;
  readonly maximum_pages?: number | undefined;
}

export interface RangeEnd {
  /** Why the page just read, which began at `at`, was the last one; `next` is the number that the next page would have. */
  ending(page: PageFacts, at: number, next: number): Ending | undefined;
  /** True if the reply itself says whether there is more. */
  isTold(page: PageFacts): boolean;
  /** Where the list ends, exclusive, in the numbers of its pages or items; undefined where the reply does not say so. */
  end(page: PageFacts): number | undefined;
}

export interface Range {
  /** The number of its first page or item. */
  readonly base: number;
  /** Exclusive. */
  readonly maximum: number | undefined;
  /** Records a page that are asked for. */
  readonly size: number | undefined;
}

/**
 * When a numbered list ends, in dlt's order: an empty page; the total or the maximum (exclusive) is reached; and
 * `has_more_path`, where given, overrules these two. Before them, where that is wanted, a page that is not full. Unlike dlt, a missing total is only an error if nothing else can end
 * the list, and one that ends before the page that holds records counts as missing: `-1`, or `0` where nobody counted.
 */
export async function rangeEnd(options: RangeOptions, { base, maximum, size }: Range): Promise<RangeEnd> {
  const { total_header, stop_after_short_page = false } = options;
  const byDefault = total_header === undefined ? 'total' : null;
  const totalPath = options.total_path === undefined ? byDefault : options.total_path;
  const totalAt = totalPath === null ? undefined : await jsonPath(totalPath, 'total_path');
  const hasMoreAt =
    options.has_more_path === undefined ? undefined : await jsonPath(options.has_more_path, 'has_more_path');
  const isLimited = maximum !== undefined || options.maximum_pages !== undefined;
  const endsAtPage = options.stop_after_empty_page || (stop_after_short_page && size !== undefined);
  const endsWithoutTotal = endsAtPage || isLimited || hasMoreAt !== undefined;

  const totalOf = ({ body, headers }: PageFacts) => {
    if (total_header !== undefined) return wholeNumber(headers.get(total_header)?.replace(rangeStart, ''));
    return totalAt === undefined ? undefined : wholeNumber(totalAt.first(body));
  };

  return {
    ending(page, at, next) {
      const { body, records, items = records } = page;
      if (options.stop_after_empty_page && records === 0) return 'empty';
      if (hasMoreAt !== undefined) return hasMore(hasMoreAt, body) ? undefined : 'flag';
      if (stop_after_short_page && size !== undefined && items < size) return 'short';
      const total = believable(totalOf(page), records === 0 ? Number.NEGATIVE_INFINITY : at - base);
      if (total === undefined && !endsWithoutTotal) throw noEnd(totalPath, total_header);
      if (total !== undefined && next >= total + base) return 'said';
      return maximum !== undefined && next >= maximum ? 'maximum' : undefined;
    },
    end(page) {
      const total = hasMoreAt === undefined ? totalOf(page) : undefined;
      return total === undefined ? undefined : Math.min(total + base, maximum ?? Number.POSITIVE_INFINITY);
    },
    isTold: (page) => hasMoreAt !== undefined || totalOf(page) !== undefined,
  };
}

/** The value at `has_more_path`: a boolean, or text such as `true`; undefined where nothing stands. Throws ReplyUnusable for anything else. */
export function flagAt(path: JsonPath, body: unknown): boolean | undefined {
  const value = path.first(body);
  if (value === undefined || value === null) return undefined;
  if (typeof value === 'boolean') return value;
  if (typeof value === 'string' && /^(true|t|yes|y|on|1)$/i.test(value)) return true;
  if (typeof value === 'string' && /^(false|f|no|n|off|0)$/i.test(value)) return false;
  throw noFlag(path);
}

// --- internal ---

function hasMore(path: JsonPath, body: unknown): boolean {
  const flag = flagAt(path, body);
  if (flag === undefined) throw noFlag(path);
  return flag;
}

function noFlag(path: JsonPath): PipelineError {
  return new PipelineError({
    code: 'ReplyUnusable',
    message: `The reply has no true or false at \`${path.expression}\`, the \`has_more_path\` of the paginator.`,
    hint: 'Correct `has_more_path`, or remove it if the API does not say whether there is more.',
    facts: { path: path.expression },
  });
}

/** `items 0-99/` before the total of a `Content-Range`. */
const rangeStart = /^[^/]*\//;

function believable(total: number | undefined, before: number): number | undefined {
  return total !== undefined && total > before ? total : undefined;
}

function wholeNumber(value: unknown): number | undefined {
  if (typeof value === 'number' && Number.isInteger(value)) return value;
  return typeof value === 'string' && /^\s*\d+\s*$/.test(value) ? Number(value) : undefined;
}

function noEnd(path: string | null, header: string | undefined): PipelineError {
  const where = header === undefined ? `at \`${path}\`` : `in the header \`${header}\``;
  return new PipelineError({
    code: 'ReplyUnusable',
    message: `The reply has no whole number ${where} that can be the total, and nothing else says where the list ends.`,
    hint: `Correct \`${header === undefined ? 'total_path' : 'total_header'}\`, or set \`stop_after_empty_page: true\`, a maximum, or \`has_more_path\`.`,
    facts: { path: path ?? header },
  });
}
