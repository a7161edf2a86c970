import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { smallProject } from '../support/project.ts';
import { useServer } from '../support/server.ts';

/** Every file below, with its bytes. */
async function filesIn(folder: string): Promise<Record<string, string>> {
  const names = (await readdir(folder, { recursive: true, withFileTypes: true })).filter((entry) => entry.isFile());
  const paths = names.map(({ parentPath, name }) => join(parentPath, name)).sort();
  return Object.fromEntries(await Promise.all(paths.map(async (path) => [path, await readFile(path, 'base64')])));
}

async function project() {
  const source = { models: [{ id: 1 }, { id: 2 }] as object[] };
  const { url, asked } = await useServer(() => source.models);
  const keyed = {
    primary_key: 'id',
    write_disposition: { disposition: 'merge', delete_missing: 'hard', max_delete: '50%' },
  };
  const post = { method: 'POST', data_selector: '$' };
  const resources = [
    { name: 'models', ...keyed, endpoint: { path: 'models', data_selector: '$' } },
    { name: 'orders', selected: false, endpoint: { path: 'orders', ...post } },
    { name: 'images', selected: false, endpoint: { path: 'images', paid: true, ...post } },
    { name: 'parts', selected: false, endpoint: { path: 'parts/{resources.orders.id}', data_selector: '$' } },
  ];
  return { source, asked, ...(await smallProject(url, { resources })) };
}

it('run --dry-run asks the source, says what a run would do, and leaves everything as it was', async () => {
  const { run, cwd, file, source, asked } = await project();
  const untouched = await filesIn(cwd);
  const first = await run(['run', '--dry-run']);
  expect(first).toMatchObject({ code: 0, stderr: '' });
  expect(first.stdout.split('\n').slice(0, 2)).toEqual([
    'Dry run of pipeline small: a run would load this now',
    `Nothing was published, remembered or told; ${file} is as it was`,
  ]);
  expect(first.stdout).toMatch(/^ {2}models +2 rows +new table/m);
  expect(await filesIn(cwd)).toEqual(untouched);

  expect((await run()).code).toBe(0);
  const loaded = await filesIn(cwd);
  source.models = [{ id: 1, family: 'flux' }, { id: 3 }];
  const summary = join(cwd, 'summary.json');
  const second = await run(['run', '--dry-run', '--format', 'json', '--summary', summary]);
  const { published, isDry, destination, packages } = JSON.parse(second.stdout);
  expect({ code: second.code, published, isDry, destination }).toEqual({
    code: 0,
    published: false,
    isDry: true,
    destination: file,
  });
  expect(packages[0].tables).toMatchObject([{ name: 'models', newColumns: ['family'], deleted: 1 }]);
  expect(await filesIn(cwd)).toEqual(loaded);

  source.models = [{ id: 9 }];
  const refused = await run(['run', '--dry-run']);
  expect([refused.code, refused.stdout]).toEqual([7, expect.stringMatching(/^Dry run of pipeline small failed after/)]);
  expect(refused.stderr).toMatch(/^error: /);
  expect(await filesIn(cwd)).toEqual(loaded);
  expect(asked.map(({ method }) => method)).toEqual(['GET', 'GET', 'GET', 'GET']);
});

it('run --dry-run leaves out what may cost money or change something, and what needs that', async () => {
  const { run, asked } = await project();
  const some = await run(['run', 'models', 'orders', 'images', 'parts', '--dry-run', '--quiet', '--format', 'json']);
  expect(some).toMatchObject({ code: 0, stderr: '' });
  const shown = await run(['run', 'models', 'orders', 'images', 'parts', '--dry-run']);
  for (const name of ['orders', 'images', 'parts']) expect(shown.stdout).toContain(`${name}: left out of the dry run`);
  const none = await run(['run', 'parts', 'images', '--dry-run']);
  expect(none).toMatchObject({
    code: 2,
    stderr: expect.stringContaining('A dry run asks for nothing that may cost money'),
  });
  expect(asked.map(({ path }) => path)).toEqual(['/models', '/models']);
});
