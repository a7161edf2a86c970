import pRetry from 'p-retry';
import type { ResponseAction } from '../../config/grammar/response-action-schema.ts';
import type { Effects } from '../../effects.ts';
import type { Retry } from '../../findings.ts';
import { isFinal, NetworkFailure } from './network-failure.ts';
import { hasRetryAfter, isRefusal, retryAfter } from './retry-after.ts';
import type { Reply } from './transport.ts';

export interface RetryPolicy {
  /** In total, the first one included. */
  readonly attempts: number;
  /** Milliseconds before the second attempt; doubles from there. */
  readonly backoff: number;
  /** Milliseconds. A server that wants a longer wait is not waited for. */
  readonly max_delay: number;
}

/**
 * When a request may be sent again. `unless_executed`: only if the server says that nothing was executed; `never`: not even then,
 * unless a rule says so.
 */
export type Repeat = 'always' | 'unless_executed' | 'never';

export interface RetryOptions extends RetryPolicy {
  readonly effects: Effects;
  readonly signal?: AbortSignal | undefined;
  readonly repeat: Repeat;
  /** What the configuration says of a reply, before anything here does: only `retry` sends again. */
  ruleFor(reply: Reply): ResponseAction | undefined;
  /** Before the wait. `attempts` is how many there may be. */
  onRetry?(retry: Retry, attempts: number): void;
  /** The source wants to be left alone for so many milliseconds; called back when this request goes on. */
  pause?(milliseconds: number): () => void;
}

/**
 * Sends again on 408, 429, 5xx and a failed network, and where a rule says so. Waits as long as `Retry-After` says, else as the
 * rule does, otherwise exponentially with jitter. Gives the last reply, whatever its status; throws the last NetworkFailure.
 */
export async function withRetries<R extends Reply>(send: () => Promise<R>, options: RetryOptions): Promise<R> {
  let attempts = 0;
  /** Of those, what each rule made necessary, and the policy without one. */
  const made = new Map<ResponseAction | undefined, number>();
  let last: R | undefined;
  const attempt = async () => {
    attempts += 1;
    const reply = await send();
    const rule = options.ruleFor(reply);
    if (!isTransient(reply, rule, options)) return reply;
    last = reply;
    throw new TransientReply(reply, rule);
  };
  // Most requests have no second attempt, and what p-retry keeps of one costs as much as a tenth of a small request.
  let first: Promise<R> | undefined = attempt();
  const attemptAfter = () => {
    const begun = first ?? attempt();
    first = undefined;
    return begun;
  };
  try {
    const reply = await first.catch(() => undefined);
    if (reply !== undefined) return reply;
    return await pRetry(attemptAfter, {
      // Each rule has its own number of attempts.
      retries: Number.POSITIVE_INFINITY,
      // p-retry's own wait knows neither Retry-After nor our jitter.
      minTimeout: 0,
      shouldRetry: async ({ error }) => {
        if (!isRepeatable(error, options)) return false;
        const rule = ruleOf(error);
        const tries = (made.get(rule) ?? 0) + 1;
        made.set(rule, tries);
        const most = rule?.attempts ?? options.attempts;
        if (tries >= most) return false;
        const wait = waitBefore(error, tries, options);
        options.onRetry?.({ after: reasonOf(error), wait, attempt: attempts + 1 }, Math.max(most, attempts + 1));
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
  readonly rule: ResponseAction | undefined;

  constructor(reply: Reply, rule: ResponseAction | undefined) {
    super(`status ${reply.status}`);
    this.reply = reply;
    this.rule = rule;
  }
}

function ruleOf(error: Error): ResponseAction | undefined {
  return error instanceof TransientReply ? error.rule : undefined;
}

function isTransient(reply: Reply, rule: ResponseAction | undefined, options: RetryOptions): boolean {
  const { effects, max_delay, repeat } = options;
  if (rule === undefined ? !isTransientStatus(reply.status) : rule.action !== 'retry') return false;
  const wait = retryAfter(reply, effects.now());
  const isRefused = isRefusal(reply) && (hasRetryAfter(reply) || wait !== null);
  const mayRepeat = repeat === 'unless_executed' || (repeat === 'never' && rule !== undefined);
  if (repeat !== 'always' && !(mayRepeat && isRefused)) return false;
  return (wait ?? 0) <= max_delay;
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
  const wait = said ?? ruleOf(error)?.wait;
  if (wait !== undefined) return wait;
  return Math.min(max_delay, backoff * 2 ** (attempts - 1)) * (0.5 + effects.random() / 2);
}

function reasonOf(error: Error): string {
  if (error instanceof TransientReply) return String(error.reply.status);
  const code = error instanceof NetworkFailure ? error.code : undefined;
  return code === 'TIMEOUT' ? 'timeout' : (code ?? 'no answer');
}
