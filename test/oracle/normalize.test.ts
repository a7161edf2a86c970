import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, it } from 'vitest';
import { parseOracle, readOracle } from '../support/dlt-oracle.ts';
import { answeredTables, differencesOf } from './compare.ts';
import { expectAsListed } from './differences.ts';
import { caseName, type OracleCase } from './oracle-case.ts';
import { replayed } from './replayed.ts';

interface Cases {
  readonly cases: readonly OracleCase[];
}

const own = parseOracle<Cases>(readFileSync(join(import.meta.dirname, 'cases.json'), 'utf8'));
const recorded = readOracle<Cases>('normalize.json', { cases: [] });

const replay = replayed([...own.cases, ...recorded.cases]);

async function answersAsDlt(one: OracleCase): Promise<void> {
  const { tables, error } = await replay(one);
  const failures = [
    ...(error === null ? [] : [`here: fails with ${error}`]),
    ...(one.error === null ? [] : [`dlt: fails with ${one.error.message}`]),
  ];
  const found = differencesOf(tables, answeredTables(one.tables), { withIds: hasSettledIds(one) });
  expectAsListed(caseName.normalize(one), [...failures, ...found]);
}

/** The rows bring their `_dlt_id`, or dlt makes it of the row; elsewhere it is random. */
function hasSettledIds({ runs, hints }: OracleCase): boolean {
  const { write_disposition: disposition } = hints;
  const hashed =
    typeof disposition === 'object' && 'strategy' in disposition && disposition.strategy !== 'delete-insert';
  return hashed || runs.flat(2).every((row) => typeof row === 'object' && row !== null && '_dlt_id' in row);
}

describe("rows become dlt's tables: our own cases", () => {
  it.each(own.cases)('$name', answersAsDlt);
});

describe.skipIf(recorded.cases.length === 0)("rows become dlt's tables: the recorded cases", () => {
  it.each(recorded.cases)('$name', answersAsDlt);
});
