import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, onTestFinished, test, vi } from 'vitest';
import { key, smallProject } from '../support/project.ts';
import { useServer } from '../support/server.ts';
import { tempFolder } from '../support/temp-folder.ts';
import { runCommand } from '../support/terminal.ts';

const one = { paginator: 'single_page', data_selector: '$' };

test('a preview shows the first rows and the tables that they would make, and leaves nothing behind', async () => {
  const models = [
    { id: 'a', price: 1.5, secret: key, tags: ['x', 'y'], made: '2024-01-02T03:04:05Z' },
    { id: '\u001b[2Jb\nc', price: 22, secret: null, tags: ['z'], made: null },
  ];
  const { url, asked } = await useServer(({ path, query }) => {
    if (path === '/slow') return new Promise(() => {});
    const page = Number(query.get('page'));
    if (path === '/models') return { items: models.map((model) => ({ ...model, id: model.id + page, page })) };
    return path === '/models/a1' ? { note: 'x'.repeat(100) } : undefined;
  });
  const resources = [
    {
      name: 'models',
      primary_key: 'id',
      write_disposition: 'merge',
      schema_contract: 'freeze',
      expectations: [{ min_rows: 100 }],
      processing_steps: [{ filter: "id <> 'b2'" }, { set: { double: { sql: 'price * 2' } } }],
      columns: { price: { data_type: 'decimal', precision: 10, scale: 2 } },
      endpoint: {
        path: 'models',
        data_selector: 'items',
        paginator: { type: 'page_number', base_page: 1, total_path: null },
      },
    },
    {
      name: 'details',
      include_from_parent: ['id'],
      endpoint: { path: 'models/{resources.models.id}', ...one },
      selected: false,
    },
    { name: 'slow', endpoint: { path: 'slow', ...one } },
    { name: 'images', endpoint: { path: 'images', method: 'POST', paid: true, ...one }, selected: false },
    { name: 'jobs', endpoint: { path: 'jobs/{id}', ...one, params: { id: { type: 'values', from: [{ list: [] }] } } } },
  ];
  const project = await smallProject(url, { resources });
  const temporary = await tempFolder();
  vi.stubEnv('TMPDIR', temporary);
  onTestFinished(() => void vi.unstubAllEnvs());
  const shown = await project.run(['preview', 'models', '-n', '3']);
  expect(shown).toMatchObject({ code: 0, stderr: '' });
  expect(shown.stdout.split('\n')).toEqual([
    'The first 3 records of models (2 requests)',
    '',
    'models:',
    '  price  id    secret  made                  page  double',
    '    1.5  a1    ***     2024-01-02T03:04:05Z     1       3',
    '     22  b c1                                   1      44',
    '    1.5  a2    ***     2024-01-02T03:04:05Z     2       3',
    '',
    'models__tags:',
    '  value',
    '  x',
    '  y',
    '  z',
    '  and 2 more rows',
    '',
    'create table "data"."models" (',
    '  "price" DECIMAL(10,2),',
    '  "id" VARCHAR not null,',
    '  "secret" VARCHAR,',
    '  "made" TIMESTAMP WITH TIME ZONE,',
    '  "page" BIGINT,',
    '  "double" BIGINT,',
    '  "_dlt_load_id" VARCHAR not null,',
    '  "_dlt_id" VARCHAR not null',
    ');',
    'create table "data"."models__tags" (',
    '  "value" VARCHAR,',
    '  "_dlt_root_id" VARCHAR not null,',
    '  "_dlt_parent_id" VARCHAR not null,',
    '  "_dlt_list_idx" BIGINT not null,',
    '  "_dlt_id" VARCHAR not null',
    ');',
    '',
  ]);
  expect(asked.map(({ query }) => query.get('page'))).toEqual(['1', '2']);
  const details = await project.run(['preview', 'details', '--limit', '1', '--format', 'json']);
  expect(JSON.parse(details.stdout)).toMatchObject({
    resource: 'details',
    records: 1,
    requests: [`GET ${url}/models/a1 → 200`],
    tables: [{ name: 'details', parent: null, rowCount: 1, rows: [{ note: 'x'.repeat(100), _models_id: 'a1' }] }],
    ddl: [expect.stringContaining('create table "data"."details" (\n  "note" VARCHAR,\n')],
    exitCode: 0,
    failure: null,
  });
  const sent = asked.length;
  const paid = await project.run(['preview', 'images']);
  expect(paid).toMatchObject({ code: 2, stdout: '' });
  expect(paid.stderr).toContain('cost money');
  expect((await project.run(['preview', 'jobs'])).stdout).toContain('No records of jobs\n');
  expect(await project.run(['preview', 'models', '-n', '0'])).toMatchObject({ code: 2 });
  expect(asked).toHaveLength(sent);
  expect(await project.run(['preview', 'other'])).toMatchObject({ code: 2 });
  expect(await project.run(['preview', 'details'], { SHOP_KEY: '' })).toMatchObject({ code: 2 });
  expect(await readdir(project.cwd)).toEqual(['pipeline.config.yaml']);

  vi.stubEnv('TMPDIR', join(temporary, 'none'));
  const nowhere = await project.run(['preview', 'models']);
  expect(nowhere).toMatchObject({ code: 6, stderr: expect.stringContaining('TMPDIR') });
  vi.stubEnv('TMPDIR', temporary);
  const stop = new AbortController();
  const stopped = runCommand(['preview', 'slow'], { ...project, signal: stop.signal });
  await expect.poll(() => asked.at(-1)?.path).toBe('/slow');
  stop.abort();
  expect(await stopped).toMatchObject({ code: 130, stdout: '' });
  expect(await readdir(temporary)).toEqual([]);
});
