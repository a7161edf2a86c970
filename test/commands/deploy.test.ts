import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { yamlProject } from '../support/project.ts';

test('deploy prints the files of a target, and writes nothing', async () => {
  const project = await yamlProject();
  const { code, stdout, stderr } = await project.run(['deploy', 'cron', '--schedule', '17 3 * * *']);
  expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
  expect(stdout.trimEnd().split('\n').at(-1)).toBe(
    `17 3 * * * cd ${project.cwd} && node cli.js -c ${project.cwd}/pipeline.config.yaml run --quiet`,
  );
  const units = await project.run(['deploy', 'systemd']);
  expect(units.stdout).toContain('# ---- dezgo-elt-small.timer ----\n[Unit]');
});

test('deploy --output writes, overwrites nothing unless it is told to, and tells programs what it wrote', async () => {
  const project = await yamlProject();
  const into = ['--output', 'out/units'];
  const service = join(project.cwd, 'out/units/dezgo-elt-small.service');
  const { code, stdout } = await project.run(['deploy', 'systemd', ...into, '--format', 'json']);
  expect(code).toBe(0);
  expect(JSON.parse(stdout)).toMatchObject({
    target: 'systemd',
    files: [
      { path: 'dezgo-elt-small.service', content: await readFile(service, 'utf8') },
      { path: 'dezgo-elt-small.timer' },
    ],
    written: [service, service.replace('.service', '.timer')],
    exitCode: 0,
    failure: null,
  });
  await writeFile(service, 'mine');
  const refused = await project.run(['deploy', 'systemd', ...into]);
  expect(refused).toMatchObject({
    code: 2,
    stdout: '',
    stderr: expect.stringContaining('Nothing was written, because '),
  });
  expect(await readFile(service, 'utf8')).toBe('mine');
  expect(await project.run(['deploy', 'systemd', ...into, '--force'])).toMatchObject({ code: 0, stderr: '' });
  expect(await readFile(service, 'utf8')).toContain('LoadCredential=');
});

test.each([
  [['deploy', 'windows'], /Allowed choices are cron, systemd, github-actions, airflow, docker, kubernetes/],
  [['deploy', 'cron', '--schedule', 'daily'], /The schedule "daily" cannot be read: it has five fields\./],
  [['deploy', 'cron', '--output', 'pipeline.config.yaml/x'], /cannot be written: .*\(ENOTDIR\)/],
])('deploy that cannot be done says why: %j', async (args, expected) => {
  const { code, stderr } = await (await yamlProject()).run(args);
  expect(code).toBe(2);
  expect(stderr).toMatch(expected);
});
