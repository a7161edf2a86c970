/** How long until the credits of a plan are given anew, in milliseconds. Invented: plans of RapidAPI last a month. */
const period = 30 * 24 * 60 * 60 * 1000;

export interface CreditOptions {
  /** What there is to spend. */
  readonly limit: number;
  /** Milliseconds. @default 30 days */
  readonly resetAfter?: number | undefined;
}

/** Credits of a plan or a purse: spent one reply after another, given anew when a time is over. */
export class Credits {
  readonly limit: number;
  readonly #period: number;
  readonly #now: () => number;
  #remaining: number;
  #resetAt: number;

  constructor({ limit, resetAfter = period }: CreditOptions, now: () => number) {
    this.limit = limit;
    this.#period = resetAfter;
    this.#now = now;
    this.#remaining = limit;
    this.#resetAt = now() + resetAfter;
  }

  get remaining(): number {
    if (this.#now() >= this.#resetAt) {
      this.#remaining = this.limit;
      this.#resetAt = this.#now() + this.#period;
    }
    return this.#remaining;
  }

  /** Whole seconds until they are given anew. */
  get secondsLeft(): number {
    return Math.max(0, Math.ceil((this.#resetAt - this.#now()) / 1000));
  }

  /** False, and nothing spent, when there are too few. */
  spend(cost: number): boolean {
    if (cost > this.remaining) return false;
    // Credits of some services are fractions of a cent.
    this.#remaining = Math.round((this.remaining - cost) * 1e6) / 1e6;
    return true;
  }
}
