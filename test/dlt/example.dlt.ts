import { describe, expect, test } from 'vitest';
import { sandboxModels } from '../../src/sandbox/models.ts';
import { useDlt } from './dlt.ts';
import { countRows, Project, sourcesText, versionsOf } from './project.ts';

const counted = (lists: readonly (readonly unknown[] | null)[]) =>
  lists.reduce((sum, list) => sum + (list ?? []).length, 0);

/** What both programs have to make of the models of the stand-in. */
const models = {
  models: sandboxModels.length,
  models__functions: counted(sandboxModels.map(({ functions }) => functions)),
  models__categories: counted(sandboxModels.map(({ categories }) => categories)),
  models__triggers: counted(sandboxModels.map(({ triggers }) => triggers)),
};

const events = [
  { id: 1, at: '2024-01-01T00:00:00Z' },
  { id: 2, at: '2024-01-02T00:00:00Z' },
];

describe('the Dezgo example for dlt on our file', () => {
  const dlt = useDlt();

  test('ours, dlt, ours, dlt: no conflict, no row doubled', async () => {
    const project = await Project.open();
    const example = () => dlt('run_example', { ...project.names, url: project.sandbox.url, key: project.sandbox.key });
    await project.run();
    await expectSound(project, 1);
    await example();
    await expectSound(project, 2);
    await project.run();
    await expectSound(project, 3);
    await example();
    await expectSound(project, 4);
  });

  test('a column that either program adds is there for the other', async () => {
    const project = await Project.open();
    const example = () => dlt('run_example', { ...project.names, url: project.sandbox.url, key: project.sandbox.key });
    await project.run();
    project.sandbox.setModels([...sandboxModels, { id: 'a', added_by_dlt: 1 }]);
    await example();
    project.sandbox.setModels([...sandboxModels, { id: 'b', added_by_dlt: 2, added_by_us: [{ deep: { down: 0.5 } }] }]);
    await project.run();
    project.sandbox.setModels([...sandboxModels, { id: 'c', added_by_dlt: 3, added_by_us: [{ deep: { down: 1.5 } }] }]);
    await example();

    const rows = await project.rows(
      `select m.id, added_by_dlt::integer as n, deep__down as down from models as m
       left join models__added_by_us as u on u._dlt_parent_id = m._dlt_id and u._dlt_root_id = m._dlt_id
       where added_by_dlt is not null order by m.id`,
    );
    expect(rows).toEqual([
      { id: 'a', n: 1, down: null },
      { id: 'b', n: 2, down: 0.5 },
      { id: 'c', n: 3, down: 1.5 },
    ]);
  });

  test("dlt's cursors survive our runs byte for byte, and dlt goes on from them", async () => {
    const project = await Project.open();
    const load = (rows: readonly object[]) =>
      dlt('run_rows', {
        ...project.names,
        schema: 'dezgo_api_source',
        resources: [{ name: 'events', rows, incremental: 'at' }],
      });
    const state = () => sourcesText((sql) => project.rows(sql));
    await project.run();
    await load(events);
    const written = await state();
    expect(written).toContain('2024-01-02');

    await project.run();
    project.sandbox.setModels([...sandboxModels, { id: 'new', added: true }]);
    await project.run();
    expect(await state()).toBe(written);

    await load([...events, { id: 3, at: '2024-01-03T00:00:00Z' }]);
    expect(await project.rows('select id::integer as id from events order by id')).toEqual([
      { id: 1 },
      { id: 2 },
      { id: 3 },
    ]);
  });
});

/** Rows as the stand-in has them, keys once each, and books that agree with one another. */
async function expectSound(project: Project, loads: number): Promise<void> {
  const read = (sql: string) => project.rows(sql);
  expect(await countRows(read)).toMatchObject({ ...models, account_tx_last: 1 });
  for (const [table, keys] of Object.entries({
    models: ['id', '_dlt_id'],
    models__functions: ['_dlt_id', '(_dlt_parent_id, _dlt_list_idx)'],
    account_tx_last: ['_id', '_dlt_id'],
  })) {
    for (const key of keys) {
      expect(await read(`select ${key} from ${table} group by all having count(*) > 1`), `${table}.${key}`).toEqual([]);
    }
  }
  expect(await read('from models__functions where _dlt_root_id not in (select _dlt_id from models)')).toEqual([]);
  expect(await read('select status::integer as status from _dlt_loads')).toEqual(Array(loads).fill({ status: 0 }));
  expect(
    await read('from _dlt_loads where schema_version_hash not in (select version_hash from _dlt_version)'),
  ).toEqual([]);
  expect(await versionsOf(read), 'neither program changes the schema of the other').toHaveLength(1);
}
