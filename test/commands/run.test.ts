import { once } from 'node:events';
import { copyFile, readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { loadConfig, readTable } from '../../src/index.ts';
import { sandboxJobs } from '../../src/sandbox/ids.ts';
import type { SandboxOptions } from '../../src/sandbox/stand-in-api.ts';
import { projectRoot, resultOf, runCli, startCli } from '../support/cli.ts';
import { useSandbox } from '../support/sandbox.ts';
import { tempFolder } from '../support/temp-folder.ts';

/** A folder with the shipped configuration, and the variables that point it at a stand-in. */
async function project(options: SandboxOptions = {}) {
  const sandbox = await useSandbox(options);
  const cwd = await tempFolder();
  await copyFile(join(projectRoot, 'pipeline.config.yaml'), join(cwd, 'pipeline.config.yaml'));
  const env = {
    SOURCES__DEZGO_API_SOURCE__CLIENT__BASE_URL: sandbox.url,
    DEZGO_API_KEY: sandbox.key,
    DEZGO_JOB_IDS: sandboxJobs.completed,
    RUNTIME__REQUEST_MAX_ATTEMPTS: '2',
    RUNTIME__REQUEST_BACKOFF_FACTOR: '0.01',
  };
  return { sandbox, cwd, env, file: join(cwd, 'dezgo_api_pipeline.duckdb') };
}

async function countRows(cwd: string, table: string): Promise<number> {
  const config = await loadConfig('pipeline.config.yaml', { cwd, env: {} });
  let rows = 0;
  for await (const _ of readTable(config, table)) rows += 1;
  return rows;
}

describe('dezgo-elt run', () => {
  it('loads the selected resources and reports as dlt does, on stdout only', async () => {
    const { cwd, env, file } = await project();
    const { code, stdout, stderr } = await runCli(['run'], { cwd, env });
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
    const lines = stdout.split('\n');
    expect(lines[0]).toMatch(/^Pipeline dezgo_api_pipeline load step completed in \d+\.\d\d seconds$/);
    expect(lines[1]).toBe('1 load package(s) were loaded to destination duckdb and into dataset dezgo_api_data');
    expect(lines[2]).toBe(`The duckdb destination used duckdb:///${file} location to store data`);
    expect(lines[3]).toMatch(/^Load package \d{10}\.\d{6} is LOADED and contains no failed jobs$/);
    for (const table of ['models', 'account_tx_last', 'jobs']) {
      expect(stdout).toMatch(new RegExp(`^  ${table} +[\\d,]+ rows?  new table, \\d+ columns: `, 'm'));
    }
    expect(await countRows(cwd, 'account_tx_last')).toBe(1);
    expect(await countRows(cwd, 'models')).toBeGreaterThan(3);
  });

  it('runs just the named resources', async () => {
    const { cwd, env, sandbox } = await project();
    const { code, stdout } = await runCli(['run', 'models', '--format', 'json'], { cwd, env });
    expect(code).toBe(0);
    const trace = JSON.parse(stdout);
    expect(trace.resources.map(({ name, status }: { name: string; status: string }) => [name, status])).toEqual([
      ['models', 'extracted'],
    ]);
    expect(sandbox.requests.map(({ path }) => path)).toEqual(['/models']);
  });

  it('names the fall-back that answered, and resources that were skipped', async () => {
    const { cwd, env } = await project({ planRoutes: false });
    const { code, stdout } = await runCli(['run', 'models', 'jobs'], { cwd, env: { ...env, DEZGO_JOB_IDS: '' } });
    expect(code).toBe(0);
    expect(stdout).toMatch(/^Notes:$/m);
    expect(stdout).toMatch(/^ {2}models: .*info/m);
    expect(stdout).toMatch(/^ {2}jobs: skipped/m);
  });

  it('prints nothing with --quiet when all went well', async () => {
    const { cwd, env } = await project();
    expect(await runCli(['run', '--quiet'], { cwd, env })).toEqual({ code: 0, stdout: '', stderr: '' });
    expect(await countRows(cwd, 'account_tx_last')).toBe(1);
  });

  it('shows progress on stderr when it is asked to, and keeps stdout for the report', async () => {
    const { cwd, env } = await project();
    const { stdout, stderr } = await runCli(['run', '--progress', 'log'], { cwd, env });
    expect(stderr).toContain('models');
    expect(stderr).not.toContain('\u001b');
    expect(stdout).toMatch(/^Pipeline /);
  });

  it('ends a refused run with one line on stderr, exit 4, and publishes nothing', async () => {
    const { cwd, env } = await project();
    const wrong = 'DEZGO-WRONG-KEY-0123456789';
    const { code, stdout, stderr } = await runCli(['run', '-q'], { cwd, env: { ...env, DEZGO_API_KEY: wrong } });
    expect(code).toBe(4);
    expect(stdout).toMatch(/nothing was published/);
    expect(stderr).toMatch(/^error: .*401.* — .+\n$/);
    expect(stdout + stderr).not.toContain(wrong);
    expect(await readdir(cwd)).not.toContain('dezgo_api_pipeline.duckdb');
  });

  it('shows where a run failed with --debug, but never a secret', async () => {
    const { cwd, env } = await project();
    const wrong = 'DEZGO-WRONG-KEY-0123456789';
    const { stdout, stderr } = await runCli(['run', '--debug'], { cwd, env: { ...env, DEZGO_API_KEY: wrong } });
    expect(stderr).toMatch(/^PipelineError: .*\n {4}at /);
    expect(stdout + stderr).not.toContain(wrong);
  });

  it('gives a failed run as JSON too', async () => {
    const { cwd, env } = await project({ fault: 'payment-required' });
    const { code, stdout } = await runCli(['run', '--format', 'json'], { cwd, env });
    expect(code).toBe(8);
    expect(JSON.parse(stdout)).toMatchObject({ exitCode: 8, published: false, failure: { code: 'BudgetExhausted' } });
  });

  it('ends with what is missing when the rest was published, exit 3', async () => {
    const { cwd, env } = await project({ fault: { name: 'image-instead-of-json', path: '/account/tx/last' } });
    const { code, stdout, stderr } = await runCli(['run'], {
      cwd,
      env: { ...env, PIPELINE__ON_RESOURCE_FAILURE: 'continue' },
    });
    expect(code).toBe(3);
    expect(stdout).toMatch(/^ {2}models +\d+ rows/m);
    expect(stdout).toMatch(/^ {2}account_tx_last: failed: /m);
    expect(stderr).toMatch(/^error: Everything else was published, but this failed: account_tx_last\. .* — .+\n$/);
  });

  it('prints no control character of a reply, whatever the reply says', async () => {
    const { cwd, env } = await project({ models: [{ id: 'a', 'na\u001b[2Jme': '\u001b]0;x\u0007' }] });
    const { code, stdout, stderr } = await runCli(['run', 'models'], { cwd, env });
    expect(code).toBe(0);
    expect(stdout + stderr).not.toMatch(/[^\P{Cc}\n]/u);
  });

  it('refuses a resource that there is not, exit 2, and names those that are', async () => {
    const { cwd, env } = await project();
    const { code, stdout, stderr } = await runCli(['run', 'modles'], { cwd, env });
    expect({ code, stdout }).toEqual({ code: 2, stdout: '' });
    expect(stderr).toMatch(/^error: .*modles.* — .*models, account_tx_last, jobs/);
  });

  it('exits with 75 when another run is going on, and `info` says so', async () => {
    const { cwd, env, sandbox } = await project({ fault: { name: 'slow', ms: 3000, path: '/models' } });
    const first = startCli(['run'], { cwd, env });
    const finished = resultOf(first);
    while (sandbox.requests.length === 0) await new Promise((resolve) => setTimeout(resolve, 10));
    const [second, info, json] = await Promise.all([
      runCli(['run'], { cwd, env }),
      runCli(['info'], { cwd, env }),
      runCli(['info', '--format', 'json'], { cwd, env }),
    ]);
    expect(second.code).toBe(75);
    expect(second.stderr).toMatch(/^error: .*\n$/);
    expect(info.code).toBe(0);
    expect(info.stdout).toMatch(new RegExp(`^A run is in progress: .*${first.pid}`, 'm'));
    expect(info.stdout).toContain('No loads yet.');
    const { running, runs, packages } = JSON.parse(json.stdout);
    expect(running).toMatchObject({ pid: first.pid, pipeline: 'dezgo_api_pipeline', loadId: packages[0].loadId });
    expect(runs).toEqual([]);
    expect((await finished).code).toBe(0);
  });

  it.each([
    ['SIGINT', 130],
    ['SIGTERM', 143],
  ] as const)('stops after the current page on %s, exit %i, and the next run goes on', async (signal, expected) => {
    const { cwd, env, sandbox } = await project({ fault: { name: 'slow', ms: 500, path: '/models' } });
    const child = startCli(['run'], { cwd, env });
    const finished = resultOf(child);
    while (sandbox.requests.length === 0) await new Promise((resolve) => setTimeout(resolve, 10));
    child.kill(signal);
    const { code, stderr } = await finished;
    expect(code).toBe(expected);
    const lines = stderr.trimEnd().split('\n');
    expect(lines[0]).toMatch(/^Stopping after the current page/);
    expect(lines.at(-1)).toMatch(new RegExp(`^error: .*${signal}.* — `));
    sandbox.setFault(null);
    expect((await runCli(['run'], { cwd, env })).code).toBe(0);
    expect(await countRows(cwd, 'account_tx_last')).toBe(1);
  });

  it('stops at once on a second signal', async () => {
    const { cwd, env, sandbox } = await project({ fault: { name: 'slow', ms: 60_000 } });
    const child = startCli(['run'], { cwd, env });
    const finished = resultOf(child);
    while (sandbox.requests.length === 0) await new Promise((resolve) => setTimeout(resolve, 10));
    child.kill('SIGINT');
    const { stderr } = child;
    if (stderr !== null) await once(stderr, 'data');
    child.kill('SIGINT');
    expect((await finished).code).toBe(130);
  });

  it('does its work although nobody reads the report', async () => {
    const { cwd, env } = await project();
    const child = startCli(['run'], { cwd, env });
    child.stdout?.destroy();
    const { code, stderr } = await resultOf(child);
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
    expect(await countRows(cwd, 'account_tx_last')).toBe(1);
  });
});
