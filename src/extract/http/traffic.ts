import { setImmediate } from 'node:timers/promises';
import type { Effects } from '../../effects.ts';
import { HostGate } from './host-gate.ts';
import { Places } from './places.ts';
import { type RateLimit, RateWindow } from './rate-window.ts';

export interface TrafficOptions {
  /** Requests that may be under way at once. */
  readonly concurrency: number;
  readonly rateLimit?: RateLimit | undefined;
  readonly effects: Effects;
}

export interface SendOptions {
  /** Default: behind all others. */
  readonly turn?: number;
  /** Of the endpoint; that of the client holds as well. */
  readonly rate?: RateWindow | undefined;
  /** The host has nothing left to give for so many milliseconds. */
  onPause?(milliseconds: number): void;
}

/** Lets the requests of a run go when there is room for them, the rate limits allow it and their host has not asked for a pause. */
export class Traffic {
  readonly #effects: Effects;
  readonly #rate: RateWindow | undefined;
  readonly #concurrency: number;
  readonly #room: Places;
  readonly #hosts = new Map<string, HostGate>();
  #turns = 0;

  constructor({ concurrency, rateLimit, effects }: TrafficOptions) {
    this.#concurrency = concurrency;
    this.#room = new Places(concurrency);
    this.#rate = rateLimit && new RateWindow(rateLimit);
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
    options: SendOptions = {},
  ): Promise<R> {
    const gate = this.#gateOf(host);
    await this.#enter(gate, signal, { turn: this.turn(), ...options });
    try {
      return await request();
    } finally {
      await setImmediate(); // a reply that asks for a pause is heard before the next request goes
      this.#leave(gate);
    }
  }

  /** Nobody asks the host before `milliseconds` have passed, or the pause is ended by what is given back. */
  pause(host: string, milliseconds: number, isTold = true): () => void {
    const gate = this.#gateOf(host);
    const until = this.#effects.now() + milliseconds;
    gate.closeUntil(until, isTold);
    return () => gate.openAfter(until);
  }

  /** The host sent a request away that began at `begunAt`: it is asked for less at once. */
  refused(host: string, begunAt: number): void {
    this.#gateOf(host).refuse(begunAt, this.#effects.now());
  }

  #gateOf(host: string): HostGate {
    const gate = this.#hosts.get(host) ?? new HostGate(this.#concurrency);
    this.#hosts.set(host, gate);
    return gate;
  }

  /** Whatever was waited for, the other conditions may have changed meanwhile. Who waits for time to pass is in nobody's way. */
  async #enter(
    gate: HostGate,
    signal: AbortSignal | undefined,
    { turn, rate, onPause }: SendOptions & { readonly turn: number },
  ): Promise<void> {
    for (;;) {
      await this.#take(gate, turn, signal);
      const now = this.#effects.now();
      const { closedUntil } = gate;
      const until = Math.max(closedUntil, this.#rate?.opensAt ?? 0, rate?.opensAt ?? 0);
      if (until <= now) {
        gate.openAfter(closedUntil);
        this.#rate?.begin(now);
        rate?.begin(now);
        return;
      }
      this.#leave(gate);
      if (closedUntil > now && gate.isToTell()) onPause?.(closedUntil - now);
      await this.#effects.sleep(until - now, signal);
      gate.openAfter(until);
    }
  }

  async #take(gate: HostGate, turn: number, signal: AbortSignal | undefined): Promise<void> {
    await gate.take(turn, this.#effects.now(), signal);
    try {
      await this.#room.take(turn, signal);
    } catch (error) {
      gate.leave(this.#effects.now());
      throw error;
    }
  }

  #leave(gate: HostGate): void {
    this.#room.leave();
    gate.leave(this.#effects.now());
  }
}
