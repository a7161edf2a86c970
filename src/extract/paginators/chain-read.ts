import type { Sign } from './signs.ts';

/** What was read of one request chain: plain JSON, part of a Position. */
export interface ChainRead {
  readonly pages: number;
  /** Null where the records are not what the source counts. */
  readonly items: number | null;
  /** Pages without records, one after another, the last one included. */
  readonly empty: number;
  /** The smallest total in each place: a list that grows while it is read is read whole all the same. */
  readonly totals: Readonly<Record<string, number>>;
}

export const NOTHING_READ: ChainRead = { pages: 0, items: 0, empty: 0, totals: {} };

/** With one page more. */
export function withPage(
  { pages, items, empty, totals }: ChainRead,
  page: { readonly records: number; readonly items?: number | undefined },
  signs: readonly Sign[],
): ChainRead {
  const seen = signs.flatMap(({ kind, entry, number }) =>
    kind === 'total' && number !== undefined
      ? [[entry.place, Math.min(number, totals[entry.place] ?? number)] as const]
      : [],
  );
  return {
    pages: pages + 1,
    items: items === null || page.items === undefined ? null : items + page.items,
    empty: page.records === 0 ? empty + 1 : 0,
    totals: { ...totals, ...Object.fromEntries(seen) },
  };
}
