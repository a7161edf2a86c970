/** How many pages are read before they are wanted. */
const PAGES = 2;

/**
 * A generator that is read before it is its turn. It runs as far as its second result, then waits for whoever reads it; what
 * goes wrong is thrown when that result is read. To be ended by `cancel` or `return` if it is not read to its end.
 */
export class Ahead<T, R> {
  readonly #generator: AsyncGenerator<T, R>;
  readonly #stop: { abort(): void };
  readonly #results: Promise<IteratorResult<T, R>>[];

  /** @param stop is aborted where nobody will read on */
  constructor(generator: AsyncGenerator<T, R>, stop: { abort(): void }) {
    this.#generator = generator;
    this.#stop = stop;
    // A generator takes one call after another, however many are made at once.
    this.#results = Array.from({ length: PAGES }, () => generator.next());
    for (const result of this.#results) result.catch(() => {});
  }

  next(): Promise<IteratorResult<T, R>> {
    return this.#results.shift() ?? this.#generator.next();
  }

  /** Gives up what is under way, and waits until it is. */
  return(value: R): Promise<IteratorResult<T, R>> {
    this.#stop.abort();
    return this.#generator.return(value);
  }

  /** The same without waiting. */
  cancel(value: R): void {
    this.return(value).catch(() => {});
  }
}
