import type { RunEvent } from '../events.ts';

const MOST_WAITING = 10_000;
const frequent: readonly RunEvent['event'][] = ['request', 'progress', 'waiting'];

/** Events that wait for a reader. Those that come by the hundred thousand are left out where too many wait, and counted. */
export class EventQueue {
  #waiting: RunEvent[] = [];
  #leftOut = 0;
  #isOver = false;
  #wake: () => void = () => {};

  add(event: RunEvent): void {
    if (this.#isOver) return;
    if (this.#waiting.length >= MOST_WAITING && frequent.includes(event.event)) this.#leftOut += 1;
    else this.#waiting.push(event);
    this.#wake();
  }

  /** Nothing more comes, or nobody wants it. */
  end(): void {
    this.#isOver = true;
    this.#wake();
  }

  /** Undefined after the last. */
  async next(): Promise<RunEvent | undefined> {
    while (this.#waiting.length === 0 && !this.#isOver) {
      await new Promise<void>((resolve) => {
        this.#wake = resolve;
      });
    }
    const event = this.#waiting.shift();
    if (event === undefined || this.#leftOut === 0 || this.#waiting.length > 0) return event;
    this.#waiting.push({ event: 'warning', time: event.time, message: leftOutText(this.#leftOut) });
    this.#leftOut = 0;
    return event;
  }
}

// --- internal ---

function leftOutText(times: number): string {
  return `${times} events of requests and progress were left out: nobody took them in time.`;
}
