import pRetry from 'p-retry';
import type { Effects } from '../../effects.ts';
import type { Retry } from '../../findings.ts';
import { isFinal, NetworkFailure } from './network-failure.ts';
import { hasRetryAfter, retryAfter } from './retry-after.ts';
import type { Reply } from './transport.ts';

export interface RetryPolicy {
  /** In total, the first one included. */
  readonly attempts: number;
  /** Milliseconds before the second attempt; doubles from there. */
  readonly backoff: number;
  /** Milliseconds. A server that wants a longer wait is not waited for. */
  readonly max_delay: number;
}

/** When a request may be sent again. `unless_executed`: only if the server says that nothing was executed. */
export type Repeat = 'always' | 'unless_executed' | 'never';

export interface RetryOptions extends RetryPolicy {
  readonly effects: Effects;
  readonly signal?: AbortSignal | undefined;
  readonly repeat: Repeat;
  /** A reply that is taken as it is, whatever its status. */
  accepts(reply: Reply): boolean;
  /** Before the wait. */
  onRetry?(retry: Retry): void;
  /** The source wants to be left alone for so many milliseconds; called back when this request goes on. */
  pause?(milliseconds: number): () => void;
}

/**
 * Sends again on 408, 429, 5xx and a failed network. Waits as long as `Retry-After` says, otherwise exponentially with
 * jitter. Gives the last reply, whatever its status; throws the last NetworkFailure.
 */
export async function withRetries<R extends Reply>(send: () => Promise<R>, options: RetryOptions): Promise<R> {
  let attempts = 0;
  let last: R | undefined;
  const attempt = async () => {
    attempts += 1;
    const reply = await send();
    if (!isTransient(reply, options)) return reply;
    last = reply;
    throw new TransientReply(reply);
  };
  try {
    return await pRetry(attempt, {
      retries: options.attempts - 1,
      // p-retry's own wait knows neither Retry-After nor our jitter.
      minTimeout: 0,
      shouldRetry: async ({ error }) => {
        if (!isRepeatable(error, options)) return false;
        const wait = waitBefore(error, attempts, options);
        options.onRetry?.({ after: reasonOf(error), wait, attempt: attempts + 1 });
        const resume = wantsPause(error) ? options.pause?.(wait) : undefined;
        await options.effects.sleep(wait, options.signal);
        resume?.();
        return true;
      },
    });
  } catch (error) {
    if (error instanceof TransientReply && last !== undefined) return last;
    throw error;
  }
}

function isTransientStatus(status: number): boolean {
  return status === 408 || status === 429 || status >= 500;
}

// --- internal ---

class TransientReply extends Error {
  readonly reply: Reply;

  constructor(reply: Reply) {
    super(`status ${reply.status}`);
    this.reply = reply;
  }
}

function isTransient(reply: Reply, { accepts, effects, max_delay, repeat }: RetryOptions): boolean {
  if (!isTransientStatus(reply.status) || accepts(reply)) return false;
  const isRefused = (reply.status === 429 || reply.status === 503) && hasRetryAfter(reply);
  if (repeat !== 'always' && !(repeat === 'unless_executed' && isRefused)) return false;
  return (retryAfter(reply, effects.now()) ?? 0) <= max_delay;
}

/** An allow-list: p-retry would also repeat a defect of ours. */
function isRepeatable(error: Error, { repeat }: RetryOptions): boolean {
  if (error instanceof TransientReply) return true;
  return repeat === 'always' && error instanceof NetworkFailure && !isFinal(error);
}

/** Not where one request took too long, or ended badly: others may do better. */
function wantsPause(error: Error): boolean {
  return error instanceof TransientReply && (error.reply.status === 429 || hasRetryAfter(error.reply));
}

function waitBefore(error: Error, attempts: number, { effects, backoff, max_delay }: RetryOptions): number {
  const said = error instanceof TransientReply ? retryAfter(error.reply, effects.now()) : null;
  if (said !== null) return said;
  return Math.min(max_delay, backoff * 2 ** (attempts - 1)) * (0.5 + effects.random() / 2);
}

function reasonOf(error: Error): string {
  if (error instanceof TransientReply) return String(error.reply.status);
  const code = error instanceof NetworkFailure ? error.code : undefined;
  return code === 'TIMEOUT' ? 'timeout' : (code ?? 'no answer');
}
