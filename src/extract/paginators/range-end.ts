import { PipelineError } from '../../errors.ts';
import { type JsonPath, jsonPath } from '../../json-path/json-path.ts';
import type { Ending, PageFacts } from './paginator.ts';

export interface RangeOptions {
  /** dlt's default is `total`; null for none. */
  readonly total_path?: string | null | undefined;
  readonly stop_after_empty_page: boolean;
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

/**
 * When a numbered list ends, in dlt's order: an empty page; the total or the maximum (exclusive) is reached; and
 * `has_more_path`, where given, overrules these two. Unlike dlt, a missing total is only an error if nothing else can end
 * the list, and one that ends before the page that holds records counts as missing: `-1`, or `0` where nobody counted.
 */
export async function rangeEnd(options: RangeOptions, base: number, maximum: number | undefined): Promise<RangeEnd> {
  const totalPath = options.total_path === undefined ? 'total' : options.total_path;
  const totalAt = totalPath === null ? undefined : await jsonPath(totalPath, 'total_path');
  const hasMoreAt =
    options.has_more_path === undefined ? undefined : await jsonPath(options.has_more_path, 'has_more_path');
  const isLimited = maximum !== undefined || options.maximum_pages !== undefined;
  const endsWithoutTotal = options.stop_after_empty_page || isLimited || hasMoreAt !== undefined;

  const totalOf = (body: unknown) => (totalAt === undefined ? undefined : wholeNumber(totalAt.first(body)));

  return {
    ending({ body, records }, at, next) {
      if (options.stop_after_empty_page && records === 0) return 'empty';
      if (hasMoreAt !== undefined) return hasMore(hasMoreAt, body) ? undefined : 'flag';
      const total = believable(totalOf(body), records === 0 ? Number.NEGATIVE_INFINITY : at - base);
      if (total === undefined && !endsWithoutTotal) throw noEnd(totalPath);
      if (total !== undefined && next >= total + base) return 'said';
      return maximum !== undefined && next >= maximum ? 'maximum' : undefined;
    },
    end({ body }) {
      const total = hasMoreAt === undefined ? totalOf(body) : undefined;
      return total === undefined ? undefined : Math.min(total + base, maximum ?? Number.POSITIVE_INFINITY);
    },
    isTold: ({ body }) => hasMoreAt !== undefined || totalOf(body) !== undefined,
  };
}

/** The value at `has_more_path`: a boolean, or text such as `true`. Throws ReplyUnusable for anything else. */
export function hasMore(path: JsonPath, body: unknown): boolean {
  const value = path.first(body);
  if (typeof value === 'boolean') return value;
  if (typeof value === 'string' && /^(true|t|yes|y|on|1)$/i.test(value)) return true;
  if (typeof value === 'string' && /^(false|f|no|n|off|0)$/i.test(value)) return false;
  throw new PipelineError({
    code: 'ReplyUnusable',
    message: `The reply has no true or false at \`${path.expression}\`, the \`has_more_path\` of the paginator.`,
    hint: 'Correct `has_more_path`, or remove it if the API does not say whether there is more.',
    facts: { path: path.expression },
  });
}

// --- internal ---

function believable(total: number | undefined, before: number): number | undefined {
  return total !== undefined && total > before ? total : undefined;
}

function wholeNumber(value: unknown): number | undefined {
  if (typeof value === 'number' && Number.isInteger(value)) return value;
  return typeof value === 'string' && /^\s*\d+\s*$/.test(value) ? Number(value) : undefined;
}

function noEnd(totalPath: string | null): PipelineError {
  return new PipelineError({
    code: 'ReplyUnusable',
    message: `The reply has no whole number at \`${totalPath}\` that can be the total, and nothing else says where the list ends.`,
    hint: 'Correct `total_path`, or set `stop_after_empty_page: true`, a maximum, or `has_more_path`.',
    facts: { path: totalPath },
  });
}
