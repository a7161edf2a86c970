import { setTimeout as sleep } from 'node:timers/promises';

/** A connection whose statement can be ended. */
interface Interruptible {
  interrupt(): void;
}

/** Ends what the connection does. Again and again: an interrupt that comes while a statement is prepared is lost. */
export async function interruptUntil(ended: AbortSignal, connection: Interruptible): Promise<void> {
  while (!ended.aborted) {
    connection.interrupt();
    await sleep(20);
  }
}

/** The work took longer than it may. */
export class TookTooLong extends Error {
  /** Milliseconds. */
  readonly limit: number;

  constructor(limit: number) {
    super(`took longer than ${limit} ms`);
    this.limit = limit;
  }
}

/**
 * Statements that somebody else wrote: they end after `limit` milliseconds with TookTooLong, and when the signal is aborted
 * with its reason.
 */
export async function limited<T>(
  connection: Interruptible,
  limit: number,
  signal: AbortSignal | undefined,
  work: () => Promise<T>,
): Promise<T> {
  const ended = new AbortController();
  const late = new AbortController();
  const timer = setTimeout(() => late.abort(), limit);
  const stop = AbortSignal.any([late.signal, ...(signal === undefined ? [] : [signal])]);
  stop.addEventListener('abort', () => void interruptUntil(ended.signal, connection), { once: true });
  try {
    signal?.throwIfAborted();
    return await work();
  } catch (error) {
    signal?.throwIfAborted();
    throw late.signal.aborted ? new TookTooLong(limit) : error;
  } finally {
    clearTimeout(timer);
    ended.abort();
  }
}
