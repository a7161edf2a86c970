import type { Effects } from '../effects.ts';
import type { ExtractOutcome } from '../extract/page.ts';
import type { Rejection, RequestTrace } from '../findings.ts';
import type { IncrementalStart } from '../incremental/incremental-start.ts';
import type { PackageResource } from '../package/layout.ts';
import type { RequestRow } from '../schema/requests-table.ts';
import { missingRule, notesOfMissing } from './missing-rule.ts';
import { RequestTally } from './request-tally.ts';
import { ResourceWords } from './resource-words.ts';
import type { RunResource } from './select-resources.ts';

/** How far one resource is. */
export class ResourceProgress {
  requests: number;
  readonly tally = new RequestTally();
  readonly words: ResourceWords;
  /** Of its requests, what is not in the package yet. */
  readonly captured: RequestRow[] = [];
  #document: PackageResource;
  #hasRejected = false;

  constructor(
    { name, table_name: root, isOnlyRead, write_disposition: disposition }: RunResource,
    place: number,
    begun: PackageResource | undefined,
    incremental: IncrementalStart | undefined,
    isRefreshing: boolean,
    effects: Pick<Effects, 'log' | 'now'>,
  ) {
    this.words = new ResourceWords(name, effects);
    const fresh = { resource: name, place, root, status: 'running', position: null } as const;
    const range = incremental === undefined ? {} : { incremental, ...(isRefreshing ? { isRefreshed: true } : {}) };
    const onlyRead = isOnlyRead === true ? { isOnlyRead } : {};
    const missing = missingRule(disposition);
    const rule = missing === undefined ? {} : { missing };
    this.#document = begun ?? { ...fresh, records: 0, requests: 0, notes: [], ...range, ...onlyRead, ...rule };
    this.requests = this.#document.requests;
  }

  get document(): PackageResource {
    return { ...this.#document, requests: this.requests };
  }

  addRequest(trace: RequestTrace): void {
    this.requests += 1;
    this.tally.add(trace);
    this.words.request(trace);
  }

  addPage(records: number, position: PackageResource['position']): void {
    this.#document = { ...this.#document, records: this.#document.records + records, position };
  }

  /** What of it was read so far came in these replies, too. */
  addPaid(names: readonly string[]): void {
    const { paid = [] } = this.#document;
    if (names.length > 0) this.#document = { ...this.#document, paid: [...paid, ...names] };
  }

  /** Of what a schema contract left out, rows of the root table. */
  reject({ kind, table, count }: Rejection): void {
    this.#hasRejected = true;
    const { root, leftOut = 0 } = this.#document;
    if (kind === 'row' && table === root) this.#document = { ...this.#document, leftOut: leftOut + count };
  }

  addBought(bought: PackageResource['bought']): void {
    if (bought !== undefined) this.#document = { ...this.#document, bought };
  }

  end({ status, notes, reached, isWhole = false, partOf, reply }: ExtractOutcome): void {
    const ended = { status: status === 'extracted' ? ('done' as const) : status, isWhole };
    // What is left out is to be told by the next run, too.
    const known = reply === undefined || this.#hasRejected ? {} : { reply };
    const document = { ...this.#document, ...ended, ...known, ...(reached === undefined ? {} : { reached }) };
    this.#document = { ...document, notes: [...notes, ...notesOfMissing(document, partOf)] };
  }
}
