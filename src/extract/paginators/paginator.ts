import type { Json } from '../../json/json-value.ts';

/** Where in a list a page starts: a page number, an offset, a cursor, a URL. Plain JSON: it stands in a Position. */
export type Place = string | number;

/** How the request for one page differs from the endpoint's own. */
export interface Step {
  /** Null for a first page that has no name. */
  readonly at: Place | null;
  /** Instead of the endpoint's URL and parameters; may be relative to it. */
  readonly url?: string;
  readonly params?: Readonly<Record<string, Place>>;
  /** Values for the JSON body, by dotted path. */
  readonly body?: Readonly<Record<string, Place>>;
  /** The reply may be that to the request before: it then counts as an empty page. */
  readonly mayRepeat?: boolean;
  /** Some of the steps after this one, at most so many, where the source said how long the list is. */
  following?(most: number): readonly Step[];
}

/** What a paginator may look at to find the next page. */
export interface PageFacts {
  readonly body: Json;
  readonly headers: Headers;
  /** How many records the page had, before a filter of the data selector. */
  readonly records: number;
  /** The same, where these are what the source counts: the items of one list. */
  readonly items?: number | undefined;
  /** True for the same reply as before, after a step that says so. */
  readonly isRepeat?: boolean;
  /** Where the reply came from; links are relative to it. */
  readonly url: URL;
}

/**
 * Why a list ends. `single`: only one request is made. `flag`: `has_more_path` says so. `said`: no link or cursor any more, or
 * the total is reached. `empty`: a page without records. `short`: one with fewer than were asked for. `maximum`: the configuration wants no more. `unseen`: what should lead
 * on was in no reply. `more`: nothing leads on, though `has_more_path` says that there is more.
 */
export type Ending = 'single' | 'flag' | 'said' | 'empty' | 'short' | 'maximum' | 'unseen' | 'more';

/**
 * A paginator is a generator: it yields the request for a page, is given what came back, and after the last page says why.
 * It starts at the first page or at `from`, the `at` of a step that it once yielded. One call serves one request chain.
 */
export type Paginator = (from?: Place) => Generator<Step, Ending, PageFacts>;

/** For what a person should know. */
export type Tell = (note: string) => void;

/** What a kind of paginator does. Its keys stand in the grammar, config/grammar/paginator-kinds.ts. */
export interface PaginatorKind<Options> {
  /** Throws ConfigInvalid for a wrong JSONPath. */
  make(options: Options, tell: Tell): Paginator | Promise<Paginator>;
  /** What of a reply leads on to the next page, as messages name it. Absent where the pages are counted. */
  leadOf?(options: Options): string;
  /** True where it begins in the middle of the list: a total then counts more than what is read. */
  skips?(options: Options): boolean;
  /** JSONPath to what it takes for the number of pages, whatever that is called, or the header. */
  pagesAt?(options: Options): string;
}

/** A value that goes into a query parameter or into the JSON body, whichever the configuration names. */
export interface PlacedValue {
  readonly value: Place;
  readonly param: string | undefined;
  readonly bodyPath: string | undefined;
}

export function stepWith(at: Place, placed: readonly PlacedValue[]): Step {
  const params: Record<string, Place> = {};
  const body: Record<string, Place> = {};
  for (const { value, param, bodyPath } of placed) {
    if (param !== undefined) params[param] = value;
    if (bodyPath !== undefined) body[bodyPath] = value;
  }
  return { at, params, ...(Object.keys(body).length > 0 && { body }) };
}

/** `following` of a numbered step: those up to the end of the list, exclusive, where that is known. */
export function followedBy(
  stepAt: (start: number) => Step,
  start: number,
  advance: number,
  end: number | undefined,
): Pick<Step, 'following'> {
  if (end === undefined) return {};
  const left = Math.ceil((end - start) / advance) - 1;
  const following = (most: number) =>
    Array.from({ length: Math.max(0, Math.min(most, left)) }, (_, index) => stepAt(start + (index + 1) * advance));
  return { following };
}
