import { isUtf8 } from 'node:buffer';
import type { PaginatorConfig } from '../config/paginator-schema.ts';
import { isSingleEntity } from '../config/placeholders.ts';
import type { Answer } from './exchange.ts';
import { type JsonPath, jsonPath } from './json-path.ts';
import type { Json } from './page.ts';
import { guessPaginator, type SettledPaginator } from './paginators/guess.ts';
import type { PageFacts, Paginator, Place, Step } from './paginators/paginator.ts';
import { paginatorOf } from './paginators/paginator-of.ts';
import { singlePage } from './paginators/single-page.ts';
import { refusal } from './refusal.ts';
import { isBlank, replyJson } from './reply-json.ts';
import type { RequestMakings } from './request.ts';
import { isIgnored } from './response-actions.ts';
import { guessSelector, isEmptyPage, selectorFoundNothing, selectRecords } from './selector.ts';
import type { Session } from './session.ts';
import type { HttpReply } from './transport.ts';

/** Where a chain continues: plain JSON, part of a Position. */
export interface ChainPlace {
  readonly at: Place;
  /** What the first reply showed, where the configuration leaves it open. */
  readonly paginator?: SettledPaginator;
  readonly selector?: string;
}

export interface ReaderOptions extends RequestMakings {
  readonly session: Session;
  readonly exactNumbers: boolean;
  /** Null: from the first page. */
  readonly from: ChainPlace | null;
  /** For what a person should know. */
  note(text: string): void;
}

interface ReadPage {
  readonly records: readonly Json[];
  /** The request for the next page; null after the last one. */
  readonly step: Step | null;
  readonly next: ChainPlace | null;
}

export interface PageReader {
  /** The first request. */
  readonly start: Step;
  /** True for a reply that `response_actions` say to ignore. */
  ignores(reply: HttpReply): boolean;
  /** Null for a reply that is ignored, or empty where `allow_empty` says so: the chain ends there. */
  read(answer: Answer): Promise<ReadPage | null>;
}

/** Turns the replies of one chain into pages. Throws ConfigInvalid at once for a wrong JSONPath. */
export async function pageReader(options: ReaderOptions): Promise<PageReader> {
  const { endpoint, from, session, exactNumbers } = options;
  const allowsEmpty = endpoint.allow_empty ?? false;
  let selector = await settledSelector(options);
  let paginator = await settledPaginator(options);
  let isLater = from !== null;
  let guessed: Omit<ChainPlace, 'at'> = guessedBefore(from);
  // The first request is the same whatever paginator the reply will show.
  let steps = (paginator ?? singlePage)(from?.at);
  const start = steps.next().value ?? { at: null };

  return {
    start,
    ignores: (reply) => isIgnored(reply, endpoint.response_actions),
    async read(answer) {
      if (isIgnored(answer, endpoint.response_actions)) return null;
      if (answer.status < 200 || answer.status >= 300) throw refusal(answer, session.mask, session.effects.now());
      if (allowsEmpty && isBlank(answer)) return null;
      const body = await replyJson(answer, { exactNumbers, mask: session.mask });
      if (!isUtf8(answer.body)) options.note('a reply was not UTF-8: bytes that are none became U+FFFD');
      selector ??= await guessedSelector(body);
      const selected = selectRecords(selector, body);
      const found = selected == null && isLater && isEmptyPage(selector, body) ? [] : selected;
      if (found == null && !allowsEmpty) throw selectorFoundNothing(selector, body, answer.request);
      if (found === undefined) return null;
      isLater = true;
      const records = found ?? [];
      const facts = { body, headers: answer.headers, records: records.length, url: answer.url };
      paginator ??= await guessedPaginator(facts);
      const step = steps.next(facts).value ?? null;
      if (found === null && step === null) return null;
      return { records, step, next: step?.at == null ? null : { at: kept(step.at), ...guessed } };
    },
  };

  async function guessedSelector(body: Json): Promise<JsonPath> {
    const path = guessSelector(body, isSingleEntity(endpoint.path));
    guessed = { ...guessed, selector: path };
    if (path !== '$')
      options.note(`records were taken from \`${path}\` of the reply; set \`data_selector\` to settle it`);
    return jsonPath(path, 'data_selector');
  }

  async function guessedPaginator(facts: PageFacts): Promise<Paginator> {
    const config = guessPaginator(facts);
    guessed = { ...guessed, paginator: config };
    if (config.type !== 'single_page') options.note(`the paginator was guessed: ${describe(config)}`);
    const settled = await paginatorOf(config);
    steps = settled();
    steps.next();
    return settled;
  }

  function kept(place: Place): Place {
    return typeof place === 'string' ? session.mask.text(place) : place;
  }
}

// --- internal ---

async function settledSelector({ endpoint, from }: ReaderOptions): Promise<JsonPath | undefined> {
  const expression = endpoint.data_selector || from?.selector;
  return expression === undefined || expression === '' ? undefined : jsonPath(expression, 'data_selector');
}

/**
 * That of the endpoint; a path that ends with a placeholder is a single entity and a POST is not repeated for a guess; else
 * that of the client; undefined where the first reply decides.
 */
async function settledPaginator({ endpoint, client, from }: ReaderOptions): Promise<Paginator | undefined> {
  if (from?.paginator !== undefined) return paginatorOf(from.paginator);
  const config: PaginatorConfig = endpoint.paginator ??
    (isSingleEntity(endpoint.path) ? { type: 'single_page' } : client?.paginator) ?? { type: 'auto' };
  if (config.type !== 'auto') return paginatorOf(config);
  return endpoint.method === 'POST' ? paginatorOf({ type: 'single_page' }) : undefined;
}

function guessedBefore(from: ChainPlace | null): Omit<ChainPlace, 'at'> {
  return {
    ...(from?.paginator !== undefined && { paginator: from.paginator }),
    ...(from?.selector !== undefined && { selector: from.selector }),
  };
}

function describe(config: SettledPaginator): string {
  return config.type === 'json_link' ? `json_link at \`${config.next_url_path}\`` : config.type;
}
