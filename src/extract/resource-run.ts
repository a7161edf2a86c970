import type { ResolvedResource } from '../config/pipeline-config.ts';
import { type ChainEnd, chainPages, EMPTY, type ReadToEnd } from './chain.ts';
import type { ExtractContext } from './context.ts';
import type { Endpoint } from './endpoint.ts';
import { accessToken } from './http/oauth-token.ts';
import { type Session, sessionFor } from './http/session.ts';
import type { Values } from './http/url.ts';
import { throwIfInterrupted } from './interruption.ts';
import type { ExtractOutcome, Page } from './page.ts';
import type { Rest } from './paginators/rest.ts';
import { ONE_CHAIN } from './param-values.ts';
import { type Progress, positionOf, progressOf } from './position.ts';
import { removingDisposition, rowsWouldVanish, saidOfRests, withEnd } from './reply/unread-lists.ts';

/** One run of a resource with an endpoint: a request chain for each of its values, counted and noted on the way. */
export class ResourceRun {
  readonly #resource: ResolvedResource;
  readonly #endpoints: readonly Endpoint[];
  readonly #context: ExtractContext;
  readonly #session: Session;
  readonly #chains: readonly Values[];
  readonly #notes = new Set<string>();
  #records = 0;
  #requests = 0;

  constructor(resource: ResolvedResource, endpoints: readonly Endpoint[], context: ExtractContext) {
    this.#resource = resource;
    this.#endpoints = endpoints;
    this.#context = context;
    const { chains, sources } = context.values ?? ONE_CHAIN;
    this.#chains = chains;
    if (chains.length === 0) this.#notes.add(`no ids: looked at ${sources.join(', ')}`);
    this.#session = sessionFor(resource.name, {
      ...context,
      onRequest: (trace) => {
        this.#requests += 1;
        context.onRequest(trace);
      },
    });
  }

  async *pages(): AsyncGenerator<Page, ExtractOutcome> {
    let progress = progressOf(this.#context.position);
    while (progress.chain < this.#chains.length) {
      throwIfInterrupted(this.#context.signal);
      progress = yield* this.#nextChain(progress);
    }
    if (progress.endpoint) this.#notes.add(this.#fallbackNote(progress.endpoint));
    for (const note of ignoredNotes(progress, this.#chains)) this.#notes.add(note);
    for (const { rest, text } of saidOfRests(progress, this.#chains.length)) {
      this.#refuseLoss(rest);
      if (rest.kind === 'maximum') this.#notes.add(text);
      else this.#warn(text);
    }
    return {
      status: statusOf(progress, this.#chains),
      records: this.#records,
      requests: this.#requests,
      notes: [...this.#notes],
    };
  }

  /** Reads the chain that the progress stands at from the endpoint that answers, and gives the progress after it. */
  async *#nextChain(progress: Progress): AsyncGenerator<Page, Progress> {
    const tried = progress.endpoint === null ? this.#endpoints.keys() : [progress.endpoint];
    for (const index of tried) {
      const end = yield* this.#chain(progress, index);
      if (end.kind === 'not_found') continue;
      if (end.kind === 'read') this.#refuseUnread(end);
      return after(progress, index, end);
    }
    return progress;
  }

  #chain(progress: Progress, index: number): AsyncGenerator<Page, ChainEnd> {
    const endpoint = this.#endpoints[index];
    if (endpoint === undefined) throw new Error(`no endpoint ${index}`);
    const session = this.#session;
    return chainPages({
      endpoint,
      session,
      client: this.#context.client,
      values: this.#chains[progress.chain] ?? {},
      token: (auth, refused) => accessToken(auth, session, refused),
      mask: session.mask,
      exactNumbers: this.#context.exactNumbers,
      from: progress.place,
      isLastCandidate: progress.endpoint !== null || index === this.#endpoints.length - 1,
      note: (text) => this.#notes.add(text),
      warn: (text) => this.#warn(text),
      toPage: ({ records, next, end, request }) => {
        // Before the position after the last page is kept: to run again is to look again.
        if (next === null) this.#refuseUnread(end);
        this.#records += records.length;
        const reached =
          next === null ? after(progress, index, end) : { ...progress, endpoint: index, place: next, isLed: true };
        return { records, position: positionOf(reached), request };
      },
    });
  }

  /** What only one of many lists lacks may be in another: that is decided after the last. */
  #refuseUnread({ rest }: ReadToEnd): void {
    if (rest !== undefined && (rest.kind === 'rest' || this.#chains.length === 1)) this.#refuseLoss(rest);
  }

  #refuseLoss(rest: Rest): void {
    const removing = removingDisposition(this.#resource);
    if (removing !== undefined && rest.isSure) throw rowsWouldVanish(this.#resource.name, removing, rest);
  }

  #warn(text: string): void {
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

function after(progress: Progress, endpoint: number, end: Exclude<ChainEnd, { kind: 'not_found' }>): Progress {
  const next = { ...progress, chain: progress.chain + 1, place: null };
  if (end.kind === 'read') return withEnd({ ...next, endpoint }, end);
  const count = (progress.ignored[end.reason] ?? 0) + 1;
  return { ...next, ignored: { ...progress.ignored, [end.reason]: count } };
}

function statusOf({ ignored }: Progress, chains: readonly Values[]): ExtractOutcome['status'] {
  if (chains.length === 0) return 'skipped';
  return sum(ignored) === chains.length ? 'ignored' : 'extracted';
}

function ignoredNotes({ ignored }: Progress, chains: readonly Values[]): string[] {
  const isAlone = chains.length === 1 && Object.keys(chains[0] ?? {}).length === 0;
  return Object.entries(ignored).map(([reason, count]) => {
    const isEmpty = reason === EMPTY;
    if (isAlone) return `the reply was ${isEmpty ? 'empty' : `ignored (${reason})`}`;
    const ignored = `${count === 1 ? 'was' : 'were'} ignored (${reason})`;
    return `${count} of ${chains.length} ids ${isEmpty ? 'had an empty reply' : ignored}`;
  });
}

function sum(counts: Readonly<Record<string, number>>): number {
  return Object.values(counts).reduce((total, count) => total + count, 0);
}
