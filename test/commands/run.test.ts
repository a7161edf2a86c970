import { readdir } from 'node:fs/promises';
import { describe, expect, it } from 'vitest';
import { sandboxJobs } from '../../src/sandbox/ids.ts';
import type { SandboxOptions } from '../../src/sandbox/stand-in-api.ts';
import { shippedProject } from '../support/project.ts';
import { value } from '../support/published.ts';
import { useSandbox } from '../support/sandbox.ts';

/** The shipped configuration, pointed at a stand-in. */
async function project(options: SandboxOptions = {}) {
  const sandbox = await useSandbox(options);
  const env = {
    DEZGO_API_KEY: sandbox.key,
    DEZGO_JOB_IDS: sandboxJobs.completed,
    RUNTIME__REQUEST_MAX_ATTEMPTS: '2',
  };
  return { ...(await shippedProject(sandbox.url, env)), sandbox };
}

const countRows = (file: string, table: string) => value(file, `select count(*) from ${table}`, 'dezgo_api_data');

describe('dezgo-elt run', () => {
  it('loads the selected resources and reports as dlt does, on stdout only', async () => {
    const { run, file } = await project();
    const { code, stdout, stderr } = await run(['run']);
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
    const lines = stdout.split('\n');
    expect(lines[0]).toMatch(/^Pipeline dezgo_api_pipeline load step completed in \d+\.\d\d seconds$/);
    expect(lines[1]).toBe('1 load package(s) were loaded to destination duckdb and into dataset dezgo_api_data');
    expect(lines[2]).toBe(`The duckdb destination used duckdb:///${file} location to store data`);
    expect(lines[3]).toMatch(/^Load package \d{10}\.\d{6} is LOADED and contains no failed jobs$/);
    for (const table of ['models', 'account_tx_last', 'jobs']) {
      expect(stdout).toMatch(new RegExp(`^  ${table} +[\\d,]+ rows?  new table, \\d+ columns: `, 'm'));
    }
    expect(await countRows(file, 'account_tx_last')).toBe(1);
    expect(await countRows(file, 'models')).toBeGreaterThan(3);
  });

  it('runs just the named resources', async () => {
    const { run, sandbox } = await project();
    const { code, stdout } = await run(['run', 'models', '--format', 'json']);
    expect(code).toBe(0);
    const trace = JSON.parse(stdout);
    expect(trace.resources.map(({ name, status }: { name: string; status: string }) => [name, status])).toEqual([
      ['models', 'extracted'],
    ]);
    expect(sandbox.requests.map(({ path }) => path)).toEqual(['/models']);
  });

  it('names the fall-back that answered, and resources that were skipped', async () => {
    const { run } = await project({ planRoutes: false });
    const { code, stdout } = await run(['run', 'models', 'jobs'], { DEZGO_JOB_IDS: '' });
    expect(code).toBe(0);
    expect(stdout).toMatch(/^Notes:$/m);
    expect(stdout).toMatch(/^ {2}models: .*info/m);
    expect(stdout).toMatch(/^ {2}jobs: skipped/m);
  });

  it('prints nothing with --quiet when all went well', async () => {
    const { file, run } = await project();
    expect(await run(['run', '--quiet'])).toEqual({ code: 0, stdout: '', stderr: '' });
    expect(await countRows(file, 'account_tx_last')).toBe(1);
  });

  it('shows progress on stderr when it is asked to, and keeps stdout for the report', async () => {
    const { run } = await project();
    const { stdout, stderr } = await run(['run', '--progress', 'log']);
    expect(stderr).toContain('models');
    expect(stderr).not.toContain('\u001b');
    expect(stdout).toMatch(/^Pipeline /);
  });

  it('ends a refused run with one line on stderr, exit 4, and publishes nothing', async () => {
    const { cwd, run } = await project();
    const wrong = 'DEZGO-WRONG-KEY-0123456789';
    const { code, stdout, stderr } = await run(['run', '-q'], { DEZGO_API_KEY: wrong });
    expect(code).toBe(4);
    expect(stdout).toMatch(/nothing was published/);
    expect(stderr).toMatch(/^error: .*401.* — .+\n$/);
    expect(stdout + stderr).not.toContain(wrong);
    expect(await readdir(cwd)).not.toContain('dezgo_api_pipeline.duckdb');
  });

  it('shows where a run failed with --debug, but never a secret', async () => {
    const { run } = await project();
    const wrong = 'DEZGO-WRONG-KEY-0123456789';
    const { stdout, stderr } = await run(['run', '--debug'], { DEZGO_API_KEY: wrong });
    expect(stderr).toMatch(/^PipelineError: .*\n {4}at /);
    expect(stdout + stderr).not.toContain(wrong);
  });

  it('gives a failed run as JSON too', async () => {
    const { run } = await project({ fault: 'payment-required' });
    const { code, stdout } = await run(['run', '--format', 'json']);
    expect(code).toBe(8);
    expect(JSON.parse(stdout)).toMatchObject({ exitCode: 8, published: false, failure: { code: 'BudgetExhausted' } });
  });

  it('ends with what is missing when the rest was published, exit 3', async () => {
    const { run } = await project({ fault: { name: 'image-instead-of-json', path: '/account/tx/last' } });
    const { code, stdout, stderr } = await run(['run'], { PIPELINE__ON_RESOURCE_FAILURE: 'continue' });
    expect(code).toBe(3);
    expect(stdout).toMatch(/^ {2}models +\d+ rows/m);
    expect(stdout).toMatch(/^ {2}account_tx_last: failed: /m);
    expect(stderr).toMatch(/^error: Everything else was published, but this failed: account_tx_last\. .* — .+\n$/);
  });

  it('prints no control character of a reply, whatever the reply says', async () => {
    const { run } = await project({ models: [{ id: 'a', 'na\u001b[2Jme': '\u001b]0;x\u0007' }] });
    const { code, stdout, stderr } = await run(['run', 'models']);
    expect(code).toBe(0);
    expect(stdout + stderr).not.toMatch(/[^\P{Cc}\n]/u);
  });

  it('refuses a resource that there is not, exit 2, and names those that are', async () => {
    const { run } = await project();
    const { code, stdout, stderr } = await run(['run', 'modles']);
    expect({ code, stdout }).toEqual({ code: 2, stdout: '' });
    expect(stderr).toMatch(/^error: .*modles.* — .*models, account_tx_last, jobs/);
  });
});
