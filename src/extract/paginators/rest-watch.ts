import type { PaginatorConfig } from '../../config/grammar/paginator-schema.ts';
import { isSingleEntity } from '../../text/placeholders.ts';
import type { Endpoint } from '../endpoint.ts';
import type { SecretMask } from '../http/secret-mask.ts';
import { paginatorFor } from './advice.ts';
import { askedSize, isUsualLimit } from './asked-size.ts';
import { type ChainRead, withPage } from './chain-read.ts';
import { type Entry, envelopeOf } from './envelope.ts';
import type { PageFacts } from './paginator.ts';
import { traitsOf } from './paginator-of.ts';
import { maximumRest, type Rest, shortRest, shownRest, unseenRest } from './rest.ts';
import { isOfWholeList, type Sign, type Signs, signsIn } from './signs.ts';
import type { Selection, Surroundings } from './surroundings.ts';
import { type ChainEnding, showsEnd, unreadRest } from './unread-rest.ts';

export interface WatchOptions {
  readonly endpoint: Endpoint;
  /** The paginator of the endpoint or the client, as it is configured. */
  readonly config: PaginatorConfig;
  /** What was read of the chain before. */
  readonly read: ChainRead;
  readonly mask: SecretMask;
}

export type WatchedPage = PageFacts & Selection;

/** Watches what the replies of one chain say about further pages, and tells at its end what was not read. */
export class RestWatch {
  readonly #options: WatchOptions;
  #read: ChainRead;
  #page: WatchedPage | undefined;
  #entries: readonly Entry[] = [];
  #signs: Signs = signsIn([], new Headers());
  #isComparable = false;
  /** Of the last page. */
  #records = 0;

  constructor(options: WatchOptions) {
    this.#options = options;
    this.#read = options.read;
  }

  get read(): ChainRead {
    return this.#read;
  }

  add(page: WatchedPage, { kind, items }: Surroundings): void {
    this.#page = page;
    this.#records = items ?? page.records;
    this.#entries = kind === 'record' ? [] : envelopeOf(page.body, page.headers, page.selector);
    const signs = signsIn(this.#entries, kind === 'record' ? new Headers() : page.headers);
    this.#signs = kind === 'perhaps' ? { ...signs, all: signs.all.filter(isSure) } : signs;
    this.#isComparable = page.isList || (kind === 'list' && items !== undefined);
    this.#read = withPage(this.#read, { records: page.records, items }, this.#signs.all);
  }

  /** What is left after the last page; `ignored`: after a reply that counts for none. */
  rest(ending: ChainEnding['ending'] | 'maximum_pages', config: PaginatorConfig): Rest | undefined {
    if (ending === 'maximum_pages') return maximumRest(this.#read.pages);
    if (this.#page === undefined || this.#options.config.type === 'single_page') return undefined;
    const chain = this.#chain(ending, config);
    const unread = unreadRest(chain);
    if (unread.length > 0) return this.#shown(unread, chain, config);
    if (showsEnd(chain)) return undefined;
    if (ending === 'short') return this.#short(config);
    return ending === 'unseen' && !this.#isSingleEntity ? this.#unseen(this.#page, config) : undefined;
  }

  /** The client's paginator, which is for its lists, need not find in one record what leads on. */
  get #isSingleEntity(): boolean {
    const { path, paginator } = this.#options.endpoint;
    return paginator === undefined && isSingleEntity(path);
  }

  #chain(ending: ChainEnding['ending'], config: PaginatorConfig): ChainEnding {
    const isComparable = this.#isComparable && countsAll(config) && countsAll(this.#options.config);
    const own = ending === 'said' || ending === 'short' ? traitsOf(config).pagesAt : undefined;
    const shown = own === undefined ? this.#signs.all : this.#signs.all.flatMap((sign) => asPages(sign, own));
    const all = ending === 'more' ? withFlag(shown, config) : shown;
    return { signs: { ...this.#signs, all }, ending, read: this.#read, isComparable };
  }

  #shown(unread: readonly Sign[], { signs, ending }: ChainEnding, config: PaginatorConfig): Rest {
    const { endpoint, mask } = this.#options;
    const facts = {
      signs,
      entries: this.#entries,
      isPost: endpoint.method === 'POST',
      records: this.#records,
    };
    return shownRest(unread, {
      read: this.#read,
      config,
      isOpen: ending === 'single',
      isUnseen: ending === 'unseen' || ending === 'more',
      advice: paginatorFor(unread, facts),
      mask,
    });
  }

  /** The source may give fewer records a page than it is asked for: then the first page looks like the last. */
  #short(config: PaginatorConfig): Rest | undefined {
    const asked = sizeOf(config);
    const isCut = this.#read.pages === 1 && asked !== undefined && isUsualLimit(this.#records);
    return isCut ? shortRest(this.#records, asked) : undefined;
  }

  /** A page that is shorter than was asked for is the last one, unless it has just the size that sources cut down to. */
  #unseen({ records, url }: WatchedPage, config: PaginatorConfig): Rest | undefined {
    const asked = askedSize(url, this.#options.endpoint.json);
    if (records === 0 || (asked !== undefined && records < asked && !isUsualLimit(records))) return undefined;
    return unseenRest(config, records, asked !== undefined && records >= asked);
  }
}

// --- internal ---

/** Of signs in a reply that may be a record: its neighbours have numbers and ids. */
function isSure({ kind, number, entry }: Sign): boolean {
  return kind === 'flag' || (kind === 'next' && number === undefined && !entry.word.endsWith('id'));
}

/** With the flag that the configuration names, whatever it is called. */
function withFlag(signs: readonly Sign[], config: PaginatorConfig): readonly Sign[] {
  const place = 'has_more_path' in config ? config.has_more_path : undefined;
  if (place === undefined || signs.some(({ kind }) => kind === 'flag')) return signs;
  return [{ kind: 'flag', entry: { word: 'hasmore', parent: '', value: true, place, isHeader: false } }, ...signs];
}

/** Records a page, where the paginator says it. */
function sizeOf(config: PaginatorConfig): number | undefined {
  if ('limit' in config) return config.limit;
  return 'page_size' in config ? config.page_size : undefined;
}

/** What a paginator took for a number of pages, as dlt does whatever it is called. */
function asPages(sign: Sign, totalPath: string): Sign[] {
  const { place, isHeader } = sign.entry;
  const isOwn = isHeader ? place.toLowerCase() === totalPath.toLowerCase() : place === totalPath.replace(/^\$\.?/, '');
  if (!isOwn) return [sign];
  return isOfWholeList(sign.entry) || sign.kind === 'pages' ? [{ ...sign, kind: 'pages' }] : [];
}

/** False where the configuration begins in the middle, or says that totals mean something else. */
function countsAll(config: PaginatorConfig): boolean {
  const saysNoTotal = 'total_path' in config && config.total_path === null;
  return !saysNoTotal && !traitsOf(config).skips;
}
