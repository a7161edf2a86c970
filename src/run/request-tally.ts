import type { RequestTrace } from '../findings.ts';
import type { ResourceTrace, RetryTrace } from '../trace.ts';

type Tallied = Pick<ResourceTrace, 'retries' | 'slowestRequest' | 'statuses'>;

/** What a resource's requests took, for its trace. */
export class RequestTally {
  readonly #retries = new Map<string, RetryTrace>();
  #slowest: Tallied['slowestRequest'] = null;
  readonly #statuses = new Map<string, number>();

  add({ method, url, status, milliseconds, retries = [] }: RequestTrace): void {
    const answer = String(status ?? 'none');
    this.#statuses.set(answer, (this.#statuses.get(answer) ?? 0) + 1);
    let waited = 0;
    for (const { after, wait } of retries) {
      waited += wait;
      const before = this.#retries.get(after) ?? { after, times: 0, waitedMilliseconds: 0 };
      this.#retries.set(after, {
        after,
        times: before.times + 1,
        waitedMilliseconds: before.waitedMilliseconds + wait,
      });
    }
    const took = Math.max(0, milliseconds - waited);
    if (took >= (this.#slowest?.milliseconds ?? 0)) this.#slowest = { request: `${method} ${url}`, milliseconds: took };
  }

  get tallied(): Tallied {
    return {
      retries: [...this.#retries.values()],
      slowestRequest: this.#slowest,
      ...(this.#statuses.size > 0 && { statuses: Object.fromEntries(this.#statuses) }),
    };
  }
}

/** Of a resource for which this run asked nothing. */
export const nothingAsked = { milliseconds: 0, retries: [], slowestRequest: null } as const;
