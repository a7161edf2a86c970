/** Decisions about rows of a table, and those below it, that a person should see, and how a report says them. */
const words = {
  duplicates: (table: string) => `rows of ${table} dropped as duplicates of a key`,
  marked: (table: string) => `records of ${table} marked as deleted`,
  present: (table: string) => `rows of ${table} left out because a row with their key was there`,
  rekeyed: (table: string) =>
    `rows of ${table} given a \`_dlt_id\` of their own, because another row has the one that they brought`,
  refused: (table: string) =>
    `rows of ${table} left out by the server: a trigger or a rule of the table did not take them`,
  sharing: (table: string) => `rows of ${table} active beside another one of this load with the same merge key`,
} as const;

/** How many rows each decision was about. */
export type RowCounts = Readonly<Partial<Record<keyof typeof words, number>>>;

const kinds = Object.keys(words) as (keyof typeof words)[];

/** Those that happened, by what a report says of them. */
export function inWords(table: string, counts: RowCounts): Record<string, number> {
  return Object.fromEntries(kinds.flatMap((kind) => (counts[kind] ? [[words[kind](table), counts[kind]]] : [])));
}
