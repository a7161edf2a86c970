import type { RowChanges } from '../trace.ts';

/** What a load did to the rows of its tables, by table. */
export type RowTallies = Map<string, RowChanges>;

const nothing: RowChanges = { inserted: 0, updated: 0, deleted: 0, retired: 0 };

/** Adds to what is counted of a table; one of which nothing changed is not in it. */
export function tally(tallies: RowTallies, table: string, rows: Partial<RowChanges>): void {
  if (Object.values(rows).every((number) => number === 0)) return;
  const { inserted, updated, deleted, retired } = tallyOf(tallies, table);
  tallies.set(table, {
    inserted: inserted + (rows.inserted ?? 0),
    updated: updated + (rows.updated ?? 0),
    deleted: deleted + (rows.deleted ?? 0),
    retired: retired + (rows.retired ?? 0),
  });
}

/** Of the rows that were inserted, so many took the place of one that had to go: those were updated. */
export function tallyReplaced(tallies: RowTallies, table: string, replaced: number): void {
  const updated = Math.min(replaced, tallyOf(tallies, table).inserted);
  tally(tallies, table, { inserted: -updated, updated, deleted: replaced - updated });
}

export function tallyOf(tallies: ReadonlyMap<string, RowChanges>, table: string): RowChanges {
  return tallies.get(table) ?? nothing;
}
