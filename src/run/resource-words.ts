import { type Effects, tellEvent } from '../effects.ts';
import type { Page, ReplyFacts, Waiting } from '../extract/page.ts';
import type { RequestTrace } from '../findings.ts';
import type { PackageResource } from '../package/layout.ts';
import { askedInAll, askedText } from '../report/asked.ts';
import { waitingText } from '../report/waiting.ts';
import { count } from '../text/count.ts';

/** As much of a page as is told. */
interface TellingPage extends Pick<Page, 'request' | 'records'> {
  readonly reply?: Pick<ReplyFacts, 'status' | 'milliseconds'>;
}

/** What is said of one resource while it is extracted: what it asked for, what came, and what it waits for. */
export class ResourceWords {
  readonly #name: string;
  readonly #effects: Pick<Effects, 'log' | 'now'>;
  #requests = 0;
  #startedAt: number | undefined;
  #last = '';

  constructor(name: string, effects: Pick<Effects, 'log' | 'now'>) {
    this.#name = name;
    this.#effects = effects;
  }

  /** Before the first of them came. */
  await(what: 'reply' | 'records'): void {
    if (this.#last === '') this.#say(`waiting for the first ${what}`);
  }

  wait(waiting: Waiting): void {
    const message = waitingText(waiting, this.#effects.now());
    tellEvent(this.#effects, {
      event: 'waiting',
      resource: this.#name,
      kind: waiting.kind,
      message,
      ...howLong(waiting),
    });
    this.#say(message);
  }

  /** A reply that is no page is told by itself: it may be ignored, and nobody would hear of it. */
  request({ method, url, status, milliseconds }: RequestTrace): void {
    this.#requests += 1;
    this.#startedAt ??= this.#effects.now() - milliseconds;
    if (status === null || (status >= 200 && status < 300)) return;
    this.#say(askedText({ request: `${method} ${url.replace(/^\w+:\/\/[^/?]*/, '')}`, status, milliseconds }));
  }

  /** `soFar`: records of the resource, those of the page included. */
  page({ reply, request, records }: TellingPage, soFar: number): void {
    const here = records.length;
    this.#say(reply === undefined ? count(soFar, 'record') : askedText({ ...reply, request }, { here, soFar }));
  }

  /** What stays of it on a terminal. */
  end({ records, status }: Pick<PackageResource, 'records' | 'status'>): void {
    if (this.#startedAt === undefined) return;
    const took = this.#effects.now() - this.#startedAt;
    const isSame = status === 'unchanged';
    const isSaid = this.#requests === 1 && this.#last.includes(' → ') && !isSame;
    if (!isSaid) this.#say(askedInAll(this.#requests, isSame ? status : count(records, 'record'), took));
    this.#effects.log.keep?.(this.#last);
  }

  #say(text: string): void {
    this.#last = `${this.#name}: ${text}`;
    this.#effects.log.progress(this.#last);
  }
}

// --- internal ---

function howLong(waiting: Waiting): { readonly milliseconds?: number } {
  if (waiting.kind === 'poll') return {};
  return { milliseconds: waiting.kind === 'retry' ? waiting.wait : waiting.milliseconds };
}
