import { join } from 'node:path';
import { expect, test } from 'vitest';
import { resolveConfig } from '../../src/config/load-config.ts';
import { realEffects } from '../../src/effects.ts';
import { runPipeline } from '../../src/pipeline.ts';
import { withDuckdbFile } from '../support/duckdb-file.ts';
import { query } from '../support/published.ts';
import { tempFolder } from '../support/temp-folder.ts';

type Views = Record<string, string | { sql: string; description?: string }>;
type Tables = Readonly<Record<string, readonly object[]>>;

/** A destination of the test; each call is one run. */
async function pipeline() {
  const folder = await tempFolder();
  const file = join(folder, 'p.duckdb');
  const run = async (views: Views, tables: Tables) => {
    const warnings: string[] = [];
    const log = { warn: (text: string) => void warnings.push(text), progress() {} };
    const { exitCode, notes } = await runPipeline(
      {
        pipeline: { name: 'p', dataset_name: 'd', working_dir: join(folder, 'w'), destination: { path: file }, views },
        source: { name: 's', resources: Object.entries(tables).map(([name, data]) => ({ name, data: () => data })) },
      },
      { effects: { ...realEffects, log } },
    );
    expect(exitCode).toBe(0);
    return { warnings, notes: notes.filter((note) => note.startsWith('view ')) };
  };
  return { folder, file, run, read: (view: string) => query(file, `select * from ${view} order by all`, 'd') };
}

test('views of the configuration are made with the rows, and what can not be made is told and takes no row away', async () => {
  const { file, run, read } = await pipeline();
  const views = {
    good: { sql: 'select id from t where id > 1 -- not the first', description: 'Those after the first' },
    of_good: 'with g as (select * from good) select count(*)::integer as n from g',
    wrong: 'select nothing from t',
    two: 'select 1; drop table t',
    file: "select * from read_csv('missing.csv')",
    later: 'select * from u',
    ended: 'select id from t; -- all; of it',
  };
  const { warnings, notes } = await run(views, { t: [{ id: 1 }, { id: 2 }] });
  expect(await read('t')).toMatchObject([{ id: 1n }, { id: 2n }]);
  expect(await read('good')).toEqual([{ id: 2n }]);
  expect(await read('of_good')).toEqual([{ n: 1 }]);
  expect(await read('ended')).toHaveLength(2);
  expect(warnings).toEqual([
    expect.stringMatching(/^View file is not made: IO Error: .*missing\.csv/),
    expect.stringMatching(/^View wrong is not made: Binder Error: Referenced column "nothing" not found/),
    'View two is not made: its SQL is more than one `select`',
  ]);
  expect(notes).toEqual(['view later: not made yet: Catalog Error: Table with name u does not exist!']);
  const [comment] = await query(file, "select comment from duckdb_views() where view_name = 'good'", 'd');
  expect(comment?.comment).toMatch(/^Those after the first\nMade by dezgo-elt from pipeline\.views, [0-9a-f]{8}$/);
});

test('views follow their SQL and their tables; those of a user, and tables, come first', async () => {
  const { file, run, read } = await pipeline();
  const views = {
    v: 'select * from t',
    changed: 'select 1 as n',
    mine: 'select 1 as n',
    late: 'select * from u',
    u__list: 'select 1 as n',
  };
  await run({ v: 'select * from t', changed: 'select 2 as n', u__list: 'select 1 as n' }, { t: [{ id: 1 }] });
  await withDuckdbFile(file, (connection) => connection.run("create view d.mine as select 'by hand' as n"));
  const { warnings } = await run(views, { t: [{ id: 0.5, more: 'x' }], u: [{ list: ['a'] }] });
  expect(await read('v')).toMatchObject([
    { id: 0.5, more: 'x' },
    { id: 1, more: null },
  ]);
  expect(await read('changed')).toEqual([{ n: 1 }]);
  expect(await read('mine')).toEqual([{ n: 'by hand' }]);
  expect(await read('late')).toHaveLength(1);
  expect(await read('u__list')).toMatchObject([{ value: 'a' }]);
  expect(warnings).toEqual([
    'View mine is not made: somebody else made a table or view of that name.',
    'View u__list is not made: somebody else made a table or view of that name.',
  ]);
});

test.each([
  [{ t: 'select 1' }, 'views.t  `t` is the table of a resource'],
  [{ 'no-name': 'select 1' }, 'expected lower-case letters'],
  [{ _elt_x: 'select 1' }, 'a letter first'],
  [{ v: 'drop table t' }, 'expected one `select`, got `drop`'],
  [{ v: { sql: '' } }, 'views.v'],
])('views %j are refused', async (views, message) => {
  const config = { pipeline: { name: 'p', views }, source: { name: 's', resources: [{ name: 't', data: () => [] }] } };
  await expect(resolveConfig(config)).rejects.toThrow(message);
});
