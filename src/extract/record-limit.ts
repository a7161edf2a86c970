import type { Stopped } from './chain.ts';
import { BY_LIMIT } from './chain-ends.ts';
import type { RecordLimit } from './context.ts';

/** What is left of a limit for a resource of which an earlier run read some `records` already. */
export function limitAfter(limit: number | undefined, records: number, isTableNew: boolean): RecordLimit | undefined {
  return limit === undefined ? undefined : { records: Math.max(0, limit - records), isTableNew };
}

/** Counts the records of a resource down. */
export class RecordsLeft {
  #left: number;

  constructor(limit: RecordLimit | undefined) {
    this.#left = limit?.records ?? Number.POSITIVE_INFINITY;
  }

  /**
   * What is wanted of a page, and, where that was the last of it, how the list ends. `goesOn`: another page would follow; `isLast`: no
   * other list would.
   */
  page<R>(
    records: readonly R[],
    { goesOn, isLast }: { readonly goesOn: boolean; readonly isLast: boolean },
  ): { readonly records: readonly R[]; readonly stop: Stopped | undefined } {
    const wanted = records.length <= this.#left ? records : records.slice(0, this.#left);
    this.#left -= wanted.length;
    const isCut = wanted.length < records.length;
    const isOver = this.#left === 0 && (isCut || goesOn || !isLast);
    if (!isOver) return { records: wanted, stop: undefined };
    return { records: wanted, stop: { kind: 'stopped', at: BY_LIMIT, isFirst: false, goesOn: isCut || goesOn } };
  }
}
