import { Places } from './places.ts';

/** Milliseconds without a refusal after which one more request may be under way. */
const RECOVERY = 1000;

/**
 * How many requests may be under way to one host, and from when on. After a refusal they are half as many, and one more with every
 * second that passes without another.
 */
export class HostGate {
  readonly #most: number;
  readonly #places: Places;
  /** Until when the host wants to be left alone. */
  #closedUntil = 0;
  /** So many places there were after the last refusal, from then on, or from the end of its pause. */
  #left: number;
  #since = Number.NEGATIVE_INFINITY;
  #refusedAt = Number.NEGATIVE_INFINITY;
  /** Somebody who waits should tell why. */
  #isUntold = false;

  constructor(most: number) {
    this.#most = most;
    this.#left = most;
    this.#places = new Places(most);
  }

  async take(turn: number, now: number, signal: AbortSignal | undefined): Promise<void> {
    this.#places.limitTo(this.#limit(now));
    await this.#places.take(turn, signal);
  }

  leave(now: number): void {
    this.#places.limitTo(this.#limit(now));
    this.#places.leave();
  }

  get closedUntil(): number {
    return this.#closedUntil;
  }

  /** `isTold`: whoever closes it says so to those who watch. */
  closeUntil(time: number, isTold: boolean): void {
    if (time <= this.#closedUntil) return;
    this.#closedUntil = time;
    this.#since = Math.max(this.#since, time);
    this.#isUntold = !isTold;
  }

  /** Unless it was closed for longer meanwhile. */
  openAfter(time: number): void {
    if (this.#closedUntil === time) this.#closedUntil = 0;
  }

  /** True once, for a pause that nobody told. */
  isToTell(): boolean {
    const isUntold = this.#isUntold;
    this.#isUntold = false;
    return isUntold;
  }

  /** For a request that began at `begunAt`: those that were under way together are refused together, and count once. */
  refuse(begunAt: number, now: number): void {
    if (begunAt <= this.#refusedAt) return;
    this.#left = Math.max(1, Math.floor(this.#limit(now) / 2));
    this.#refusedAt = now;
    this.#since = Math.max(now, this.#closedUntil);
    this.#places.limitTo(this.#left);
  }

  #limit(now: number): number {
    const recovered = Math.floor(Math.max(0, now - this.#since) / RECOVERY);
    return Math.min(this.#most, this.#left + recovered);
  }
}
