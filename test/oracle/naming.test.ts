import { describe, expect, it } from 'vitest';
import { hasOracle, readOracle } from '../support/dlt-oracle.ts';
import { Replay, type Resource } from './replay.ts';

interface Naming {
  readonly in: string;
  readonly path: string;
}

/** Keys of nothing but separators have no name in dlt, which fails; here they get one (differences.ts: `dunder_key`). */
const { cases } = readOracle<{ cases: readonly Naming[] }>('naming.json', { cases: [] });
const named = cases.filter(({ path }) => path !== '' && !path.startsWith('_dlt_'));
const rounds = withoutCollisions(named);

/** Names that come out alike would get a tag: each goes into another round. */
function withoutCollisions(all: readonly Naming[]): Naming[][] {
  const made: Naming[][] = [];
  for (const one of all) {
    const free = made.find((round) => round.every(({ path }) => path !== one.path));
    if (free === undefined) made.push([one]);
    else free.push(one);
  }
  return made;
}

async function made(...resources: readonly Resource[]) {
  const project = await Replay.open();
  const trace = await project.run(...resources);
  expect(trace.failure).toBeUndefined();
  return project.tables();
}

describe.skipIf(!hasOracle)("names are dlt's in the recorded cases", () => {
  it('of columns', async () => {
    const tables = await made(
      ...rounds.map((round, index) => ({
        name: `r${index}`,
        rows: [Object.fromEntries(round.map(({ in: key }, place) => [key, place]))],
      })),
    );
    for (const [index, round] of rounds.entries()) {
      const [row = {}] = tables[`r${index}`]?.rows ?? [];
      const { _dlt_id, _dlt_load_id, ...values } = row;
      expect(values).toEqual(Object.fromEntries(round.map(({ path }, place) => [path, String(place)])));
    }
    expect(named.length).toBeGreaterThan(100);
  });

  it('of nested tables', async () => {
    const tables = await made(
      ...rounds.map((round, index) => ({
        name: `r${index}`,
        rows: [Object.fromEntries(round.map(({ in: key }) => [key, [key]]))],
      })),
    );
    for (const [index, round] of rounds.entries()) {
      for (const { in: key, path } of round) {
        expect(tables[`r${index}__${path}`]?.rows.map(({ value }) => value)).toEqual([key]);
      }
    }
  });

  it('of root tables', async () => {
    const [round = []] = rounds;
    const tables = await made(
      ...round.map(({ in: name }, index) => ({ name: `r${index}`, table_name: name, rows: [{ name }] })),
    );
    expect(Object.keys(tables).sort()).toEqual(round.map(({ path }) => path).sort());
    for (const { in: name, path } of round) expect(tables[path]?.rows).toMatchObject([{ name }]);
  });
});
