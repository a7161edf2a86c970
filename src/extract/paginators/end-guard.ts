import { PipelineError } from '../../errors.ts';
import type { Place, Step } from './paginator.ts';

/** Watches one request chain for pages that come again. */
export class EndGuard {
  readonly #seen = new Set<Place>();
  #last: Buffer | undefined;

  /** Throws PaginationEndless if this page equals the one before, or if the next one was asked for already. */
  check(
    { body, request }: { readonly body: Buffer; readonly request: string },
    records: number,
    next: Step | null,
  ): void {
    if (records > 0 && this.#last?.equals(body)) {
      throw endless(`The reply to ${request} is the same as that to the request before it`, request);
    }
    this.#last = next === null ? undefined : body;
    if (next === null || next.at === null) return;
    if (this.#seen.has(next.at))
      throw endless(`The reply to ${request} leads to a page that was read already`, request);
    this.#seen.add(next.at);
  }
}

function endless(message: string, request: string): PipelineError {
  return new PipelineError({
    code: 'PaginationEndless',
    message,
    hint: 'Check the `paginator` of the endpoint: its parameter may have no effect, or its cursor never ends.',
    facts: { request },
  });
}
