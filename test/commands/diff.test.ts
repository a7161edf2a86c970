import { copyFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { runPipeline } from '../../src/index.ts';
import { projectIn, writeConfig } from '../support/project.ts';
import { tempFolder } from '../support/temp-folder.ts';

const pipeline = {
  name: 'small',
  dataset_name: 'data',
  destination: { type: 'duckdb', path: 'file.duckdb' },
  publish: { snapshots: { keep: 3 } },
};

it('compares snapshots, the live file and other files by key or by whole rows; snapshots and rollback work from the command line', async () => {
  const project = projectIn(await tempFolder(), 'file.duckdb', {});
  const { cwd, run } = project;
  const source = { name: 's', client: { base_url: 'http://127.0.0.1:9/' }, resources: ['models'] };
  await writeConfig(project, { pipeline, source });
  const load = (list: readonly object[]) =>
    runPipeline({
      pipeline: {
        ...pipeline,
        working_dir: join(cwd, '.dezgo-elt'),
        destination: { type: 'duckdb', path: project.file },
      },
      source: {
        name: 's',
        resources: [
          { name: 'models', primary_key: 'id', write_disposition: 'merge', data: () => list },
          { name: 'log', data: () => [{ text: `${list.length} models` }] },
          { name: 'same', write_disposition: 'replace', data: () => [{ a: 1 }] },
        ],
      },
    });
  const first =
    (
      await load([
        { id: 'a', price: 1, tags: ['x'] },
        { id: 'b', price: 2 },
      ])
    ).packages[0]?.loadId ?? '';
  await load([{ id: 'a', price: 1.5, tags: ['y'] }, { id: 'c', price: 3, new: true }, { id: 'd' }]);

  const json = JSON.parse((await run(['diff', first, '--format', 'json', '--limit', '1'])).stdout);
  expect(json).toMatchObject({
    after: project.file,
    same: 1,
    exitCode: 0,
    failure: null,
    tables: [
      { name: 'log', added: 1, removed: 0 },
      {
        name: 'models',
        key: ['id'],
        rowsBefore: 2,
        rowsAfter: 4,
        added: 2,
        removed: 0,
        changed: 1,
        changedColumns: { price: 1 },
        columnsAdded: ['new'],
        sample: {
          added: [{ id: 'c', price: 3 }],
          changed: [{ key: { id: 'a' }, before: { price: 1 }, after: { price: 1.5 } }],
        },
      },
      { name: 'models__tags', key: [], added: 1, removed: 1, changed: 0, sample: { added: [{ value: 'y' }] } },
    ],
  });
  await copyFile(project.file, join(cwd, 'other.duckdb'));
  expect((await run(['diff', 'other.duckdb'])).stdout).toMatch(/\n\nNo differences\.\n$/);
  expect((await run(['diff', first, 'live', '--table', 'log'])).stdout).toContain(
    'log: 1 added, 0 removed, 0 changed by whole rows (1 → 2 rows)\n  + {"text":"3 models"}\n',
  );
  expect(await run(['diff', 'live'])).toMatchObject({
    code: 2,
    stderr: expect.stringContaining('Both are one file'),
  });
  expect(await run(['diff', '1.1'])).toMatchObject({ code: 2 });
  expect(await run(['diff', first, '--table', 'modles'])).toMatchObject({
    code: 2,
    stderr: expect.stringContaining('Neither has a table `modles`, did you mean `models`?'),
  });

  expect((await run(['snapshots', 'list'])).stdout).toContain(`  ${first}  loaded `);
  expect(JSON.parse((await run(['snapshots', 'list', '--format', 'json'])).stdout).snapshots).toMatchObject([
    { id: first },
  ]);
  expect(await run(['rollback'])).toMatchObject({ code: 2, stderr: expect.stringContaining('rollback --yes') });
  expect((await run(['rollback', '--yes'])).stdout).toContain(`is as after load ${first} again (5 rows).`);
  expect(JSON.parse((await run(['rollback', '--yes', '--format', 'json'])).stdout)).toMatchObject({
    kept: { id: first },
  });
  expect((await run(['snapshots', 'prune', '--keep', '0', '--yes'])).stdout).toBe(`Removed 1 snapshot: ${first}.\n`);
  expect(JSON.parse((await run(['rollback', '--yes', '--format', 'json'])).stdout)).toMatchObject({
    exitCode: 2,
    failure: { code: 'SnapshotMissing' },
  });
});
