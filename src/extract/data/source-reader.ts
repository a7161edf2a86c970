import type { RecordSource } from '../../config/grammar/resource-schema.ts';
import type { Effects } from '../../effects.ts';
import { printable } from '../../text/printable.ts';
import { AbortableWait } from '../http/abortable-wait.ts';

/** Milliseconds that an interrupted source has for its own cleaning up. */
const CLOSING_TIME = 1000;

type AnyIterator = Iterator<unknown> | AsyncIterator<unknown>;

/** Reads what a program's own `data` function gives, item by item, until it ends or the signal is aborted. */
export class SourceReader {
  readonly #effects: Effects;
  readonly #signal: AbortSignal | undefined;
  readonly #wait: AbortableWait;
  #iterator: AnyIterator | undefined;
  #isAsked = false;

  constructor(effects: Effects, signal: AbortSignal | undefined) {
    this.#effects = effects;
    this.#signal = signal;
    this.#wait = new AbortableWait(signal);
  }

  /** Throws what the function throws, and TypeError if it gives nothing to iterate over. */
  async open(data: RecordSource): Promise<void> {
    this.#iterator = iteratorOf(await this.#wait.for<unknown>(data()));
  }

  async next(): Promise<IteratorResult<unknown, unknown>> {
    if (this.#iterator === undefined) return { done: true, value: undefined };
    this.#isAsked = true;
    const result = await this.#wait.for(this.#iterator.next());
    if (typeof result !== 'object' || result === null) throw new TypeError('its iterator gave no result object');
    if (result.done === true) this.#iterator = undefined;
    // An iterable that is not async may hold promises.
    else if (isThenable(result.value)) return { done: false, value: await this.#wait.for(result.value) };
    this.#isAsked = false;
    return result;
  }

  /** Lets a source that did not end clean up; one that is interrupted is not waited for longer than a second. */
  async close(): Promise<void> {
    this.#wait.end();
    const closing = this.#closing();
    if (this.#signal?.aborted !== true) return closing;
    closing.catch(() => {});
    if (this.#isAsked) return;
    const enough = new AbortController();
    const timeout = this.#effects.sleep(CLOSING_TIME, enough.signal).catch(() => {});
    await Promise.race([closing.catch(() => {}), timeout]);
    enough.abort();
  }

  /** Its own failure is not told: it closes because of another one, or because its reader ended early. */
  async #closing(): Promise<void> {
    const iterator = this.#iterator;
    this.#iterator = undefined;
    try {
      await iterator?.return?.();
    } catch {}
  }
}

// --- internal ---

function iteratorOf(source: unknown): AnyIterator {
  if (typeof source === 'object' && source !== null) {
    const make: unknown = Reflect.get(source, Symbol.asyncIterator) ?? Reflect.get(source, Symbol.iterator);
    const iterator: unknown = typeof make === 'function' ? make.call(source) : undefined;
    if (isIterator(iterator)) return iterator;
  }
  throw new TypeError(`it returned ${kindOf(source)}, not an (async) iterable`);
}

function isIterator(value: unknown): value is AnyIterator {
  return typeof value === 'object' && value !== null && typeof Reflect.get(value, 'next') === 'function';
}

function isThenable(value: unknown): value is PromiseLike<unknown> {
  return typeof value === 'object' && value !== null && typeof Reflect.get(value, 'then') === 'function';
}

function kindOf(value: unknown): string {
  if (value === null || value === undefined) return String(value);
  if (typeof value === 'object') return 'an object';
  return printable(`the ${typeof value} ${String(value)}`, 60);
}
