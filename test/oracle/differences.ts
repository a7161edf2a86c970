import { expect } from 'vitest';

/** Rows of the table in docs/differences-from-dlt.md, by their first cell. */
export const rows = {
  double: 'an integer column that meets 0.5 gets a variant `x__v_double`',
  huge: 'integers beyond 64 bits fail the load',
  integral: '`1.0` is a double',
  collision: 'keys that collide after naming (`fooBar`, `foo_bar`) overwrite each other',
  noKey: '`merge` without any key appends',
  rowKeys: 'a `_dlt_id` that several records bring is there several times, and lists below it are mixed or lost',
  duplicates: 'duplicates of a key within one batch fail or double with `upsert`',
} as const;

/** A recorded case, the row it stands for, and what happens here instead. */
export type Difference = readonly [name: string, row: keyof typeof rows, here: string];

/**
 * Every answer of dlt that is deliberately not ours, one a line. A case that is not here has to be green, and one that is here
 * must not be: the list stays true.
 */
export const differences: readonly Difference[] = [
  ['normalize list_mixed', 'double', 'value widens to double'],
  ['normalize variant_bigint', 'double', 'a widens to double in the second run'],
  ['normalize path_collision', 'collision', 'the key a__b keeps its name, b in a gets a tag'],
  ['normalize dunder_key', 'collision', 'a key of nothing but separators gets a name and a tag; dlt fails'],
  ['normalize merge_no_key', 'noKey', 'the configuration is refused'],
  ['normalize merge_dup_in_batch', 'duplicates', 'the last row stays'],
  ['normalize append_dups', 'rowKeys', 'the row of the second run gets a key of its own'],
  ['normalize big_int_over', 'huge', 'the column is HUGEINT'],
  ['bigint ← bigint 9223372036854775808', 'huge', 'the column widens to HUGEINT'],
  ['bigint ← bigint 1180591620717411303424', 'huge', 'the column widens to HUGEINT'],
  ['bigint ← double 100000000000000000000', 'double', 'the column widens to double; dlt fails the load'],
  ['bigint ← double 1e-7', 'double', 'the column widens to double'],
  ['double ← bigint 9223372036854775808', 'double', 'not a double exactly: a variant that is HUGEINT'],
  ['double ← bigint 1180591620717411303424', 'double', 'not tried whether it is one: a variant that is HUGEINT'],
  ['timestamp ← bigint 9223372036854775808', 'huge', 'the variant is HUGEINT'],
  ['timestamp ← bigint 1180591620717411303424', 'huge', 'the variant is HUGEINT'],
  ['date ← bigint 1180591620717411303424', 'huge', 'the variant is HUGEINT'],
  ['json ← bigint 1180591620717411303424', 'huge', 'the variant is HUGEINT'],
  ['time ← double 1', 'integral', 'the variant is bigint'],
  ['json ← double 0', 'integral', 'the variant is bigint'],
  ['binary ← double 1', 'integral', 'the byte of the integer 1'],
  ['type of double 1', 'integral', 'bigint'],
  ['type of double 0', 'integral', 'bigint'],
  ['hash of {"a":1}', 'integral', 'the hash of the integer 1'],
];

/** `found`: where our answer is not dlt's. Nothing, or the case is listed above. */
export function expectAsListed(name: string, found: unknown): void {
  const listed = differences.find(([known]) => known === name);
  if (listed === undefined) expect(found, name).toEqual([]);
  else expect(found, `${name} is as in dlt: take it off the list of differences`).not.toEqual([]);
}
