/** So many requests may begin in so many milliseconds. */
export interface RateLimit {
  readonly requests: number;
  readonly window: number;
}

/** Counts requests in any such time. */
export class RateWindow {
  readonly #limit: RateLimit;
  /** When the last requests began, as many as count. */
  readonly #begun: number[] = [];

  constructor(limit: RateLimit) {
    this.#limit = limit;
  }

  /** When the next request may begin; 0 where it may at once. */
  get opensAt(): number {
    const { requests, window } = this.#limit;
    return this.#begun.length < requests ? 0 : (this.#begun[0] ?? 0) + window;
  }

  begin(now: number): void {
    this.#begun.push(now);
    if (this.#begun.length > this.#limit.requests) this.#begun.shift();
  }
}
