/** Decisions about rows that a person should see, and how a report says them. */
const words = {
  duplicates: 'rows dropped as duplicates of a key',
  marked: 'records marked as deleted',
  present: 'rows left out because a row with their key was there',
  rekeyed: 'rows given a `_dlt_id` of their own, because another row has the one that they brought',
  sharing: 'rows active beside another one of this load with the same merge key',
} as const;

/** How many rows each decision was about. */
export type RowCounts = Readonly<Partial<Record<keyof typeof words, number>>>;

const kinds = Object.keys(words) as (keyof typeof words)[];

export function sumOf(counts: readonly RowCounts[]): RowCounts {
  return Object.fromEntries(kinds.map((kind) => [kind, counts.reduce((sum, each) => sum + (each[kind] ?? 0), 0)]));
}

/** Those that happened, by what a report says of them. */
export function inWords(counts: RowCounts): Record<string, number> {
  return Object.fromEntries(kinds.flatMap((kind) => (counts[kind] ? [[words[kind], counts[kind]]] : [])));
}
