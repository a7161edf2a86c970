import type { ClientConfig } from '../../config/grammar/client-schema.ts';
import type { PaginatorConfig } from '../../config/grammar/paginator-schema.ts';
import { PipelineError } from '../../errors.ts';
import type { Json } from '../../json/json-value.ts';
import type { Endpoint } from '../endpoint.ts';
import type { SecretMask } from '../http/secret-mask.ts';
import { type ChainRead, NOTHING_READ } from './chain-read.ts';
import { guessPaginator, isPageOfList, type SettledPaginator } from './guess.ts';
import type { Paginator, Place, Step } from './paginator.ts';
import { paginatorOf, traitsOf } from './paginator-of.ts';
import type { Rest } from './rest.ts';
import { RestWatch, type WatchedPage } from './rest-watch.ts';
import { configuredPaginator, maximumPages, settledPaginator } from './settled-paginator.ts';
import { onePage } from './single-page.ts';
import { surroundingsOf } from './surroundings.ts';

export interface PagingOptions {
  readonly endpoint: Endpoint;
  readonly client?: ClientConfig | undefined;
  readonly mask: SecretMask;
  /** Null: from the first page. */
  readonly from: PagingPlace | null;
  /** For what a person should know. */
  note(text: string): void;
  /** For what a person should know while it goes on. */
  warn(text: string): void;
}

/** Where the paging of a chain continues: plain JSON. */
export interface PagingPlace {
  readonly at: Place;
  /** What was read until there. */
  readonly read: ChainRead;
  /** What the first reply showed, where the configuration leaves it open. */
  readonly paginator?: SettledPaginator;
}

/** What follows a page. */
export interface Turn {
  /** The request for the next page; null after the last one. */
  readonly step: Step | null;
  /** What was not read of the list, after the last page. */
  readonly rest: Rest | undefined;
  /** What leads on from page to page was there. */
  readonly isLed: boolean;
}

/** So many pages without a record, one after another, are told of. */
const MANY_EMPTY = 100;
/** A list can be long, but not endless: a paginator gone wrong would ask until the disk is full. */
const MOST_PAGES = 100_000;

/** Leads one request chain from page to page, as far as its paginator and `maximum_pages` go. */
export class Paging {
  readonly #options: PagingOptions;
  readonly #configured: PaginatorConfig;
  readonly #watch: RestWatch;
  #config: SettledPaginator | undefined;
  #steps: ReturnType<Paginator>;
  #step: Step;
  #bytes: Buffer | undefined;

  private constructor(options: PagingOptions, config: SettledPaginator | undefined, paginator: Paginator) {
    const { endpoint, client, mask, from } = options;
    this.#options = options;
    this.#configured = configuredPaginator(endpoint, client);
    this.#config = config;
    this.#watch = new RestWatch({ endpoint, config: this.#configured, read: from?.read ?? NOTHING_READ, mask });
    this.#steps = paginator(from?.at);
    const first = this.#steps.next();
    this.#step = first.done ? { at: null } : first.value;
  }

  /** Throws ConfigInvalid for a wrong JSONPath. */
  static async open(options: PagingOptions): Promise<Paging> {
    const config = options.from?.paginator ?? settledPaginator(options.endpoint, options.client);
    // The first request is the same whatever paginator the reply will show.
    return new Paging(
      options,
      config,
      config === undefined ? onePage : await paginatorOf(config, (note) => options.note(note)),
    );
  }

  /** The first request. */
  get start(): Step {
    return this.#step;
  }

  /** Whether a first reply is a page of a list: the configuration says how it goes on, or the reply itself. */
  expectsList(body: Json, headers: Headers): boolean {
    const { type } = this.#configured;
    return type === 'auto' ? isPageOfList({ body, headers }) : type !== 'single_page';
  }

  /** True for the reply of before, where that may come again. */
  isRepeat(bytes: Buffer): boolean {
    return this.#step.mayRepeat === true && this.#bytes?.equals(bytes) === true;
  }

  async after(page: WatchedPage, bytes: Buffer): Promise<Turn> {
    this.#config ??= await this.#guess(page);
    const config = this.#config;
    const surroundings = surroundingsOf(page);
    this.#watch.add(page, surroundings);
    if (this.#watch.read.empty === MANY_EMPTY) this.#options.warn(manyEmpty(config));
    const { done, value } = this.#steps.next({ ...page, items: surroundings.items });
    if (done) return { step: null, rest: this.#watch.rest(value, config), isLed: value !== 'unseen' };
    this.#step = value;
    this.#bytes = value.mayRepeat === true ? bytes : undefined;
    if (this.#isMaximum()) return { step: null, rest: this.#watch.rest('maximum_pages', config), isLed: true };
    return { step: this.#withinMaximum(value), rest: undefined, isLed: true };
  }

  /** What was not read of a list that a reply ended which counts for no page. */
  cutShort(): Rest | undefined {
    return this.#watch.rest('ignored', this.#config ?? this.#configured);
  }

  /** Whether the pages that were read say that there are more. */
  goesOn(): boolean {
    const config = this.#config ?? this.#configured;
    const isLed = this.#watch.read.pages > 0 && traitsOf(config).isLed;
    return isLed || this.#watch.rest('stopped', config) !== undefined;
  }

  /** Null for a step that cannot be continued with. */
  placeOf({ at }: Step): PagingPlace | null {
    if (at === null) return null;
    const guessed = this.#configured.type === 'auto' ? this.#config : undefined;
    return {
      at: typeof at === 'string' ? this.#options.mask.text(at) : at,
      read: this.#watch.read,
      ...(guessed !== undefined && { paginator: guessed }),
    };
  }

  #withinMaximum(step: Step): Step {
    const { following } = step;
    if (following === undefined) return step;
    const left = this.#maximumPages - this.#watch.read.pages - 1;
    return { ...step, following: (most) => following(Math.min(most, left)) };
  }

  get #maximumPages(): number {
    return maximumPages(this.#configured) ?? Number.POSITIVE_INFINITY;
  }

  /** Throws PaginationEndless where nobody said how long the list may be. */
  #isMaximum(): boolean {
    const { pages } = this.#watch.read;
    const maximum = this.#maximumPages;
    if (maximum === Number.POSITIVE_INFINITY && pages >= MOST_PAGES) throw endless(pages);
    return pages >= maximum;
  }

  async #guess(page: WatchedPage): Promise<SettledPaginator> {
    const config = guessPaginator(page);
    if (config.type !== 'single_page') this.#options.note(`the paginator was guessed: ${describe(config)}`);
    this.#steps = (await paginatorOf(config, (note) => this.#options.note(note)))();
    this.#steps.next();
    return config;
  }
}

// --- internal ---

function endless(pages: number): PipelineError {
  return new PipelineError({
    code: 'PaginationEndless',
    message: `The list goes on after ${pages} pages.`,
    hint: 'If it is so long, set `maximum_pages` of the paginator; if not, its cursor never ends: check the paginator.',
    facts: { pages },
  });
}

function manyEmpty(config: SettledPaginator): string {
  const canStop = 'stop_after_empty_page' in config;
  const ways = ['`maximum_pages`', ...(canStop ? ['`stop_after_empty_page: true`'] : [])].join(' or ');
  return `${MANY_EMPTY} pages one after another had no records, and the list goes on; ${ways} of the paginator would end it`;
}

function describe(config: SettledPaginator): string {
  return config.type === 'json_link' ? `json_link at \`${config.next_url_path}\`` : config.type;
}
