import type { ResolvedResource } from '../config/pipeline-config.ts';
import type { PipelineError } from '../errors.ts';
import { alsoTelling } from '../findings.ts';
import { type ChainEnd, type ChainPage, chainPages, type ReadToEnd, type Stopped } from './chain.ts';
import { afterChain, BY_LIMIT, notesOfEnds, restOfStopped, statusOf } from './chain-ends.ts';
import { type ChainSeed, ONE_CHAIN } from './chain-seeds.ts';
import type { ChainTurn } from './chain-turn.ts';
import { ChainsAhead, polledAhead, requestsAtOnce, type Say } from './chains-ahead.ts';
import type { ExtractContext } from './context.ts';
import { type Endpoint, isIdempotent } from './endpoint.ts';
import { accessToken } from './http/oauth-token.ts';
import { RateWindow } from './http/rate-window.ts';
import { type Session, sessionFor } from './http/session.ts';
import { throwIfInterrupted } from './interruption.ts';
import { KeptHeaders } from './kept-headers.ts';
import { type Lookahead, lookaheadFor } from './lookahead.ts';
import { NewRecords } from './new-records.ts';
import type { ExtractOutcome, Page, ReplyFacts } from './page.ts';
import type { Rest } from './paginators/rest.ts';
import { PaidRequests } from './paid/paid-requests.ts';
import { withMembers } from './parent-fields.ts';
import { Poll } from './poll.ts';
import { type Progress, positionOf, progressOf } from './position.ts';
import { isRestNewer, wholeOf } from './read-whole.ts';
import { RecordsLeft } from './record-limit.ts';
import { removingDisposition, rowsWouldVanish, saidOfRests } from './reply/unread-lists.ts';
import { requireFiles } from './request-files.ts';
import { SoleReply } from './sole-reply.ts';
import { Steps } from './steps/steps.ts';

/** One run of a resource with an endpoint: a request chain for each of its seeds, counted and noted on the way. */
export class ResourceRun {
  readonly #resource: ResolvedResource;
  readonly #endpoints: readonly Endpoint[];
  readonly #context: ExtractContext;
  readonly #session: Session;
  /** Of each endpoint that has one. */
  readonly #rates: readonly (RateWindow | undefined)[];
  readonly #polls: readonly (Poll | undefined)[];
  readonly #kept: readonly KeptHeaders[];
  readonly #lookahead: Lookahead;
  readonly #ahead: ChainsAhead;
  readonly #chains: readonly ChainSeed[];
  readonly #isSkipped: boolean;
  readonly #paid: PaidRequests | undefined;
  readonly #notes = new Set<string>();
  /** Of a resource that is one request. */
  readonly #sole: SoleReply | undefined;
  readonly #left: RecordsLeft;
  #steps: Steps | undefined;
  /** Of an incremental resource. */
  #new: NewRecords | undefined;
  #records = 0;
  #requests = 0;

  constructor(resource: ResolvedResource, endpoints: readonly Endpoint[], context: ExtractContext) {
    this.#resource = resource;
    this.#endpoints = endpoints;
    this.#context = context;
    this.#left = new RecordsLeft(context.limit);
    this.#rates = endpoints.map(({ rate_limit }) => rate_limit && new RateWindow(rate_limit));
    this.#kept = endpoints.map((endpoint) => new KeptHeaders(endpoint, context.client));
    const { seeds, sources, notes = [], isNoneKnown = false } = context.seeds ?? ONE_CHAIN;
    this.#chains = seeds;
    this.#sole = context.known !== undefined && seeds.length === 1 ? new SoleReply(context.known.last) : undefined;
    this.#isSkipped = seeds.length === 0 && !isNoneKnown;
    for (const note of notes) this.#notes.add(note);
    if (this.#isSkipped) this.#notes.add(`no ids: looked at ${sources.join(', ')}`);
    const counted = {
      request: () => {
        this.#requests += 1;
      },
    };
    const findings = alsoTelling(context.findings, counted);
    this.#lookahead = context.lookahead ?? lookaheadFor({ concurrency: 1 }, context.effects);
    const most = requestsAtOnce(resource);
    this.#session = sessionFor(resource.name, { ...context, findings }, this.#lookahead.traffic, most);
    const of = seeds.length - progressOf(context.position).chain;
    this.#polls = endpoints.map(({ poll }) => poll && new Poll(poll, { ...context, resource: resource.name, of }));
    const isPolled = this.#polls.some((poll) => poll !== undefined);
    this.#ahead = isPolled
      ? polledAhead(this.#session.signal)
      : new ChainsAhead(this.#lookahead.chains, most - 1, this.#session.signal);
    const { budget, client, effects, signal } = context;
    const parts = { resource: resource.name, endpoints, chains: seeds, client, effects, signal };
    const warn = (text: string) => this.#warn(text);
    this.#paid = budget && new PaidRequests({ ...parts, budget, warn });
  }

  async *pages(): AsyncGenerator<Page, ExtractOutcome> {
    const { position, incremental, signal } = this.#context;
    const begun = progressOf(position);
    this.#new = await NewRecords.of(this.#resource, incremental, begun.reached);
    this.#steps = await Steps.open(this.#resource, signal);
    try {
      await requireFiles(this.#resource.name, this.#endpoints, this.#context.client, this.#chains.slice(begun.chain));
      const progress = yield* this.#allChains(begun);
      return this.#outcome(progress);
    } finally {
      this.#ahead.cancel();
      for (const poll of this.#polls) await poll?.close();
      await this.#steps.close();
    }
  }

  async *#allChains(start: Progress): AsyncGenerator<Page, Progress> {
    let progress = start;
    while (progress.chain < this.#chains.length) {
      throwIfInterrupted(this.#context.signal);
      progress = yield* this.#nextChain(progress);
    }
    return progress;
  }

  #outcome(progress: Progress): ExtractOutcome {
    if (progress.endpoint) this.#notes.add(this.#fallbackNote(progress.endpoint));
    for (const note of notesOfEnds(progress, this.#chains)) this.#notes.add(note);
    const rests = saidOfRests(progress, this.#chains.length);
    for (const { rest, text } of rests) {
      this.#refuseLoss(rest);
      if (rest.kind === 'maximum') this.#notes.add(text);
      else this.#warn(text);
    }
    for (const poll of this.#polls) for (const note of poll?.notes ?? []) this.#notes.add(note);
    for (const note of this.#steps?.notes ?? []) this.#notes.add(note);
    for (const warning of this.#steps?.warnings ?? []) this.#warn(warning);
    const isCut = progress.stop !== undefined || rests.some(({ rest }) => rest.kind !== 'unseen');
    const isWhole = !isCut || isRestNewer(this.#resource, progress, this.#chains);
    for (const note of this.#new?.notes(isWhole) ?? []) this.#notes.add(note);
    const whole = this.#isSkipped ? {} : wholeOf(progress, this.#context.seeds, this.#chains.length);
    return {
      status: this.#isSkipped ? 'skipped' : statusOf(progress, this.#chains.length),
      records: this.#records,
      requests: this.#requests,
      notes: [...this.#notes],
      ...(progress.stop?.over === undefined ? {} : { stoppedAfter: progress.stop.over }),
      ...(this.#new === undefined ? whole : { reached: this.#new.after(isWhole) }),
      ...(this.#sole?.seen === undefined ? {} : { reply: this.#sole.seen }),
    };
  }

  /** Reads the chain that the progress stands at from the endpoint that answers, and gives the progress after it. */
  async *#nextChain(progress: Progress): AsyncGenerator<Page, Progress> {
    const tried = progress.endpoint === null ? this.#endpoints.keys() : [progress.endpoint];
    for (const index of tried) {
      const end = yield* this.#deliver(progress, index);
      if (end.kind === 'not_found') continue;
      if (end.kind === 'read') this.#refuseUnread(end);
      const reached = afterChain(progress, index, end, this.#chains.length);
      if (end.kind !== 'stopped' || end.at === BY_LIMIT) return reached;
      const rest = restOfStopped(reached, end, this.#chains.length);
      if (rest !== undefined) this.#refuseLoss(rest, end.limit);
      return reached;
    }
    return progress;
  }

  /** The pages of the chain whose turn it is, with the position after each; meanwhile the chains behind it are begun. */
  async *#deliver(progress: Progress, endpoint: number): AsyncGenerator<Page, ChainEnd> {
    const { chain: index, place } = progress;
    const begun = place === null ? this.#ahead.take(index) : undefined;
    const onWait = () => this.#lookAhead(index + 1, endpoint);
    const isKnown = progress.endpoint !== null;
    const pages = begun ?? this.#chain({ index, place, endpoint, isSettled: isKnown, say: atOnce, onWait });
    let isSettled = isKnown || this.#endpoints.length === 1;
    let isOver = false;
    try {
      for (;;) {
        const coming = pages.next();
        if (isSettled) this.#lookAhead(index + 1, endpoint);
        const next = await coming;
        isOver = next.done === true;
        if (next.done === true) return next.value;
        isSettled = true;
        const { reply } = next.value;
        if (this.#sole?.isKnown(progress, next.value) === true) {
          this.#tellCaptured(endpoint, reply);
          return { kind: 'unchanged' };
        }
        const page = await this.#toPage(progress, endpoint, next.value).catch((thrown: unknown) => {
          this.#tellCaptured(endpoint, reply);
          throw thrown;
        });
        yield page;
        if (page.end !== null) return page.end;
      }
    } finally {
      if (!isOver) await pages.return(NOBODY);
    }
  }

  #lookAhead(from: number, endpoint: number): void {
    const asked = this.#endpoints[endpoint];
    if (asked === undefined || !isIdempotent(asked)) return;
    this.#ahead.begin(from, this.#chains.length, (index, say, stop) =>
      this.#chain({ index, place: null, endpoint, isSettled: true, say, stop }),
    );
  }

  #chain(turn: ChainTurn): AsyncGenerator<ChainPage, ChainEnd> {
    const endpoint = this.#endpoints[turn.endpoint];
    if (endpoint === undefined) throw new Error(`no endpoint ${turn.endpoint}`);
    const [session, paid] = [this.#session, this.#paid];
    const poll = this.#polls[turn.endpoint];
    return chainPages({
      endpoint,
      session: { ...session, rate: this.#rates[turn.endpoint] },
      client: this.#context.client,
      values: this.#chains[turn.index]?.values ?? {},
      token: (auth, refused) => accessToken(auth, session, refused),
      mask: session.mask,
      exactNumbers: this.#context.exactNumbers,
      from: turn.place,
      known: this.#sole?.last,
      isLastCandidate: turn.isSettled || turn.endpoint === this.#endpoints.length - 1,
      stop: turn.stop,
      ...(poll && { asksAgain: (reply) => poll.asksAgain({ ...reply, onWait: () => turn.onWait?.() }) }),
      ...(paid === undefined ? {} : { pay: (ask) => paid.send(turn, ask) }),
      pagesAhead: this.#lookahead.pages,
      onUnread: (reply) => turn.say(() => this.#tellCaptured(turn.endpoint, reply)),
      note: (text) => turn.say(() => this.#notes.add(text)),
      warn: (text) => turn.say(() => this.#warn(text)),
      count: (what, times) => turn.say(() => this.#context.findings.count(what, times)),
    });
  }

  /** `end`: nothing more is to be read of the chain, whatever there is. */
  async #toPage(
    progress: Progress,
    endpoint: number,
    { next, end, reply, ...page }: ChainPage,
  ): Promise<Page & { readonly end: ChainEnd | null }> {
    const { values = {}, included } = this.#chains[progress.chain] ?? {};
    const ofParents = withMembers(page.records, included);
    const selected = this.#kept[endpoint]?.included(ofParents, reply, this.#context.findings) ?? ofParents;
    const given = (await this.#steps?.apply(selected, values)) ?? selected;
    const found = this.#new?.page(given, values) ?? { records: given, isOver: false };
    const of = this.#chains.length;
    const goesOn = next !== null && !found.isOver;
    const { records, stop } = this.#left.page(found.records, { goesOn, isLast: progress.chain + 1 === of });
    const isOver = found.isOver || stop !== undefined;
    const place = isOver ? null : next;
    const ended = stop ?? (isOver ? { ...end, rest: undefined } : end);
    const reached =
      place === null ? afterChain(progress, endpoint, ended, of) : { ...progress, endpoint, place, isLed: true };
    // Before the position after the last page is kept: to run again is to look again.
    if (stop !== undefined) this.#refuseLimited(reached, stop);
    else if (place === null && ended.kind === 'read') this.#refuseUnread(ended);
    this.#records += records.length;
    const position = positionOf({ ...reached, reached: this.#new?.reached ?? null });
    const captured = this.#kept[endpoint]?.captured(reply);
    return { records, position, request: page.request, reply, captured, end: isOver ? ended : null };
  }

  #tellCaptured(endpoint: number, reply: ReplyFacts): void {
    const row = this.#kept[endpoint]?.captured(reply);
    if (row !== undefined) this.#context.onCaptured?.(row);
  }

  /** What only one of many lists lacks may be in another: that is decided after the last. */
  #refuseUnread({ rest }: ReadToEnd): void {
    if (rest !== undefined && (rest.kind === 'rest' || this.#chains.length === 1)) this.#refuseLoss(rest);
  }

  /** What is cut is not known the next time, and takes nothing away. */
  #refuseLimited(progress: Progress, stop: Stopped): void {
    this.#sole?.forget();
    const rest = restOfStopped(progress, stop, this.#chains.length);
    if (rest !== undefined && this.#context.limit?.isTableNew !== true) this.#refuseLoss(rest);
  }

  /** `limit`: why the rest was not paid for. */
  #refuseLoss(rest: Rest, limit?: PipelineError): void {
    const isRefresh = this.#context.incremental?.isReset === true;
    const removing = isRefresh ? '`--full-refresh`' : removingDisposition(this.#resource);
    if (removing !== undefined && rest.isSure) throw limit ?? rowsWouldVanish(this.#resource.name, removing, rest);
  }

  #warn(text: string): void {
    this.#sole?.forget();
    if (this.#notes.has(text)) return;
    this.#notes.add(text);
    this.#context.effects.log.warn(`${this.#resource.name}: ${text}`);
  }

  #fallbackNote(index: number): string {
    const [first, answered] = [this.#endpoints[0], this.#endpoints[index]];
    return `\`${answered?.path}\` answered instead of \`${first?.path}\` (404)`;
  }
}

// --- internal ---

const atOnce: Say = (what) => what();

/** Nobody looks at it. */
const NOBODY: ChainEnd = { kind: 'not_found' };
