import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { smallProject, yamlProject } from '../support/project.ts';

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

test('all that a run writes is writable in a unit and lies in the volume of an image, files for others too', async () => {
  const pipeline = {
    metrics_file: '/srv/metrics/small.prom',
    openlineage: { file: 'lineage/small.jsonl' },
    export_schema_path: '/srv/schemas/small',
  };
  const project = await smallProject('http://127.0.0.1:9', { resources: [{ name: 'models' }], pipeline });
  const text = async (target: string) => (await project.run(['deploy', target])).stdout;
  expect(await text('systemd')).toContain(`\nReadWritePaths=${project.cwd} /srv/schemas -/srv/metrics\n`);
  expect(await text('docker')).toContain(
    '\nENV PIPELINE__METRICS_FILE=/data/small.prom PIPELINE__OPENLINEAGE__FILE=/data/lineage.jsonl PIPELINE__EXPORT_SCHEMA_PATH=/data/schemas\n',
  );
  expect(await text('kubernetes')).toContain('# The image writes metrics into the volume.');
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

test.runIf(process.platform === 'linux')(
  'deploy into a place where nobody can make folders ends, and says so',
  async () => {
    const { code, stderr } = await (await yamlProject()).run(['deploy', 'systemd', '--output', '/proc/x/y']);
    expect(code).toBe(2);
    expect(stderr).toMatch(/^error: \/proc\/x\/y\/\S+ cannot be written: .*\(ENOENT\)/);
  },
);

test('where deploy has no files for a destination, it says the whole command that a scheduler starts', async () => {
  const { cwd, run } = await smallProject('http://127.0.0.1:9', {
    resources: [{ name: 'models' }],
    pipeline: { destination: 'postgres' },
  });
  const file = `${cwd}/pipeline.config.yaml`;
  await writeFile(join(cwd, 'my keys.yaml'), 'sources: {}\n');
  const { code, stderr } = await run(['deploy', 'cron', '-c', 'pipeline.config.yaml', '--secrets', 'my keys.yaml']);
  expect(code).toBe(2);
  expect(stderr).toContain(
    `Let the scheduler start \`cd ${cwd} && node cli.js -c ${file} --secrets '${cwd}/my keys.yaml' run --quiet\``,
  );
});
