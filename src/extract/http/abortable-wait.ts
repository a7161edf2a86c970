import { interruption } from '../interruption.ts';

/**
 * Waits for one promise at a time, but not on when the signal is aborted: then it throws the interruption. One listener for
 * all of them: a race with one long promise would keep every short one in memory.
 */
export class AbortableWait {
  readonly #signal: AbortSignal | undefined;
  #interrupt: () => void = () => {};
  readonly #onAbort = () => this.#interrupt();

  constructor(signal: AbortSignal | undefined) {
    this.#signal = signal;
    signal?.addEventListener('abort', this.#onAbort);
  }

  async for<T>(promise: PromiseLike<T> | T): Promise<T> {
    const signal = this.#signal;
    if (signal === undefined) return promise;
    return new Promise<T>((resolve, reject) => {
      this.#interrupt = () => reject(interruption(signal));
      if (signal.aborted) this.#interrupt();
      // Also where nobody waits any longer: its failure must not be left unhandled.
      Promise.resolve(promise).then(resolve, reject);
    });
  }

  end(): void {
    this.#signal?.removeEventListener('abort', this.#onAbort);
  }
}
