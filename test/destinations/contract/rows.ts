import { describe, expect, test } from 'vitest';
import { canonicalTables } from './canonical.ts';
import { allCases, allowancesFor, refusalOf } from './cases/all-cases.ts';
import type { Case } from './cases/case.ts';
import { documentOf } from './story.ts';
import type { Telling } from './telling.ts';
import type { TestDestination, TextTables } from './test-destination.ts';

/** The same cases on a DuckDB file and on the destination. */
export interface Tellings {
  readonly ours: Telling;
  readonly theirs: Telling;
  readonly destination: TestDestination;
}

const titled = (cases: readonly Case[]) => cases.map((one) => [one.title, one] as const);

/** Rows of each case, after each run. */
export function expectRows({ ours, theirs, destination }: Tellings): void {
  describe('after each run the rows are those of a DuckDB file', () => {
    test.each(titled(theirs.cases))('%s', async (_, one) => {
      const wanted = await ours.of(one);
      for (const [index, { failure, tables }] of (await theirs.of(one)).entries()) {
        const run = index + 1;
        expect({ run, failure }).toEqual({ run, failure: undefined });
        const found = named(one, destination, rowsOf(one, tables));
        const expected = named(one, destination, rowsOf(one, allowed(destination, one, wanted[index]?.tables ?? {})));
        expect({ run, ...found }).toEqual({ run, ...expected });
      }
    });

    test('all of them in one pipeline', async () => {
      const { runs } = await theirs.together();
      expect(runs.map(({ failure }) => failure)).toEqual(runs.map(() => undefined));
    });
  });
}

/** What a destination lacks is told before anything is loaded. */
export function expectRefusals(theirs: Telling, destination: TestDestination): void {
  const refused = allCases.filter((one) => refusalOf(destination, one) !== undefined);
  if (refused.length === 0) return;
  describe('what it cannot do is an error that says so', () => {
    test.each(titled(refused))('%s', async (_, one) => {
      const { runs } = await theirs.alone(one);
      const failure = runs.find((run) => run.failure !== undefined)?.failure;
      expect(`${failure?.message} ${failure?.hint}`).toMatch(refusalOf(destination, one) ?? /^$/);
    });
  });
}

// --- internal ---

type Rows = Readonly<Record<string, readonly string[]>>;

function rowsOf({ name }: Case, tables: TextTables): Rows {
  const document = documentOf(tables);
  const mine = Object.entries(tables).filter(([table]) => table === name || table.startsWith(`${name}__`));
  const typeOf = (table: string, column: string) => document.tables[table]?.columns?.[column]?.data_type;
  return canonicalTables(Object.fromEntries(mine), typeOf);
}

function allowed(destination: TestDestination, one: Case, tables: TextTables): TextTables {
  let expected = tables;
  for (const allowance of allowancesFor(destination, one))
    if ('expected' in allowance) expected = allowance.expected(expected);
  return expected;
}

/** Where names are shortened, only the values are compared, without the part of a key that the name of its table made; where variants may stand for a column, the name of the column. */
function named(one: Case, destination: TestDestination, rows: Rows): Rows {
  if (allowancesFor(destination, one).some((allowance) => 'variants' in allowance)) return withoutVariants(rows);
  if (one.hasLongNames !== true || destination.longestName === undefined) return rows;
  const sorted = (list: readonly string[]) => [...list].sort();
  const values = (row: string) =>
    sorted(
      row.split(' | ').map((cell) => cell.replace(/^_dlt_(id|\w+_id): (?!\d{10}).{8}/, '').replace(/^.*?: /, '')),
    ).join(' | ');
  const tables = Object.values(rows).map((list) => sorted(list.map(values)).join('\n'));
  return { tables: sorted(tables) };
}

function withoutVariants(rows: Rows): Rows {
  const plain = (row: string) =>
    row
      .replaceAll(/__v_[a-z]+: /g, ': ')
      .split(' | ')
      .sort()
      .join(' | ');
  return Object.fromEntries(Object.entries(rows).map(([table, list]) => [table, list.map(plain).sort()]));
}
