import { execFileSync, spawnSync } from 'node:child_process';
import { chmod, mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { parse, parseAllDocuments } from 'yaml';
import { deployTargets } from '../../src/deploy/deploy-targets.ts';
import type { Deployment } from '../../src/deploy/deployment.ts';
import { parseSchedule } from '../../src/deploy/schedule.ts';
import { tempFolder } from '../support/temp-folder.ts';
import { deploymentIn } from './deployments.ts';

const has = (program: string) => spawnSync(program, ['--version']).error === undefined;

/** Names that mean something to a shell, cron, systemd, GitHub, Jinja or YAML. */
const odd = [
  'with blank and $HOME',
  "it's 100% $HOME `x`",
  '$' + '{{ github.token }} {{ x }} {% y %} %h %%d',
  'a: b # c & d; e',
  '-x*[y]?é',
];

/** A folder of such a name, with a program that prints what it was called with, and where. */
async function oddFolder(name: string) {
  const folder = join(await tempFolder(), name);
  await mkdir(folder);
  const program = join(folder, 'node x');
  await writeFile(program, '#!/bin/sh\nprintf "%s\\n" "$PWD" "$@"\n');
  await chmod(program, 0o755);
  return deploymentIn(folder, { program: [program, join(folder, 'cli.js')] });
}

const calledWith = ({ folder, program, options }: Deployment, ...more: string[]) =>
  [folder, program[1], ...options, ...more].map((line) => `${line}\n`).join('');

const contentOf = (target: keyof typeof deployTargets, deployment: Deployment, end = '') =>
  deployTargets[target](deployment).find(({ path }) => path.endsWith(end))?.content ?? '';

describe('deploy cron', () => {
  test.each(odd)('makes a line that calls the program, in a folder named %j', async (name) => {
    const deployment = await oddFolder(name);
    const lines = contentOf('cron', deployment)
      .split('\n')
      .filter((line) => line !== '' && !line.startsWith('#'));
    expect(lines).toHaveLength(1);
    const [, fields, command = ''] = /^((?:\S+ ){5})(.*)$/.exec(lines[0] ?? '') ?? [];
    expect(fields).toBe('0 3 * * * ');
    expect(command).not.toMatch(/(?<!\\)%/);
    // As cron does, which gives what comes after a `%` to the standard input.
    const output = execFileSync('/bin/sh', ['-c', command.replaceAll('\\%', '%')], { encoding: 'utf8' });
    expect(output).toBe(calledWith(deployment, 'run', '--quiet'));
  });

  test.each(['line\nbreak', 'back\\slash'])('refuses a folder named %j, which no line can hold', (name) => {
    expect(() => contentOf('cron', deploymentIn(`/srv/${name}`))).toThrow(/cannot stand in a crontab/);
  });
});

describe('deploy systemd', () => {
  const verify = async (deployment: Deployment) => {
    const folder = await tempFolder();
    const files = deployTargets.systemd(deployment);
    for (const { path, content } of files) await writeFile(join(folder, path), content);
    const paths = files.map(({ path }) => join(folder, path));
    return spawnSync('systemd-analyze', ['verify', '--man=no', ...paths], { encoding: 'utf8' });
  };
  const ofThese = (stderr: string) => stderr.split('\n').filter((line) => /dezgo|node x/.test(line));

  test.skipIf(!has('systemd-analyze')).each(odd)(
    'makes units that systemd takes, in a folder named %j',
    async (name) => {
      const deployment = await oddFolder(name);
      const { status, stderr } = await verify({
        ...deployment,
        user: undefined,
        schedule: parseSchedule('*/15 8-18 13 * mon-fri'),
      });
      expect({ status, stderr: ofThese(stderr) }).toEqual({ status: 0, stderr: [] });
    },
  );

  test.skipIf(!has('systemd-analyze'))('names its program so that systemd finds it', async () => {
    const { folder, ...deployment } = await oddFolder('with blank and $HOME');
    const { stderr } = await verify({
      ...deployment,
      folder,
      user: undefined,
      program: [join(folder, 'no%such'), 'x'],
    });
    expect(stderr).toContain(`${join(folder, 'no%such')} is not executable`);
  });

  test('lets another run, and a stop, be no failure, tries again what may pass, and ends later than the run does', () => {
    const service = contentOf('systemd', deploymentIn('/srv/dezgo'), '.service').split('\n');
    expect(service).toEqual(
      expect.arrayContaining([
        'Type=oneshot',
        'User=dezgo',
        'SuccessExitStatus=75 143',
        'Restart=on-failure',
        'RestartPreventExitStatus=2 4 7 8',
        'LoadCredential=secrets.yaml:/srv/dezgo/secrets.yaml',
        'TimeoutStartSec=4500',
        'ReadWritePaths=/srv/dezgo',
        'ExecStart=/usr/bin/node /srv/dezgo/node_modules/dezgo-elt/dist/bin/cli.js -c /srv/dezgo/pipeline.config.yaml --secrets $' +
          '{CREDENTIALS_DIRECTORY}/secrets.yaml run --quiet',
      ]),
    );
    const other = contentOf(
      'systemd',
      deploymentIn('/srv/dezgo', { readsSecretsFile: false, longest: undefined }),
      '.service',
    );
    expect(other).not.toMatch(/^LoadCredential|--secrets \$/m);
    expect(other).toContain('\nTimeoutStartSec=infinity\n');
  });

  test.each(['line\nbreak', 'end\\', `"both" 'marks'`])(
    'refuses a folder named %j, which a unit cannot hold',
    (name) => {
      expect(() => contentOf('systemd', deploymentIn(`/srv/${name}`))).toThrow(/cannot stand in a unit of systemd/);
    },
  );
});

interface Workflow {
  readonly on: { readonly schedule: readonly { readonly cron: string }[] };
  readonly concurrency: { readonly group: string };
  readonly permissions: { readonly contents: string };
  readonly jobs: {
    readonly load: {
      readonly env: Readonly<Record<string, string>>;
      readonly 'timeout-minutes': number;
      readonly steps: readonly {
        readonly name?: string;
        readonly run?: string;
        readonly env?: Readonly<Record<string, string>>;
      }[];
    };
  };
}

describe('deploy github-actions', () => {
  const inside = (name: string, more: Partial<Deployment> = {}) =>
    deploymentIn(join('/srv', name), {
      project: { folder: '/srv', repository: '/srv', isProgram: false, isMissing: false },
      ...more,
    });
  /** GitHub fills in a quoted text for an expression that is one. */
  const evaluated = (text: string) => text.replace(/\$\{\{ '(.*?)' \}\}/g, '$1');

  test.each(odd)('makes a workflow whose paths are those of a folder named %j', (name) => {
    const workflow: Workflow = parse(contentOf('github-actions', inside(name)));
    const { env } = workflow.jobs.load;
    expect(evaluated(env.CONFIG ?? '')).toBe(`${name}/pipeline.config.yaml`);
    expect(evaluated(env.DATABASE ?? '')).toBe(`${name}/dezgo.duckdb`);
  });

  test.each(['artifact', 'branch'] as const)(
    'keeps the file as %s, one run at a time, with the secrets of the repository',
    (keep) => {
      const workflow: Workflow = parse(contentOf('github-actions', inside('shop', { keep })));
      expect(workflow).toMatchObject({
        on: { schedule: [{ cron: '0 3 * * *' }], workflow_dispatch: null },
        concurrency: { group: 'dezgo-elt-dezgo-api-pipeline', 'cancel-in-progress': false },
        permissions: { contents: keep === 'branch' ? 'write' : 'read' },
        jobs: { load: { 'timeout-minutes': 80 } },
      });
      const { steps } = workflow.jobs.load;
      expect(steps.find(({ name }) => name === 'Load')?.env).toEqual({
        DEZGO_API_KEY: '$' + '{{ secrets.DEZGO_API_KEY }}',
      });
      for (const { run } of steps) if (run !== undefined) execFileSync('bash', ['-n', '-c', run]);
    },
  );

  test('the steps of the branch bring the file to the next run, and leave the branch one commit', async () => {
    const folder = await tempFolder({ 'origin/x': '', 'first/with blank/dezgo.duckdb': 'rows', 'next/y': '' });
    const git = (cwd: string, ...args: string[]) =>
      execFileSync('git', args, { cwd: join(folder, cwd), encoding: 'utf8', stdio: 'pipe' });
    const deployment = inside('with blank', { keep: 'branch' });
    const { load }: Workflow['jobs'] = parse(contentOf('github-actions', deployment)).jobs;
    const script = (start: string) => load.steps.find(({ name }) => name?.startsWith(start) === true);
    const step = (cwd: string, start: string) => {
      const { run = '', env } = script(start) ?? {};
      const all = {
        PATH: process.env.PATH,
        HOME: folder,
        RUNNER_TEMP: join(folder, cwd),
        GITHUB_RUN_ID: '1',
        ...load.env,
        ...env,
      };
      execFileSync('bash', ['-e', '-c', run], { cwd: join(folder, cwd), env: all, stdio: 'pipe' });
    };
    git('origin', 'init', '--quiet', '--bare', '.');
    for (const cwd of ['first', 'next']) {
      git(cwd, 'init', '--quiet', '.');
      git(cwd, 'remote', 'add', 'origin', join(folder, 'origin'));
    }
    step('first', 'Get');
    step('first', 'Keep');
    step('first', 'Keep');
    step('next', 'Get');
    expect(execFileSync('cat', [join(folder, 'next/with blank/dezgo.duckdb')], { encoding: 'utf8' })).toBe('rows');
    expect(git('origin', 'rev-list', '--count', 'data/dezgo-elt-dezgo-api-pipeline').trim()).toBe('1');
  });

  test('refuses a file that is not in the project', () => {
    expect(() => contentOf('github-actions', inside('shop', { destination: '/data/dezgo.duckdb' }))).toThrow(
      '/data/dezgo.duckdb is outside of /srv',
    );
  });
});

/** As much of Airflow as a DAG of one task asks for; it prints the task, templates filled in. */
const airflow = `
import json, sys, types
class DAG:
    def __init__(self, **given): self.given = given
    def __enter__(self): return self
    def __exit__(self, *_): pass
class BashOperator:
    def __init__(self, **given):
        given["bash_command"] = given["bash_command"].replace("{{ '{' }}", "{")
        print(json.dumps(given, default=str))
for name in ["airflow", "airflow.operators", "airflow.operators.bash"]:
    sys.modules[name] = types.ModuleType(name)
sys.modules["airflow"].DAG = DAG
sys.modules["airflow.operators.bash"].BashOperator = BashOperator
exec(compile(sys.stdin.read(), "dag.py", "exec"))
`;

describe('deploy airflow', () => {
  test.skipIf(!has('python3')).each([...odd, 'line\nbreak "and" back\\slash'])(
    'makes a DAG whose task calls the program, in a folder named %j',
    async (name) => {
      const deployment = await oddFolder(name);
      const dag = contentOf('airflow', deployment);
      const task = JSON.parse(execFileSync('python3', ['-c', airflow], { input: dag, encoding: 'utf8' }));
      expect(task).toMatchObject({ task_id: 'run', skip_on_exit_code: 75, execution_timeout: '1:15:00' });
      expect(task.bash_command.endsWith('log ')).toBe(true);
      const output = execFileSync('bash', ['-c', task.bash_command], { encoding: 'utf8' });
      expect(output).toBe(calledWith(deployment, 'run', '--progress', 'log'));
    },
  );
});

describe('deploy docker', () => {
  const known = /^(FROM|WORKDIR|COPY|RUN|ENV|USER|VOLUME|STOPSIGNAL|ENTRYPOINT|CMD) /;

  test.each(odd)('makes a Dockerfile that starts the configuration of a folder named %j, not as root', (name) => {
    const project = { folder: '/srv', repository: '/srv', isProgram: false, isMissing: false };
    const lines = contentOf('docker', deploymentIn(join('/srv', name), { project }), 'Dockerfile')
      .split('\n')
      .filter((line) => line !== '' && !line.startsWith('#'));
    expect(lines.filter((line) => !known.test(line))).toEqual([]);
    expect(lines).toEqual(expect.arrayContaining(['USER node', 'VOLUME ["/data"]', 'STOPSIGNAL SIGTERM']));
    expect(lines.indexOf('USER node')).toBeGreaterThan(lines.findLastIndex((line) => line.startsWith('RUN ')));
    const entry = lines.find((line) => line.startsWith('ENTRYPOINT '))?.slice('ENTRYPOINT '.length) ?? '';
    expect(JSON.parse(entry).at(-1)).toBe(`/app/${name}/pipeline.config.yaml`);
  });

  test('leaves secrets and what was loaded out of the image', () => {
    const ignored = contentOf('docker', deploymentIn('/srv'), '.dockerignore').split('\n');
    expect(ignored).toEqual(expect.arrayContaining(['.env', 'secrets.yaml', '.dlt', '*.duckdb', '.dezgo-elt', '.git']));
  });
});

test('deploy kubernetes makes a CronJob that runs one at a time, not as root, with its volume', () => {
  const [claim, job] = parseAllDocuments(contentOf('kubernetes', deploymentIn('/srv'))).map((document) =>
    document.toJS(),
  );
  expect(claim.kind).toBe('PersistentVolumeClaim');
  expect(job).toMatchObject({ kind: 'CronJob', spec: { schedule: '0 3 * * *', concurrencyPolicy: 'Forbid' } });
  const { spec } = job.spec.jobTemplate.spec.template;
  expect(job.spec.jobTemplate.spec.activeDeadlineSeconds).toBe(4500);
  expect(spec.securityContext.runAsNonRoot).toBe(true);
  expect(spec.containers[0].env[0].valueFrom.secretKeyRef.key).toBe('DEZGO_API_KEY');
  expect(spec.volumes[0].persistentVolumeClaim.claimName).toBe(claim.metadata.name);
});
