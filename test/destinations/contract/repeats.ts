import { readdir, rename } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, describe, expect, test } from 'vitest';
import { allCases, refusalOf } from './cases/all-cases.ts';
import { inEach } from './cases/case.ts';
import { duckdbFile } from './kinds/duckdb-file.ts';
import { Story, stepsOf } from './story.ts';
import { Telling } from './telling.ts';
import type { ReplaceStrategy, TestDestination } from './test-destination.ts';

const few = ['append_nested', 'replace_nested', 'delins_nested', 'upsert_nested', 'scd_nested', 'since', 'soft_nested'];
const tiny = new Map(inEach({ write_disposition: 'append' }, [{ id: 1 }]).map((step) => ['tiny', step]));

/** What is loaded once more, or in another way, leaves the same rows. */
export function expectRepeats(destination: TestDestination): void {
  const cases = allCases.filter((one) => few.includes(one.name) && refusalOf(destination, one) === undefined);
  const [ours, theirs] = [new Telling(duckdbFile, cases), new Telling(destination, cases)];
  afterAll(() => Promise.all([ours.end(), theirs.end()]));

  test('a package that was loaded already is not loaded again', async () => {
    const { story, runs } = await theirs.together();
    await queueAgain(story.place.folder);
    const { failure, packages } = await story.tell(tiny);
    expect(failure).toBeUndefined();
    expect(packages.map(({ recovered, state }) => ({ recovered, state }))).toEqual([
      { recovered: true, state: 'unchanged' },
      { recovered: false, state: 'loaded' },
    ]);
    const tables = await story.read();
    for (const { name } of cases)
      expect({ [name]: tables[name]?.length }).toEqual({ [name]: runs.at(-1)?.tables[name]?.length });
    const ids = (tables._dlt_loads ?? []).map(({ load_id }) => load_id);
    expect(ids).toEqual([...new Set(ids)]);
    expect(ids).toHaveLength(runs.length + 1);
  });

  const strategies: readonly ReplaceStrategy[] = ['insert-from-staging', 'staging-optimized'];
  describe('replace leaves the same rows', () => {
    test.each(strategies)('by %s', async (replace_strategy) => {
      const replaced = allCases.filter(({ name }) => name === 'replace_nested');
      const [one] = replaced;
      if (one === undefined || refusalOf(destination, one) !== undefined) return;
      const place = await theirs.place(`${theirs.dataset}_${replace_strategy.replaceAll('-', '_')}`);
      const story = new Story(destination, place, destination.settings(place, { replace_strategy }));
      const wanted = (await ours.together()).runs;
      for (const [run] of one.steps.entries()) {
        expect((await story.tell(stepsOf(replaced, run))).failure).toBeUndefined();
        const ids = (rows: readonly { readonly _dlt_id?: string | null }[] = []) =>
          rows.map(({ _dlt_id }) => _dlt_id).sort();
        const tables = await story.read();
        for (const table of ['replace_nested', 'replace_nested__lines', 'replace_nested__lines__tags'])
          expect({ table, ids: ids(tables[table]) }).toEqual({ table, ids: ids(wanted[run]?.tables[table]) });
      }
    });
  });

  const { unreachable } = destination;
  if (unreachable !== undefined)
    test('a destination that does not answer is exit 6', async () => {
      const place = await theirs.place(`${theirs.dataset}_unreachable`);
      const { exitCode, failure } = await new Story(destination, place, unreachable(place)).tell(tiny);
      expect({ exitCode, failure }).toMatchObject({ exitCode: 6, failure: { hint: expect.stringMatching(/\S/) } });
    });
}

/** The newest package waits once more, as if the run had been killed before it could put it aside. */
async function queueAgain(folder: string): Promise<void> {
  const packages = join(folder, 'work', 'packages');
  const names = (await readdir(join(packages, 'loaded'))).sort();
  const [newest = ''] = names.at(-1)?.match(/^\d+\.\d+/) ?? [];
  for (const name of names.filter((one) => one.startsWith(newest)))
    await rename(join(packages, 'loaded', name), join(packages, name));
}
