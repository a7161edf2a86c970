import { copyFile, readdir, rename } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import type { ConfigFileInput } from '../../src/config/grammar/config-schema.ts';
import { realEffects, runPipeline, type Trace, textReport } from '../../src/index.ts';
import { query, value } from '../support/published.ts';
import { tempFolder } from '../support/temp-folder.ts';

type Resource = Exclude<ConfigFileInput['source']['resources'][number], string>;

const soft = { disposition: 'merge', delete_missing: 'soft' } as const;
const hard = { disposition: 'merge', delete_missing: 'hard' } as const;

/** A pipeline of which the first run is on 2026-01-01, the second on 2026-01-02, … */
async function useNights() {
  const folder = await tempFolder();
  const file = join(folder, 'file.duckdb');
  const pipeline = {
    name: 'nights',
    dataset_name: 'data',
    working_dir: join(folder, 'work'),
    destination: { type: 'duckdb' as const, path: file },
  };
  let night = 0;
  return {
    file,
    folder,
    run(resources: readonly Resource[], options: { allowDelete?: boolean } = {}): Promise<Trace> {
      night += 1;
      const effects = { ...realEffects, env: {}, now: () => Date.UTC(2026, 0, night) };
      return runPipeline({ pipeline, source: { name: 's', resources: [...resources] } }, { effects, ...options });
    },
    gone: (table: string) =>
      query(
        file,
        `select id::int as id, day(_elt_deleted_at at time zone 'UTC')::int as night from ${table} order by id`,
      ),
  };
}

const records = (...ids: number[]) => ids.map((id) => ({ id, parts: [{ of: id }] }));
const given = (name: string, list: readonly object[], write_disposition: Resource['write_disposition']): Resource => ({
  name,
  primary_key: 'id',
  write_disposition,
  data: () => list,
});

it('rows that a whole load does not bring are marked and come back, with what is nested in them, or are deleted', async () => {
  const { run, gone, file } = await useNights();
  const night = (...ids: number[]) =>
    run([
      given('kept', records(...ids), soft),
      given('upserted', records(...ids), { ...soft, strategy: 'upsert' }),
      given('cut', records(...ids), hard),
    ]);
  await night(1, 2, 3, 4);
  const second = await night(1, 2, 3);
  const third = await night(1, 2, 3);
  const fourth = await night(2, 3, 4);

  for (const table of ['kept', 'upserted']) {
    expect(await gone(table)).toEqual([
      { id: 1, night: 4 },
      { id: 2, night: null },
      { id: 3, night: null },
      { id: 4, night: null },
    ]);
    expect(await value(file, `select string_agg(of, ' ' order by of) from ${table}__parts`)).toBe('1 2 3 4');
  }
  expect(await query(file, 'select id::int as id from cut order by id')).toEqual([{ id: 2 }, { id: 3 }, { id: 4 }]);
  expect(await value(file, `select string_agg(of, ' ' order by of) from cut__parts`)).toBe('2 3 4');
  const tables = (trace: Trace) =>
    trace.packages[0]?.tables
      .map(({ newColumns, nullOnly, changed, ...table }) => table)
      .filter(({ name }) => name !== 'upserted');
  expect(tables(second)).toEqual([
    { name: 'kept', rows: 3, retired: 1 },
    { name: 'kept__parts', rows: 3 },
    { name: 'upserted__parts', rows: 3 },
    { name: 'cut', rows: 3, deleted: 1 },
    { name: 'cut__parts', rows: 3, deleted: 1 },
  ]);
  expect(tables(third)?.map(({ name, rows, ...more }) => more)).toEqual([{}, {}, {}, {}, {}]);
  expect(fourth.packages[0]?.tables[2]).toMatchObject({ name: 'upserted', retired: 1, returned: 1 });
  expect(textReport(fourth)).toMatch(/^ {2}kept +3 rows {2}1 retired, 1 returned$/m);
});

it('more than half of the rows do not vanish unless a run is told so', async () => {
  const { run, gone, file } = await useNights();
  const night = (ids: number[], options = {}) => run([given('models', records(...ids), soft)], options);
  await night([1, 2, 3]);
  const refused = await night([4]);
  expect(refused).toMatchObject({
    exitCode: 7,
    published: false,
    packages: [{ state: 'rejected' }],
    failure: {
      code: 'DeletesTooMany',
      message:
        '`models`: 3 of the 3 rows of table `models` did not come, and `max_delete` lets 50% vanish. Nothing was published.',
      hint: 'Look at what the source answers. If they are gone: dezgo-elt run models --allow-delete',
    },
  });
  expect(await value(file, 'select count(*) from models')).toBe(3);
  expect(await night([], {})).toMatchObject({ exitCode: 7 });
  expect(await night([3], { allowDelete: true })).toMatchObject({ exitCode: 0 });
  expect(await gone('models')).toEqual([
    { id: 1, night: 4 },
    { id: 2, night: 4 },
    { id: 3, night: null },
  ]);
});

it('a package that waits to be loaded knows whether its resources were read whole', async () => {
  const { run, file, folder } = await useNights();
  const more = (name: string, list: readonly object[]): Resource => ({
    ...given(name, list, { ...soft, max_delete: '100%' }),
    schema_contract: { columns: 'discard_row' },
  });
  const night = (list: readonly object[], part: readonly object[]) => run([more('whole', list), more('part', part)]);
  const three = [{ id: 1 }, { id: 2 }, { id: 3 }];
  await night(three, three);
  await copyFile(file, join(folder, 'before'));
  const second = await night([{ id: 1 }], [{ id: 1 }, { id: 2, more: true }]);
  // As if the run had been killed before it loaded.
  await rename(join(folder, 'before'), file);
  const { loadId = '' } = second.packages[0] ?? {};
  const packages = join(folder, 'work', 'packages');
  for (const name of await readdir(join(packages, 'loaded')))
    if (name.startsWith(loadId)) await rename(join(packages, 'loaded', name), join(packages, name));

  const third = await night(three, three);
  expect(third.packages).toMatchObject([
    { loadId, recovered: true, tables: [{ name: 'whole', retired: 2 }, { name: 'part' }] },
    { recovered: false, tables: [{ name: 'whole', returned: 2 }, { name: 'part' }] },
  ]);
  expect(third.packages[0]?.tables[1]).not.toHaveProperty('retired');
});
