import type { Effects } from '../../effects.ts';

/** So many requests may begin in so many milliseconds. */
export interface RateLimit {
  readonly requests: number;
  readonly window: number;
}

export interface TrafficOptions {
  /** Requests that may be under way at once. */
  readonly concurrency: number;
  readonly rateLimit?: RateLimit | undefined;
  readonly effects: Effects;
}

/** Lets the requests of a run go when there is room for them, the rate limit allows it and their host has not asked for a pause. */
export class Traffic {
  readonly #effects: Effects;
  readonly #rateLimit: RateLimit | undefined;
  /** When the last requests began or will begin, as many as the rate limit counts. */
  readonly #begun: number[] = [];
  /** Until when a host wants to be left alone. */
  readonly #pauses = new Map<string, number>();
  readonly #waiting: (() => void)[] = [];
  #room: number;

  constructor({ concurrency, rateLimit, effects }: TrafficOptions) {
    this.#room = concurrency;
    this.#rateLimit = rateLimit;
    this.#effects = effects;
  }

  /** Sends when it may. Rejects with the signal's reason when it is aborted before that. */
  async send<R>(host: string, signal: AbortSignal | undefined, request: () => Promise<R>): Promise<R> {
    await this.#enter(host, signal);
    try {
      const wait = this.#reserve();
      if (wait > 0) await this.#effects.sleep(wait, signal);
      return await request();
    } finally {
      this.#leave();
    }
  }

  /** Nobody asks the host before `milliseconds` have passed, or the pause is ended by what is given back. */
  pause(host: string, milliseconds: number): () => void {
    const until = this.#effects.now() + milliseconds;
    if (until > (this.#pauses.get(host) ?? 0)) this.#pauses.set(host, until);
    return () => this.#endPause(host, until);
  }

  #endPause(host: string, until: number): void {
    if (this.#pauses.get(host) === until) this.#pauses.delete(host);
  }

  /** There may be another pause once there is room. */
  async #enter(host: string, signal: AbortSignal | undefined): Promise<void> {
    for (;;) {
      await this.#takeRoom(signal);
      const until = this.#pauses.get(host);
      if (until === undefined) return;
      this.#leave();
      await this.#effects.sleep(Math.max(0, until - this.#effects.now()), signal);
      this.#endPause(host, until);
    }
  }

  /** Milliseconds until the request may begin; as if it began then for those that come after it. */
  #reserve(): number {
    if (this.#rateLimit === undefined) return 0;
    const { requests, window } = this.#rateLimit;
    const now = this.#effects.now();
    const earliest = this.#begun.length < requests ? now : Math.max(now, (this.#begun.shift() ?? 0) + window);
    this.#begun.push(earliest);
    return earliest - now;
  }

  async #takeRoom(signal: AbortSignal | undefined): Promise<void> {
    signal?.throwIfAborted();
    if (this.#room > 0) {
      this.#room -= 1;
      return;
    }
    await new Promise<void>((resolve, reject) => {
      const enter = () => {
        signal?.removeEventListener('abort', leave);
        resolve();
      };
      const leave = () => {
        this.#waiting.splice(this.#waiting.indexOf(enter), 1);
        reject(signal?.reason);
      };
      signal?.addEventListener('abort', leave, { once: true });
      this.#waiting.push(enter);
    });
  }

  /** The room goes to whoever waits longest. */
  #leave(): void {
    const next = this.#waiting.shift();
    if (next === undefined) this.#room += 1;
    else next();
  }
}
