import { chmod, cp, rename, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { Database } from '../../src/duckdb/database.ts';
import { realEffects } from '../../src/effects.ts';
import { Ledger } from '../../src/ledger/ledger.ts';
import { keptPackages } from '../../src/package/kept-packages.ts';
import { PackageFolder } from '../../src/package/package-folder.ts';
import { csvText } from '../../src/report/csv-text.ts';
import { bytesText } from '../../src/text/bytes.ts';
import { type Project, smallConfig, smallProject, writeConfig } from '../support/project.ts';
import { query } from '../support/published.ts';
import { useServer } from '../support/server.ts';
import { shared } from '../support/shared.ts';
import { tempFolder } from '../support/temp-folder.ts';
import { withoutRoot } from '../support/without-root.ts';

const models = (more: object = {}) => ({
  name: 'models',
  primary_key: 'id',
  write_disposition: { disposition: 'merge', delete_missing: 'hard' },
  endpoint: { path: 'models', paginator: 'single_page' },
  ...more,
});

/** Ten models are loaded; then only one is left, which `max_delete` refuses. */
async function withRefused() {
  const all = Array.from({ length: 10 }, (_, id) => ({ id }));
  const shop = { models: all as object[] };
  const { url, asked } = await useServer(() => shop.models);
  const project = await smallProject(url, { resources: [models()] });
  expect((await project.run()).code).toBe(0);
  shop.models = [{ id: 0, kind: 'last' }];
  const refused = await project.run();
  expect(refused.code).toBe(7);
  const loadId = (await packagesOf(project)).find(({ state }) => state === 'rejected')?.loadId ?? '';
  return { project, shop, all, url, asked, loadId, refused };
}

const refusedOnce = shared(async () => {
  const made = await withRefused();
  const copy = await tempFolder();
  await cp(made.project.cwd, copy, { recursive: true });
  return { ...made, copy };
});

/** The same again, for tests that change it, in the folder that its packages name. */
async function refusedAgain() {
  const { copy, ...made } = await refusedOnce();
  await rm(made.project.cwd, { recursive: true });
  await cp(copy, made.project.cwd, { recursive: true });
  return made;
}

interface Listed {
  readonly loadId: string;
  readonly state: string;
  readonly reason: { readonly code: string } | null;
}

async function packagesOf(project: Project): Promise<Listed[]> {
  const { packages } = JSON.parse((await project.run(['packages', 'list', '--format', 'json'])).stdout);
  return packages;
}

const statesOf = async (project: Project) => (await packagesOf(project)).map(({ state }) => state);

/** While somebody holds the lock that a run has. */
async function whileRunning<T>({ cwd }: Project, work: () => Promise<T>): Promise<T> {
  const database = await Database.open();
  const ledger = await Ledger.open(database, join(cwd, '.dezgo-elt'), realEffects);
  try {
    return await work();
  } finally {
    await ledger.close();
    database.close();
  }
}

test('a package that was set aside is listed with the reason, shown, tried again, and loaded where that is allowed', async () => {
  const { project, shop, all, asked, loadId, refused } = await withRefused();
  for (const command of ['show', 'retry', 'drop'])
    expect(refused.stdout).toContain(`\`dezgo-elt packages ${command} ${loadId}\``);
  const list = await project.run(['packages', 'list']);
  expect(
    list.stdout
      .replace(/\d+ k?B/g, 'SIZE')
      .split('\n')
      .slice(0, 3),
  ).toEqual([
    'Set aside (no run loads them; `dezgo-elt packages retry LOAD_ID` tries again, `dezgo-elt packages drop LOAD_ID` removes one):',
    `  ${loadId}  just now  1 row  SIZE`,
    expect.stringMatching(/^ {4}`models`: 9 of the 10 rows .* did not come/),
  ]);
  expect((await packagesOf(project))[0]).toMatchObject({ rows: 1, complete: true, reason: { code: 'DeletesTooMany' } });
  expect((await project.run(['packages', 'list', '--format', 'csv'])).stdout).toContain(`\n${loadId},rejected,small,`);

  const shown = await project.run(['packages', 'show', loadId]);
  expect(shown.stdout).toMatch(
    /^Package \S+ was set aside, made just now, [\s\S]*\nWhy: `models`: 9 of[\s\S]*models {2}done {2}1 record {2}1 request/,
  );
  expect(shown.stdout).toMatch(/Tables:\n {2}models {2}1 row {2}\+1 column: kind\n/);

  const requests = asked.length;
  const again = await project.run(['packages', 'retry', loadId]);
  expect(again).toMatchObject({ code: 7, stderr: expect.stringContaining('9 of the 10 rows') });
  expect(await statesOf(project)).toEqual(['rejected', 'loaded']);
  const allowed = await project.run(['packages', 'retry', loadId, '--allow-delete', '--format', 'json']);
  expect(JSON.parse(allowed.stdout)).toMatchObject({
    exitCode: 0,
    packages: [{ loadId, state: 'loaded', recovered: true }],
  });
  expect(asked).toHaveLength(requests);
  expect(await query(project.file, 'select id::int as id, kind from models')).toEqual([{ id: 0, kind: 'last' }]);
  expect((await project.run(['packages', 'retry', loadId])).stderr).toMatch(/was loaded\. — Which ones were not/);

  for (const models of [all, [{ id: 9 }], [...all, { id: 10 }]]) {
    shop.models = models;
    await project.run();
  }
  const [late] = await packagesOf(project);
  const unsure = await project.run(['packages', 'retry', late?.loadId ?? '', '--allow-delete']);
  expect(unsure.code).toBe(2);
  expect(unsure.stderr).toMatch(
    /Load \S+ was made after package .* dezgo-elt packages retry \S+ --allow-delete --yes\n/,
  );
});

test('packages are dropped by load id, all that were set aside, or all; not without a yes', async () => {
  const { project, loadId } = await refusedAgain();
  const drop = (...args: string[]) => project.run(['packages', 'drop', ...args]);
  expect(await drop(loadId)).toMatchObject({
    code: 2,
    stderr: expect.stringMatching(
      /^error: This drops 1 package: .* — If it is meant, add `--yes`: dezgo-elt packages drop \S+ --yes\n$/,
    ),
  });
  expect(await project.run(['packages', 'drop', loadId], {}, 'n')).toMatchObject({
    code: 0,
    stdout: 'Nothing was changed.\n',
  });
  expect(await drop(loadId.slice(0, -1))).toMatchObject({
    code: 2,
    stderr: expect.stringContaining(`did you mean \`${loadId}\`?`),
  });
  expect(await drop()).toMatchObject({
    code: 2,
    stderr: expect.stringContaining('load ids, or `--rejected`, or `--all`'),
  });
  expect(await drop(loadId, '--all')).toMatchObject({ code: 2 });
  expect(await project.run(['packages', 'drop', '--rejected'], {}, 'y')).toMatchObject({
    code: 0,
    stdout: `Dropped 1 package: ${loadId}.\n`,
  });
  expect(await drop('--rejected')).toMatchObject({ code: 0, stdout: 'There is nothing to drop.\n' });
  expect(JSON.parse((await drop('--all', '--yes', '--format', 'json')).stdout)).toMatchObject({
    dropped: [expect.any(String)],
    exitCode: 0,
  });
  expect((await project.run(['packages', 'list'])).stdout).toBe('No packages: none waits, none was set aside.\n');
});

test('while a run goes on packages are listed, and neither dropped nor loaded: exit 75; of two who drop one, one does', async () => {
  const { project, loadId } = await refusedAgain();
  await whileRunning(project, async () => {
    expect(await statesOf(project)).toEqual(['rejected', 'loaded']);
    expect((await project.run(['packages', 'show', loadId])).code).toBe(0);
    for (const verb of ['drop', 'retry'])
      expect(await project.run(['packages', verb, loadId, '--yes'])).toMatchObject({ code: 75, stdout: '' });
  });
  const both = await Promise.all([1, 2].map(() => project.run(['packages', 'drop', loadId, '--yes'])));
  expect(both.filter(({ stdout }) => stdout.startsWith('Dropped 1 package'))).toHaveLength(1);
  expect(await statesOf(project)).toEqual(['loaded']);
});

test('a package that cannot be read says so, is not loaded, and can be dropped; that of another pipeline is left alone', async () => {
  const { project, url, loadId } = await refusedAgain();
  const folder = new PackageFolder(join(project.cwd, '.dezgo-elt'));
  await writeFile(folder.file(loadId, 'rejected'), 'x'.repeat(9000));
  await rm(`${folder.file(loadId, 'rejected')}.wal`, { force: true });
  for (const verb of ['show', 'retry']) {
    expect((await project.run(['packages', verb, loadId])).stderr).toMatch(
      /^error: Package \S+ was damaged or never begun: .* holds no load package\./,
    );
  }
  expect((await packagesOf(project))[0]).toMatchObject({
    state: 'rejected',
    reason: { code: 'DestinationUnreadable' },
  });

  await writeConfig(project, smallConfig(url, { resources: [models()], pipeline: { name: 'other' } }));
  const list = await project.run(['packages', 'list']);
  expect(list.stdout).toContain('  of pipeline small, dataset data of ');
  for (const args of [
    ['drop', loadId, '--yes'],
    ['retry', loadId],
  ])
    expect(await project.run(['packages', ...args])).toMatchObject({
      code: 2,
      stderr: expect.stringContaining('is of another one: pipeline small'),
    });
  expect((await project.run(['packages', 'drop', '--all', '--yes'])).stdout).toBe('There is nothing to drop.\n');

  await writeConfig(project, smallConfig(url, { resources: [models()] }));
  expect((await project.run(['packages', 'drop', loadId, '--yes'])).code).toBe(0);
});

test('what was refused while it was extracted is not complete, and says what to do', async () => {
  const { url } = await useServer(() => [{ id: 1, extra: true }]);
  const project = await smallProject(url, {
    resources: [models({ columns: { id: { data_type: 'bigint' } }, schema_contract: { columns: 'freeze' } })],
  });
  await writeConfig(project, smallConfig(url, { resources: [models({ processing_steps: [{ exclude: ['extra'] }] })] }));
  await project.run();
  await writeConfig(project, smallConfig(url, { resources: [models({ schema_contract: { columns: 'freeze' } })] }));
  expect((await project.run()).code).toBe(7);
  const [{ loadId = '' } = {}] = await packagesOf(project);
  const retry = await project.run(['packages', 'retry', loadId]);
  expect(retry).toMatchObject({
    code: 2,
    stderr: expect.stringMatching(/is not complete: it was refused while it was extracted.* dezgo-elt run\. /),
  });
});

test('in a folder that may only be read packages are listed and shown; dropping and loading say which folder it is', async () => {
  await withoutRoot(async () => {
    const { project, loadId } = await withRefused();
    const folders = ['.dezgo-elt', '.dezgo-elt/packages', '.dezgo-elt/packages/rejected'].map((name) =>
      join(project.cwd, name),
    );
    for (const folder of folders) await chmod(folder, 0o500);
    expect(await statesOf(project)).toEqual(['rejected', 'loaded']);
    expect((await project.run(['packages', 'show', loadId])).code).toBe(0);
    for (const verb of ['drop', 'retry']) {
      const { code, stderr } = await project.run(['packages', verb, loadId, '--yes']);
      expect(code).toBe(6);
      expect(stderr).toMatch(/^error: The working folder cannot be used: \S+: this user lacks the permission/);
    }
    for (const folder of folders) await chmod(folder, 0o700);
  });
});

test('a package is moved back with its file last: where that ends half-way, the next time goes on', async () => {
  const { project, loadId } = await refusedAgain();
  const folder = new PackageFolder(join(project.cwd, '.dezgo-elt'));
  const file = folder.file(loadId, 'rejected');
  await rename(`${file}.wal`, `${folder.file(loadId)}.wal`);
  expect((await keptPackages(folder)).map(({ state }) => state)).toEqual(['rejected', 'loaded']);
  expect((await project.run(['packages', 'retry', loadId, '--allow-delete'])).code).toBe(0);
});

test('sizes and tables of values as text', () => {
  expect([0, 999, 1000, 4096, 274_432, 1_234_567, 5e13].map(bytesText)).toEqual([
    '0 B',
    '999 B',
    '1.0 kB',
    '4.1 kB',
    '274 kB',
    '1.2 MB',
    '50 TB',
  ]);
  expect(
    csvText(
      ['a', 'b'],
      [
        { a: 'x,"y"\nz', b: null },
        { a: true, b: 1.5 },
      ],
    ),
  ).toBe('a,b\n"x,""y""\nz",\ntrue,1.5');
});
