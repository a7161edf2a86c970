import { afterAll, describe } from 'vitest';
import { expectAtOnce } from './at-once.ts';
import { expectBooks } from './books.ts';
import { allCases, refusalOf } from './cases/all-cases.ts';
import { expectCommands } from './commands.ts';
import { expectKills } from './killed.ts';
import { duckdbFile } from './kinds/duckdb-file.ts';
import { expectReading } from './reading.ts';
import { expectRepeats } from './repeats.ts';
import { expectRefusals, expectRows } from './rows.ts';
import { Telling } from './telling.ts';
import type { TestDestination } from './test-destination.ts';

/** That a destination ends up with what a DuckDB file ends up with, from the same loads. */
export function contract(destination: TestDestination): void {
  describe(destination.name, () => {
    const possible = allCases.filter((one) => refusalOf(destination, one) === undefined);
    const ours = new Telling(duckdbFile, possible);
    const theirs = new Telling(destination, possible, ours.dataset);
    afterAll(() => Promise.all([ours.end(), theirs.end()]));

    expectRows({ ours, theirs, destination });
    expectRefusals(theirs, destination);
    expectBooks({ ours, theirs, destination });
    expectReading({ ours, theirs, destination });
    expectRepeats(destination);
    expectCommands(destination);
    expectAtOnce(destination);
    expectKills(destination);
  });
}
