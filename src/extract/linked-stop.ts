import { setMaxListeners } from 'node:events';

/**
 * A signal that is aborted with any of some others, until it is released. `AbortSignal.any` leaves a trace of every signal that it
 * makes in those it is made of: a run has one, and chains by the hundred thousand.
 */
export class LinkedStop {
  readonly #stop = new AbortController();
  readonly #others: readonly AbortSignal[];
  readonly #follow = ({ target }: Event) => {
    if (target instanceof AbortSignal) this.#stop.abort(target.reason);
  };

  constructor(others: readonly AbortSignal[]) {
    this.#others = others;
    setMaxListeners(0, this.#stop.signal, ...others); // every request, and every chain, that is under way listens
    for (const other of others) {
      if (other.aborted) this.#stop.abort(other.reason);
      other.addEventListener('abort', this.#follow, { once: true });
    }
  }

  get signal(): AbortSignal {
    return this.#stop.signal;
  }

  abort(): void {
    this.#stop.abort();
  }

  release(): void {
    for (const other of this.#others) other.removeEventListener('abort', this.#follow);
  }
}
