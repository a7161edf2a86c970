interface Waiting {
  readonly turn: number;
  readonly enter: () => void;
}

/** Places for so many at once. The lowest turn of those that wait gets the next one. */
export class Places {
  #most: number;
  #taken = 0;
  readonly #waiting: Waiting[] = [];

  constructor(most: number) {
    this.#most = most;
  }

  /** Rejects with the signal's reason when it is aborted before there is a place. */
  async take(turn: number, signal: AbortSignal | undefined): Promise<void> {
    signal?.throwIfAborted();
    if (this.#taken < this.#most) {
      this.#taken += 1;
      return;
    }
    await new Promise<void>((resolve, reject) => {
      const waiting: Waiting = {
        turn,
        enter: () => {
          signal?.removeEventListener('abort', giveUp);
          resolve();
        },
      };
      const giveUp = () => {
        this.#waiting.splice(this.#waiting.indexOf(waiting), 1);
        reject(signal?.reason);
      };
      signal?.addEventListener('abort', giveUp, { once: true });
      const behind = this.#waiting.findLastIndex((other) => other.turn <= turn);
      this.#waiting.splice(behind + 1, 0, waiting);
    });
  }

  leave(): void {
    this.#taken -= 1;
    this.#admit();
  }

  /** From now on; who has a place keeps it. */
  limitTo(most: number): void {
    this.#most = most;
    this.#admit();
  }

  #admit(): void {
    while (this.#taken < this.#most) {
      const next = this.#waiting.shift();
      if (next === undefined) return;
      this.#taken += 1;
      next.enter();
    }
  }
}
