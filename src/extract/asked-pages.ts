import type { Answer } from './http/exchange.ts';
import type { Allowance } from './lookahead.ts';
import type { Step } from './paginators/paginator.ts';

/** Bytes of replies that may be on their way beyond the next page: large pages are the work of reading them, not of waiting. */
const MOST_BYTES_BEYOND = 1_000_000;

/**
 * The replies of one chain that are on their way: to the next page and, as far as there is an allowance for it and pages are as
 * large as the last one, to pages that are known to follow. What leads from page to page is decided by the paginator alone: a
 * page that was asked for and that it never comes to is not looked at.
 */
export class AskedPages {
  readonly #ask: (step: Step) => Promise<Answer>;
  readonly #allowance: Allowance;
  readonly #replies = new Map<string, Promise<Answer>>();
  /** Of these replies, those beyond the next one. */
  readonly #beyond = new Set<string>();
  /** Bytes of the last reply. */
  #size = 0;

  constructor(ask: (step: Step) => Promise<Answer>, allowance: Allowance) {
    this.#ask = ask;
    this.#allowance = allowance;
  }

  /** The reply to a step; asks for it where that was not done. */
  async reply(step: Step): Promise<Answer> {
    const key = keyOf(step);
    const reply = this.#replies.get(key) ?? this.#ask(step);
    this.#replies.delete(key);
    if (this.#beyond.delete(key)) this.#allowance.giveBack();
    const answer = await reply;
    this.#size = answer.body.length;
    return answer;
  }

  /** Asks for the next page, and for some of those after it. */
  askAhead(next: Step): void {
    if (this.#allowance.isNone) return;
    this.#begin(next);
    const room = Math.floor(MOST_BYTES_BEYOND / Math.max(1, this.#size));
    const following = next.following?.(Math.min(room, this.#beyond.size + this.#allowance.left)) ?? [];
    for (const step of following) {
      const key = keyOf(step);
      if (this.#replies.has(key)) continue;
      if (!this.#allowance.take()) return;
      this.#beyond.add(key);
      this.#begin(step);
    }
  }

  /** Something was asked for that nobody came to. */
  get isWaiting(): boolean {
    return this.#replies.size > 0;
  }

  /** Nobody will ask for a reply any more. */
  end(): void {
    for (const _ of this.#beyond) this.#allowance.giveBack();
    this.#beyond.clear();
    this.#replies.clear();
  }

  #begin(step: Step): void {
    const key = keyOf(step);
    if (this.#replies.has(key)) return;
    const reply = this.#ask(step);
    reply.catch(() => {}); // until the paginator comes to it, its failure is nobody's
    this.#replies.set(key, reply);
  }
}

function keyOf({ url, params, body }: Step): string {
  return JSON.stringify([url, params, body]);
}
