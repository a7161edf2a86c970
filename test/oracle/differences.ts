import { expect } from 'vitest';

/** Rows of the table in docs/differences-from-dlt.md, by their first cell. */
export const rows = {
  object: 'a single object with a list somewhere inside: dlt loads that list and drops the object',
  guess: 'a paginator is guessed by default',
  selectors: "selectors in jsonpath-ng's dialect",
  entity: 'a placeholder in the query of a path makes the reply one record',
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
  ['records of {"data":[1]}', 'object', 'the whole reply is one record'],
  ['records of {"meta":{"tags":["x"]},"models":[{"id":1}]}', 'object', 'the whole reply is one record'],
  ['records of {"models":[{"id":1}],"meta":{"tags":["x"]}}', 'object', 'the whole reply is one record'],
  ['records of {"metadata":["x"],"models":[{"id":1}]}', 'object', 'the whole reply is one record'],
  ['records of {"data":{"items":[1]}}', 'object', 'the whole reply is one record'],
  ['records of {"data":{"models":[{"id":1}]}}', 'object', 'the whole reply is one record'],
  ['records of {"a":{"b":{"results":[1]}}}', 'object', 'the whole reply is one record'],
  ['records of {"DATA":[1],"other":[2]}', 'object', 'the whole reply is one record'],
  ['records of {"other":[2],"DATA":[1]}', 'object', 'the whole reply is one record'],
  ['records of {"other":[1],"results":[2],"data":[3]}', 'object', 'the whole reply is one record'],
  ['records of {"foo":[1],"bar":[2]}', 'object', 'the whole reply is one record'],
  ['records of {"result":[1],"records":[2]}', 'object', 'the whole reply is one record'],
  ['records of {"response":{"content":[1],"pages":3}}', 'object', 'the whole reply is one record'],
  ['records of {"a.b":[1]}', 'object', 'the whole reply is one record'],
  ['records of {"objects":"x","list":[1]}', 'object', 'the whole reply is one record'],
  ['records of {"nested":{"data":[1]},"items":[2]}', 'object', 'the whole reply is one record'],
  ['next page of {"next":""}', 'guess', 'an empty link ends the list'],
  ['next page of {"next_cursor":"abc"}', 'guess', 'a bare cursor is told, not followed'],
  ['next page of {"paging":{"next":{"link":"https://x"}}}', 'guess', 'the link is followed'],
  ['next page of {"pages":3}', 'guess', 'a total is told, not followed'],
  ['next page of {"total_pages":"3"}', 'guess', 'a total is told, not followed'],
  ['next page of {"meta":{"total_pages":2}}', 'guess', 'a total is told, not followed'],
  ['next page of {"next_billing":"2024-01-01"}', 'guess', 'a date is no cursor'],
  ['next page of {"total_pages":3,"next":"abc"}', 'guess', 'a total is told, not followed'],
  ['next page of {"@odata.nextLink":"https://x"}', 'guess', 'the link is followed'],
  ['single entity models?id={id}', 'entity', 'a list can be asked for with an id in its query'],
  ['single entity a/{b c}', 'entity', 'no such parameter: the configuration is refused'],
  ["path 'x.y'", 'selectors', "refused: `['x.y']`"],
  ['path a.b[?c>1]', 'selectors', 'refused: `a.b[?@.c > 1]`'],
];

/** `found`: where our answer is not dlt's. Nothing, or the case is listed above. */
export function expectAsListed(name: string, found: unknown): void {
  const listed = differences.find(([known]) => known === name);
  if (listed === undefined) expect(found, name).toEqual([]);
  else expect(found, `${name} is as in dlt: take it off the list of differences`).not.toEqual([]);
}
