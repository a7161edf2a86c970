import type { PipelineError } from '../errors.ts';
import type { Json } from '../json/json-value.ts';
import type { KnownReply } from '../package/known-reply.ts';
import { AskedPages } from './asked-pages.ts';
import { isIdempotent } from './endpoint.ts';
import { type Answer, exchange } from './http/exchange.ts';
import { exchangeIfChanged, knownReply } from './http/if-changed.ts';
import { KeptReplies } from './http/kept-replies.ts';
import { type PlannedRequest, planRequest } from './http/request.ts';
import { throwIfInterrupted } from './interruption.ts';
import { LinkedStop } from './linked-stop.ts';
import type { Allowance } from './lookahead.ts';
import type { ReplyFacts } from './page.ts';
import { EndGuard } from './paginators/end-guard.ts';
import type { Step } from './paginators/paginator.ts';
import type { Rest } from './paginators/rest.ts';
import { configuredPaginator, maximumPages } from './paginators/settled-paginator.ts';
import { LimitReached } from './paid/budget.ts';
import type { PolledReply } from './poll.ts';
import { fileForReply } from './reply/binary-reply.ts';
import { type ChainPlace, PageReader, type ReaderOptions } from './reply/page-reader.ts';

export interface ChainPage {
  readonly records: readonly Json[];
  /** Where the chain continues; null after the last page. */
  readonly next: ChainPlace | null;
  /** After the last page. */
  readonly end: ReadToEnd;
  readonly request: string;
  readonly reply: ReplyFacts;
  /** What the next run can tell its reply by; undefined where its bytes are kept elsewhere, from where they may be gone then. */
  known(): KnownReply | undefined;
}

/** How a list ended of which a page was read. */
export interface ReadToEnd {
  readonly kind: 'read';
  /** What was not read of it. */
  readonly rest: Rest | undefined;
  /** What leads on from page to page was there. */
  readonly isLed: boolean;
  /** A later reply was ignored: whether it held more, nobody knows. */
  readonly isCut?: boolean;
}

export interface Chain extends ReaderOptions {
  /** False while there is another endpoint to try: a first reply of 404 then ends the chain with `not_found`. */
  readonly isLastCandidate: boolean;
  /** Of the first page; the chain ends with `unchanged` where the source says that it is still so. */
  readonly known?: KnownReply | undefined;
  /** Follows the session's signal; aborted where nobody will read on. */
  readonly stop?: LinkedStop | undefined;
  /** Of an endpoint that is polled: whether to ask again, after the wait for that. */
  asksAgain?(reply: Omit<PolledReply, 'onWait'>): Promise<boolean>;
  /** Sends what may cost money; throws LimitReached for what may not be sent. */
  pay?(ask: () => Promise<Answer>): Promise<Answer>;
  /** For pages that are asked for before those in front of them came. */
  readonly pagesAhead: Allowance;
  /** A reply of which no page came: refused, ignored, not to be read. */
  onUnread(reply: ReplyFacts): void;
}

/** The reason of a chain whose reply held nothing, where `allow_empty` says that this is no error. */
export const EMPTY = 'empty';

/** Where `response_actions`, or a limit of costs, say to stop: no other chain of the resource is asked for. */
export interface Stopped {
  readonly kind: 'stopped';
  /** `GET /posts?page=3 (429)`; null before a request that was not sent. */
  readonly at: string | null;
  /** Why the request was not sent. */
  readonly limit?: PipelineError;
  /** No reply of this chain counted. */
  readonly isFirst: boolean;
  /** What was read of its list says that it goes on. */
  readonly goesOn: boolean;
}

/** `ignored`: no reply counted; `reason` is the status that was ignored, or EMPTY. */
export type ChainEnd =
  | ReadToEnd
  | Stopped
  | { readonly kind: 'not_found' }
  | { readonly kind: 'unchanged' }
  | { readonly kind: 'ignored'; readonly reason: string };

/**
 * The pages of one request chain. While a page is worked on, the next one is already asked for, and those that are known to
 * follow, unless its requests are not idempotent.
 */
export async function* chainPages(chain: Chain): AsyncGenerator<ChainPage, ChainEnd> {
  const { signal } = chain.session;
  let reader = await PageReader.open(chain);
  const stop = chain.stop ?? new LinkedStop([signal]);
  const replies = new KeptReplies(chain.session, chain.endpoint, (reply) => reader.ruleFor(reply));
  const session = { ...chain.session, transport: replies.transport, signal: stop.signal };
  const first = chain.from === null ? reader.start : undefined;
  let sentLast: PlannedRequest | undefined;
  const send = (request: PlannedRequest) => {
    sentLast = request;
    const sent = () => exchange(request, session, (reply) => reader.ruleFor(reply));
    return chain.pay === undefined || replies.hasAnswerTo(request) ? sent() : chain.pay(sent);
  };
  const fileFor = fileForReply(chain.endpoint, session);
  const ask = async (step: Step) => {
    if (fileFor !== undefined && !isIdempotent(chain.endpoint)) await session.files?.requireWritable();
    const known = step === first ? chain.known : undefined;
    return exchangeIfChanged({ ...(await planRequest(chain, step)), fileFor }, known, session.effects.now(), send);
  };
  const asked = new AskedPages(ask, chain.pagesAhead);
  const guard = new EndGuard({ isLimited: isLimited(chain) });
  let isFirst = chain.from === null;
  let end: ReadToEnd = { kind: 'read', rest: undefined, isLed: true };
  let unread: ReplyFacts | undefined;
  try {
    for (let step: Step | null = reader.start; step !== null; ) {
      throwIfInterrupted(signal);
      const answer: Answer = await asked.reply(step);
      unread = answer.facts;
      if (isFirst && answer.status === 404 && !chain.isLastCandidate) return { kind: 'not_found' };
      if (reader.ruleFor(answer)?.action === 'stop') return stopped(answer, reader, isFirst);
      if (answer.isKnown === true && reader.ruleFor(answer) === undefined) return { kind: 'unchanged' };
      const page = await reader.read(answer).finally(() => session.files?.discard(answer.file));
      const askedAgain = sentLast && replies.askedAgain(sentLast);
      if (await chain.asksAgain?.({ answer, records: page?.records ?? null, signal: stop.signal, askedAgain })) {
        reader = await PageReader.open(chain);
        chain.onUnread(answer.facts);
        unread = undefined;
        continue;
      }
      if (page === null) return isFirst ? ignored(answer, reader) : cutShort(end, answer, reader);
      isFirst = false;
      guard.check(answer, page.records, page.step);
      step = page.step;
      end = { kind: 'read', rest: page.rest, isLed: page.isLed };
      if (step !== null && isIdempotent(chain.endpoint)) asked.askAhead(step);
      unread = undefined;
      const known = () => {
        const how = { exactNumbers: chain.exactNumbers, receivedAt: session.effects.now() };
        return answer.file === undefined ? knownReply(answer, session.mask, how) : undefined;
      };
      yield { records: page.records, next: page.next, end, request: answer.request, reply: answer.facts, known };
    }
    return end;
  } catch (error) {
    if (error instanceof LimitReached) return notPaid(error, reader, isFirst);
    throw error;
  } finally {
    if (unread !== undefined) chain.onUnread(unread);
    if (asked.isWaiting) stop.abort(); // costs as much as a tenth of a request
    asked.end();
    stop.release();
  }
}

// --- internal ---

function isLimited({ endpoint, client }: Chain): boolean {
  const config = configuredPaginator(endpoint, client);
  return config.type !== 'single_page' && maximumPages(config) !== undefined;
}

/** By a later reply that is ignored: an empty one is an end, of one that a rule matches nobody knows. */
function cutShort(end: ReadToEnd, answer: Answer, reader: PageReader): ReadToEnd {
  const isCut = reader.ruleFor(answer) !== undefined;
  return { ...end, rest: reader.cutShort(), ...(isCut ? { isCut } : {}) };
}

function ignored(answer: Answer, reader: PageReader): ChainEnd {
  return { kind: 'ignored', reason: reader.ruleFor(answer) === undefined ? EMPTY : String(answer.status) };
}

function notPaid({ failure }: LimitReached, reader: PageReader, isFirst: boolean): Stopped {
  return { kind: 'stopped', at: null, isFirst, goesOn: !isFirst && reader.goesOn(), limit: failure };
}

function stopped({ request, status }: Answer, reader: PageReader, isFirst: boolean): Stopped {
  return { kind: 'stopped', at: `${request} (${status})`, isFirst, goesOn: !isFirst && reader.goesOn() };
}
