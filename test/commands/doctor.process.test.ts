import { chmod, mkdir, readdir, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { withDuckdbFile } from '../support/duckdb-file.ts';
import { openInOtherProcess } from '../support/duckdb-process.ts';
import { key, smallConfig, smallProject, writeConfig } from '../support/project.ts';
import { useServer } from '../support/server.ts';

const resources = [{ name: 'models', endpoint: { path: 'models' } }];

test('doctor looks at all that a run depends on, says what to do, and changes nothing', async () => {
  const { url, asked } = await useServer((_, response) => {
    response.setHeader('date', new Date(Date.now() - 3_600_000).toUTCString());
    return {};
  });
  const project = await smallProject(url, { resources });
  const well = await project.run(['doctor'], { HTTP_PROXY: 'http://me:hush@proxy.test:3128', NO_PROXY: 'a.test' });
  expect(well).toMatchObject({ code: 0, stderr: '' });
  const shown = well.stdout.replace(/ {2,}/g, '  ');
  expect(shown).toMatch(/^ {2}ok {2}program {2}dezgo-elt \d/);
  expect(shown).toContain('\n  ok  secrets  found in environment SHOP_KEY\n');
  expect(shown).toMatch(
    /\n {2}ok {2}proxy {2}http:\/\/proxy\.test:3128 with user name and password \(HTTP_PROXY\), .*a\.test/,
  );
  expect(shown).toMatch(/\n {2}ok {2}destination {2}\S+file\.duckdb: no file yet, the first run makes it\n/);
  expect(shown).not.toMatch(new RegExp(`hush|${key}|\\n {2}(warn|fail)`));
  expect(await readdir(project.cwd)).toEqual(['pipeline.config.yaml']);

  await withDuckdbFile(project.file, (connection) => connection.run('create table t (a int)'));
  await mkdir(join(project.packages, 'rejected'), { recursive: true });
  await chmod(join(project.cwd, '.dezgo-elt'), 0o755);
  await writeFile(join(project.packages, '1749667187.541553.duckdb'), '');
  await writeFile(`${project.file}.1749667187.541553.next`, 'x');
  await writeFile(`${project.file}.1749667187.541553.kept`, 'x');
  const found = await project.run(['doctor', '--online', '--format', 'json'], {
    SHOP_KEY: ` ${key}`,
    NODE_TLS_REJECT_UNAUTHORIZED: '0',
  });
  expect(found.code).toBe(0);
  const { symptoms, ...ending } = JSON.parse(found.stdout);
  expect(ending).toEqual({ exitCode: 0, failure: null });
  const told = (level: string) =>
    symptoms.flatMap((one: { level: string; subject: string; message: string; hint: string | null }) =>
      one.level === level ? [`${one.subject}: ${one.message}`] : [],
    );
  expect(told('warn')).toEqual([
    expect.stringContaining('certificates: '),
    expect.stringMatching(/^configuration: .*begins or ends with a blank$/),
    expect.stringMatching(/^clock: 36\d\d s ahead of that of the source$/),
    expect.stringMatching(/^working folder: .* \(mode 755\)/),
    'packages: 1 package not loaded yet: the next run does',
    expect.stringMatching(/^write-ahead log: .*file\.duckdb\.wal: \d+ B of changes/),
    'leftovers: 1 file of runs that go on, or were killed: file.duckdb.1749667187.541553.next',
    expect.stringContaining('leftovers: file.duckdb.1749667187.541553.kept: '),
  ]);
  expect(told('ok')).toContainEqual(expect.stringMatching(/^destination: \S+: \d+ kB, storage version v1/));
  expect(asked).toMatchObject([{ method: 'HEAD', path: '/' }]);
  expect(asked[0]?.headers['x-key']).toBeUndefined();
});

test('doctor ends with the code of the first thing that would end a run', async () => {
  const project = await smallProject('http://127.0.0.1:9', { resources });
  expect(await project.run(['doctor', '--quiet'], { SHOP_KEY: '' })).toMatchObject({
    code: 2,
    stdout: expect.stringMatching(/^ {2}fail {2}secrets {2}.*SHOP_KEY.*\n +→ .*\n$/),
  });
  const proxy = await project.run(['doctor', '--quiet'], { HTTP_PROXY: 'ftp://secret.test' });
  expect(proxy).toMatchObject({ code: 2, stdout: expect.not.stringContaining('secret.test') });
  expect(await project.run(['doctor', '--online'])).toMatchObject({ code: 5 });
  await writeFile(project.file, 'x'.repeat(10_000));
  const damaged = await project.run(['doctor', '--format', 'json']);
  expect(JSON.parse(damaged.stdout)).toMatchObject({ exitCode: 6, failure: { code: 'DestinationUnreadable' } });
  await rm(project.file);
  const writer = await openInOtherProcess(project.file);
  const held = await project.run(['doctor', '--quiet']);
  expect(held).toMatchObject({
    code: 0,
    stdout: expect.stringMatching(/warn {2}destination {2}.* has .* open for writing/),
  });
  await writer.end();
  const destination = { type: 'duckdb', path: 'nowhere/file.duckdb' };
  await writeConfig(project, smallConfig('http://127.0.0.1:9', { resources, pipeline: { destination } }));
  expect(await project.run(['doctor'])).toMatchObject({ code: 6, stdout: expect.stringContaining('nowhere') });
  await writeConfig(project, { pipeline: {} });
  expect(await project.run(['doctor'])).toMatchObject({
    code: 2,
    stdout: expect.stringContaining('fail  configuration'),
  });
});
