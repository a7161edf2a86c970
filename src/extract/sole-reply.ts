import type { KnownReply } from '../package/known-reply.ts';
import type { ChainPage } from './chain.ts';
import type { Progress } from './position.ts';

/** Of a resource that is one request: whether its reply is the one that was loaded last, and what the next run is to know of it. */
export class SoleReply {
  readonly last: KnownReply | undefined;
  #seen: KnownReply | undefined;
  #isFirst = true;

  constructor(last: KnownReply | undefined) {
    this.last = last;
  }

  /** Whether the first page of a list is all that there is, and as it was loaded last. */
  isKnown({ place }: Progress, { next, end, known }: ChainPage): boolean {
    const isFirst = this.#isFirst && place === null;
    this.#isFirst = false;
    if (!isFirst || next !== null || end.rest !== undefined) return false;
    this.#seen = known();
    return this.#seen !== undefined && this.#seen.hash === this.last?.hash;
  }

  /** Undefined: the next run has to look at all of it again. */
  get seen(): KnownReply | undefined {
    return this.#seen;
  }

  /** There was something to be said of it, which is to be said by the next run, too. */
  forget(): void {
    this.#seen = undefined;
  }
}
