import { chmod } from 'node:fs/promises';
import { expect, onTestFinished, test } from 'vitest';
import { smallProject } from '../support/project.ts';
import { useServer } from '../support/server.ts';
import { withoutRoot } from '../support/without-root.ts';

test('nothing that only looks disturbs a run that is going on, or waits for it', async () => {
  let release = () => {};
  const held = new Promise<object>((resolve) => {
    release = () => resolve([{ id: 2 }]);
  });
  const { url, asked } = await useServer(({ path }) => (path === '/slow' ? held : [{ id: 1 }]));
  const endpoint = { paginator: 'single_page' };
  const resources = [
    { name: 'models', endpoint: { path: 'models', ...endpoint } },
    { name: 'slow', selected: false, endpoint: { path: 'slow', ...endpoint } },
  ];
  const project = await smallProject(url, { resources });
  expect(await project.run(['run', 'models'])).toMatchObject({ code: 0 });
  const run = project.run(['run', 'slow']);
  await expect.poll(() => asked.at(-1)?.path).toBe('/slow');
  for (const command of ['check', 'plan', 'preview models', 'info --max-age 1h'])
    expect(await project.run(command.split(' ')), command).toMatchObject({ code: 0, stderr: '' });
  expect((await project.run(['doctor'])).stdout).toMatch(
    /ok {2,}run lock {2,}a run is in progress.*: this process, pipeline small/,
  );
  const info = JSON.parse((await project.run(['info', '--format', 'json', '--limit', '9'])).stdout);
  expect(info).toMatchObject({ running: { pipeline: 'small' }, runs: [{ exitCode: 0, rows: 1 }] });
  release();
  expect(await run).toMatchObject({ code: 0, stdout: expect.stringContaining('slow') });
});

test('in a folder that cannot be written the source can be looked at; plan and doctor say that a run would fail', async () => {
  const { url } = await useServer(() => [{ id: 1 }]);
  const project = await smallProject(url, { resources: [{ name: 'models', endpoint: { path: 'models' } }] });
  await chmod(project.cwd, 0o555);
  onTestFinished(() => chmod(project.cwd, 0o755));
  await withoutRoot(async () => {
    for (const command of ['check', 'preview models', 'info'])
      expect(await project.run(command.split(' ')), command).toMatchObject({ code: 0, stderr: '' });
    expect(await project.run(['plan'])).toMatchObject({ code: 6 });
    expect(await project.run(['doctor', '--quiet'])).toMatchObject({
      code: 6,
      stdout: expect.stringMatching(/^ {2}fail {2}folders {2}.*permission.*\n +→ /),
    });
  });
});
