import type { ResponseAction } from '../../config/grammar/response-action-schema.ts';
import type { Json } from '../../json/json-value.ts';
import { type JsonPath, jsonPath } from '../../json-path/json-path.ts';
import { isSingleEntity } from '../../text/placeholders.ts';
import type { Answer } from '../http/exchange.ts';
import { refusal } from '../http/refusal.ts';
import type { RequestMakings } from '../http/request.ts';
import type { Session } from '../http/session.ts';
import type { Reply } from '../http/transport.ts';
import type { Step } from '../paginators/paginator.ts';
import { Paging, type PagingPlace, type Turn } from '../paginators/paging.ts';
import type { Rest } from '../paginators/rest.ts';
import { binaryRecord } from './binary-reply.ts';
import { selectorFoundNothing } from './found-nothing.ts';
import { graphqlErrors, graphqlFailed } from './graphql-errors.ts';
import { guessSelector } from './guess-selector.ts';
import { replyContent } from './reply-content.ts';
import { isBlank } from './reply-json.ts';
import { ResponseRules } from './response-actions.ts';
import { ruledFailure } from './ruled-failure.ts';
import { isEmptyPage, recordsBefore, selectRecords } from './selector.ts';

/** Where a chain continues: plain JSON, part of a Position. */
export interface ChainPlace extends PagingPlace {
  /** What the first reply showed, where the configuration leaves it open. */
  readonly selector?: string;
}

export interface ReaderOptions extends RequestMakings {
  readonly session: Session;
  readonly exactNumbers: boolean;
  /** Null: from the first page. */
  readonly from: ChainPlace | null;
  /** For what a person should know. */
  note(text: string): void;
  /** For what a person should know while it goes on. */
  warn(text: string): void;
  /** What was found in replies, and how often. */
  count(what: string, times: number): void;
}

interface ReadPage extends Turn {
  readonly records: readonly Json[];
  readonly next: ChainPlace | null;
}

/** Turns the replies of one chain into pages. */
export class PageReader {
  readonly #options: ReaderOptions;
  readonly #paging: Paging;
  readonly #rules: ResponseRules;
  #selector: JsonPath | undefined;
  /** Of a selector that the configuration leaves open. */
  #guess: string | undefined;
  #isLater: boolean;

  private constructor(options: ReaderOptions, paging: Paging, rules: ResponseRules, selector: JsonPath | undefined) {
    this.#options = options;
    this.#paging = paging;
    this.#rules = rules;
    this.#selector = selector;
    this.#guess = options.from?.selector;
    this.#isLater = options.from !== null;
  }

  /** Throws ConfigInvalid at once for a wrong JSONPath. */
  static async open(options: ReaderOptions): Promise<PageReader> {
    const expression = options.endpoint.data_selector || options.from?.selector;
    const selector = expression ? await jsonPath(expression, 'data_selector') : undefined;
    const rules = await ResponseRules.open(options.endpoint.response_actions);
    return new PageReader(options, await Paging.open(options), rules, selector);
  }

  /** The first request. */
  get start(): Step {
    return this.#paging.start;
  }

  /** What `response_actions` say of a reply. */
  ruleFor(reply: Reply): ResponseAction | undefined {
    return this.#rules.for(reply);
  }

  /** Null for a reply that is ignored, of status 204, or empty where `allow_empty` says so: the chain ends there. */
  async read(answer: Answer): Promise<ReadPage | null> {
    const { endpoint, session, exactNumbers, note } = this.#options;
    const allowsEmpty = endpoint.allow_empty ?? false;
    const rule = this.ruleFor(answer);
    if (rule?.action === 'ignore') return null;
    if (rule !== undefined) throw ruledFailure(rule, answer, session);
    if (answer.status === 204) return null;
    if (answer.status < 200 || answer.status >= 300) throw refusal(answer, session);
    const mayBeBlank = allowsEmpty || (endpoint.poll !== undefined && answer.status === 202);
    if (mayBeBlank && isBlank(answer)) return null;
    const binary = await binaryRecord(answer, this.#options);
    if (binary !== undefined) return { records: [binary], step: null, rest: undefined, isLed: true, next: null };
    const { maxBytes, mask } = session;
    const { body, isEach } = await replyContent(answer, { endpoint, exactNumbers, mask, maxBytes, note });
    if (isEach) return this.#pageOfEach(answer, body);
    this.#checkErrors(answer, body);
    this.#selector ??= await this.#guessSelector(body, answer);
    const selector = this.#selector;
    const selected = selectRecords(selector, body);
    const found = selected == null && this.#isLater && isEmptyPage(selector, body) ? [] : selected;
    if (found == null && !allowsEmpty) throw selectorFoundNothing(selector, body, answer.request, session.mask);
    if (found === undefined) return null;
    this.#isLater = true;
    const page = await this.#page(answer, body, selector, found ?? []);
    return found === null && page.step === null ? null : page;
  }

  /** Of a reply that is a list by its form: the selector is for each of its records. */
  async #pageOfEach(answer: Answer, body: Json): Promise<ReadPage> {
    const { endpoint, session } = this.#options;
    const [whole, own] = [await jsonPath('$', 'data_selector'), this.#selector];
    const each = Array.isArray(body) ? body : [body];
    this.#isLater = true;
    if (own === undefined || own.expression === '$') return this.#page(answer, body, whole, each);
    const found = each.flatMap((record) => {
      const selected = selectRecords(own, record);
      if (selected == null && !endpoint.allow_empty)
        throw selectorFoundNothing(own, record, answer.request, session.mask);
      return selected ?? [];
    });
    return this.#page(answer, body, whole, found);
  }

  /** What was not read of a list that a reply without a page ended. */
  cutShort(): Rest | undefined {
    return this.#paging.cutShort();
  }

  /** Where the errors themselves are what is selected, they are records. */
  #checkErrors(answer: Answer, body: Json): void {
    const { session, warn, count } = this.#options;
    const errors = this.#selector?.lead[0] === 'errors' ? undefined : graphqlErrors(body, session.mask);
    if (errors === undefined) return;
    if (!errors.isPartial) throw graphqlFailed(answer, errors.said);
    warn(`GraphQL errors beside the data: ${errors.said}`);
    count(`replies of ${session.resource} with GraphQL errors beside their data`, 1);
  }

  /** Whether the list goes on after its last page, as far as that page says. */
  goesOn(): boolean {
    return this.#paging.goesOn();
  }

  async #page({ headers, url, body: bytes }: Answer, body: Json, selector: JsonPath, found: readonly Json[]) {
    const { path } = this.#options.endpoint;
    const isRepeat = this.#paging.isRepeat(bytes);
    const records = isRepeat ? [] : found;
    const page = {
      body,
      headers,
      url,
      selector,
      isRepeat,
      records: isRepeat ? 0 : recordsBefore(selector, body, records.length),
      isList: found.length !== 1 || selector.isItem || Array.isArray(selector.first(body)),
      guessedFrom: this.#guess === undefined || isSingleEntity(path) ? undefined : path,
    };
    const turn = await this.#paging.after(page, bytes);
    return { ...turn, records, next: this.#placeOf(turn.step) };
  }

  #placeOf(step: Step | null): ChainPlace | null {
    const place = step === null ? null : this.#paging.placeOf(step);
    if (place === null || this.#guess === undefined) return place;
    return { ...place, selector: this.#guess };
  }

  async #guessSelector(body: Json, { headers }: Answer): Promise<JsonPath> {
    const { endpoint } = this.#options;
    const isRecord = isSingleEntity(endpoint.path);
    const path = guessSelector(
      body,
      isRecord ? 'record' : this.#paging.expectsList(body, headers) ? 'list' : undefined,
    );
    this.#guess = path;
    if (path !== '$')
      this.#options.note(`records were taken from \`${path}\` of the reply; set \`data_selector\` to settle it`);
    return jsonPath(path, 'data_selector');
  }
}
