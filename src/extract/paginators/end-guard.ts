import { createHash } from 'node:crypto';
import { PipelineError } from '../../errors.ts';
import { jsonText } from '../../json/json-text.ts';
import type { Json } from '../../json/json-value.ts';
import type { Place, Step } from './paginator.ts';

/** So many pages one after another with records that earlier ones had: one or two can be alike by chance. */
const MANY_REPEATED = 100;

/** Watches one request chain for pages that come again. */
export class EndGuard {
  readonly #isLimited: boolean;
  readonly #seen = new Set<Place>();
  readonly #contents = new Set<string>();
  #last: Buffer | undefined;
  #repeated = 0;

  /** `isLimited`: the configuration says how long the list may be, so that pages may be alike. */
  constructor({ isLimited }: { readonly isLimited: boolean }) {
    this.#isLimited = isLimited;
  }

  /**
   * Throws PaginationEndless if this page equals the one before, if the next one was asked for already, or if page after page
   * has the records of earlier ones beside a time or number that changes.
   */
  check(
    { body, request }: { readonly body: Buffer; readonly request: string },
    records: readonly Json[],
    next: Step | null,
  ): void {
    if (records.length > 0 && this.#last?.equals(body)) {
      throw endless(`The reply to ${request} is the same as that to the request before it`, request);
    }
    this.#last = next === null ? undefined : body;
    if (next === null || next.at === null) return;
    if (this.#seen.has(next.at))
      throw endless(`The reply to ${request} leads to a page that was read already`, request);
    this.#seen.add(next.at);
    if (!this.#isLimited && records.length > 0) this.#checkContent(records, request);
  }

  #checkContent(records: readonly Json[], request: string): void {
    const content = contentOf(records);
    this.#repeated = this.#contents.has(content) ? this.#repeated + 1 : 0;
    this.#contents.add(content);
    if (this.#repeated < MANY_REPEATED) return;
    throw endless(`The last ${MANY_REPEATED} pages, up to ${request}, had only records of earlier ones`, request);
  }
}

// --- internal ---

function endless(message: string, request: string): PipelineError {
  return new PipelineError({
    code: 'PaginationEndless',
    message,
    hint: 'Check the `paginator` of the endpoint: its parameter may have no effect, or its cursor never ends.',
    facts: { request },
  });
}

/** The same for pages that are alike: their number of records, the first one and the last one tell enough. */
function contentOf(records: readonly Json[]): string {
  const ends = [records.length, records[0], records.at(-1)];
  return createHash('sha1').update(jsonText(ends)).digest('base64');
}
