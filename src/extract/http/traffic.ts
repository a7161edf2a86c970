import { setImmediate } from 'node:timers/promises';
import type { Effects } from '../../effects.ts';
import { Places } from './places.ts';

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
  readonly #concurrency: number;
  readonly #room: Places;
  readonly #hosts = new Map<string, Places>();
  /** When the last requests began, as many as the rate limit counts. */
  readonly #begun: number[] = [];
  /** Until when a host wants to be left alone. */
  readonly #pauses = new Map<string, number>();
  #turns = 0;

  constructor({ concurrency, rateLimit, effects }: TrafficOptions) {
    this.#concurrency = concurrency;
    this.#room = new Places(concurrency);
    this.#rateLimit = rateLimit;
    this.#effects = effects;
  }

  /** For a request that may be sent more than once: it does not go behind those that came later. */
  turn(): number {
    this.#turns += 1;
    return this.#turns;
  }

  /** Sends when it may. Rejects with the signal's reason when it is aborted before that. */
  async send<R>(
    host: string,
    signal: AbortSignal | undefined,
    request: () => Promise<R>,
    turn = this.turn(),
  ): Promise<R> {
    const places = this.#placesOf(host);
    await places.take(turn, signal);
    try {
      await this.#enter(host, turn, signal);
      try {
        return await request();
      } finally {
        await setImmediate(); // a reply that asks for a pause is heard before the next request goes
        this.#room.leave();
        if (!this.#pauses.has(host)) places.limitTo(Math.min(this.#concurrency, places.most + 1));
      }
    } finally {
      places.leave();
    }
  }

  /**
   * Nobody asks the host before `milliseconds` have passed, or the pause is ended by what is given back. After it, one asks,
   * and every reply lets one more go: all at once would only be sent away again.
   */
  pause(host: string, milliseconds: number): () => void {
    const until = this.#effects.now() + milliseconds;
    if (until > (this.#pauses.get(host) ?? 0)) this.#pauses.set(host, until);
    this.#placesOf(host).limitTo(1);
    return () => this.#endPause(host, until);
  }

  #placesOf(host: string): Places {
    const places = this.#hosts.get(host) ?? new Places(this.#concurrency);
    this.#hosts.set(host, places);
    return places;
  }

  #endPause(host: string, until: number): void {
    if (this.#pauses.get(host) === until) this.#pauses.delete(host);
  }

  /** Whatever was waited for, the other conditions may have changed meanwhile. */
  async #enter(host: string, turn: number, signal: AbortSignal | undefined): Promise<void> {
    for (;;) {
      await this.#room.take(turn, signal);
      const until = Math.max(this.#pauses.get(host) ?? 0, this.#rateAllows());
      const wait = until - this.#effects.now();
      if (wait <= 0) break;
      this.#room.leave();
      await this.#effects.sleep(wait, signal);
      this.#endPause(host, until);
    }
    this.#pauses.delete(host);
    if (this.#rateLimit === undefined) return;
    this.#begun.push(this.#effects.now());
    if (this.#begun.length > this.#rateLimit.requests) this.#begun.shift();
  }

  /** When the rate limit lets the next request begin; 0 where it may at once. */
  #rateAllows(): number {
    if (this.#rateLimit === undefined || this.#begun.length < this.#rateLimit.requests) return 0;
    return (this.#begun[0] ?? 0) + this.#rateLimit.window;
  }
}
