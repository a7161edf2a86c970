import type { ResolvedResource } from '../config/pipeline-config.ts';
import { Ahead } from './ahead.ts';
import type { ChainEnd, ChainPage } from './chain.ts';
import { LinkedStop } from './linked-stop.ts';
import { Allowance } from './lookahead.ts';

/** Where what is said of a chain goes: kept until it is the chain's turn. */
export type Say = (what: () => void) => void;

/** The chain releases `stop` at its end. */
export type OpenChain = (index: number, say: Say, stop: LinkedStop) => AsyncGenerator<ChainPage, ChainEnd>;

/** Chains of one resource that are read before it is their turn, in the order of their values. */
export class ChainsAhead {
  readonly #allowance: Allowance;
  /** Of one resource; the allowance is shared by all. */
  readonly #most: number;
  readonly #signal: AbortSignal;
  readonly #begun = new Map<number, BegunChain>();
  #next = 0;

  constructor(allowance: Allowance, most: number, signal: AbortSignal) {
    this.#allowance = allowance;
    this.#most = most;
    this.#signal = signal;
  }

  /** Begins chains from `first` on, as far as there is an allowance for them. */
  begin(first: number, end: number, open: OpenChain): void {
    this.#next = Math.max(this.#next, first);
    for (; this.#next < end && this.#begun.size < this.#most && this.#allowance.take(); this.#next += 1) {
      this.#begun.set(this.#next, new BegunChain(this.#next, open, new LinkedStop([this.#signal])));
    }
  }

  /** A chain whose turn it is; undefined if it was not begun. */
  take(index: number): Ahead<ChainPage, ChainEnd> | undefined {
    const begun = this.#begun.get(index);
    if (begun === undefined) return undefined;
    this.#begun.delete(index);
    this.#allowance.giveBack();
    return begun.itsTurn();
  }

  /** Gives up what nobody came to; nothing is said of it. */
  cancel(): void {
    for (const begun of this.#begun.values()) {
      this.#allowance.giveBack();
      begun.pages.cancel({ kind: 'not_found' });
    }
    this.#begun.clear();
  }
}

/** Chains of a resource that are asked again side by side; of each there is one reply in memory. */
const MOST_POLLED = 1000;

/** Who waits to be asked again is in nobody's way. */
export function polledAhead(signal: AbortSignal): ChainsAhead {
  return new ChainsAhead(new Allowance(MOST_POLLED), MOST_POLLED, signal);
}

/** How many requests of a resource, and so chains, may be under way at once. */
export function requestsAtOnce({ parallelized = true }: Pick<ResolvedResource, 'parallelized'>): number {
  if (typeof parallelized === 'number') return parallelized;
  return parallelized ? Number.POSITIVE_INFINITY : 1;
}

// --- internal ---

class BegunChain {
  readonly pages: Ahead<ChainPage, ChainEnd>;
  /** Until it is its turn. */
  #unsaid: (() => void)[] | undefined = [];

  constructor(index: number, open: OpenChain, stop: LinkedStop) {
    const say: Say = (what) => (this.#unsaid === undefined ? what() : void this.#unsaid.push(what));
    this.pages = new Ahead(open(index, say, stop), stop);
  }

  itsTurn(): Ahead<ChainPage, ChainEnd> {
    const unsaid = this.#unsaid ?? [];
    this.#unsaid = undefined;
    for (const what of unsaid) what();
    return this.pages;
  }
}
