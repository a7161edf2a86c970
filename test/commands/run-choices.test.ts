import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { tryHoldFile } from '../../src/duckdb/held-files.ts';
import { loadConfig, realEffects, runPipeline, silentLog } from '../../src/index.ts';
import { smallProject } from '../support/project.ts';
import { query } from '../support/published.ts';
import { useServer } from '../support/server.ts';

const at = (day: number) => `2024-01-0${day}T00:00:00Z`;

/** Posts with comments, both incremental, and models. */
async function project(pipeline: object = {}) {
  const rows = { posts: [1, 2], comments: [1] };
  const { url, asked } = await useServer(({ path }) => {
    const ids = path === '/posts' ? rows.posts : path === '/models' ? [7] : rows.comments;
    return ids.map((id) => ({ id, at: at(id) }));
  });
  const incremental = { cursor_path: 'at', initial_value: at(1), row_order: 'asc' };
  const list = (path: string, more: object = {}) => ({ path, data_selector: '$', paginator: 'single_page', ...more });
  const resources = [
    { name: 'posts', endpoint: list('posts', { incremental }) },
    { name: 'comments', endpoint: list('posts/{resources.posts.id}/comments', { incremental }) },
    { name: 'models', write_disposition: 'replace', endpoint: list('models') },
  ];
  const made = await smallProject(url, { resources, pipeline, client: { concurrency: 1 } });
  const loaded = async (...args: string[]) => {
    const { code, stdout } = await made.run(['run', '--format', 'json', ...args]);
    const names = JSON.parse(stdout).resources.map(({ name, notes }: { name: string; notes: string[] }) =>
      notes.some((note) => note.startsWith('read for its children')) ? `(${name})` : name,
    );
    return [code, names.join(' ')];
  };
  return { ...made, rows, asked, loaded };
}

describe('run --exclude', () => {
  it('loads everything else; a parent is read where a child needs it, and plan says the same', async () => {
    const { loaded, run } = await project();
    expect(await loaded('--exclude', 'models')).toEqual([0, 'posts comments']);
    expect(await loaded('--exclude', 'posts', '--exclude', 'models')).toEqual([0, '(posts) comments']);
    expect(await loaded('models', 'posts', '--exclude', 'posts')).toEqual([0, 'models']);
    const plan = JSON.parse((await run(['plan', '--exclude', 'comments', '--format', 'json'])).stdout);
    expect(plan.resources.map(({ name }: { name: string }) => name)).toEqual(['posts', 'models']);
  });
});

describe('run --full-refresh RESOURCE', () => {
  it('empties that resource alone, beside the others that are loaded as ever', async () => {
    const { run, rows, file } = await project();
    expect((await run()).code).toBe(0);
    rows.posts = [2];
    rows.comments = [2];
    const ids = async (table: string) =>
      (await query(file, `select distinct id::integer as id from ${table} order by 1`)).map(({ id }) => id);
    expect((await run(['run', '--full-refresh', 'posts'])).code).toBe(0);
    expect([await ids('posts'), await ids('comments')]).toEqual([[2], [1, 2]]);
    expect((await run(['run', '--full-refresh=posts', '--full-refresh=comments'])).code).toBe(0);
    expect([await ids('posts'), await ids('comments')]).toEqual([[2], [2]]);
  });
});

describe('run --if-locked', () => {
  it('fails with 75, skips with 0 and one line, or waits; what was skipped is nowhere told as a run', async () => {
    const { run, cwd, env } = await project();
    expect((await run()).code).toBe(0);
    const release = tryHoldFile(join(cwd, '.dezgo-elt', 'ledger.duckdb'));
    const only = ['run', 'models'];
    expect(await run([...only, '--if-locked', 'fail'])).toMatchObject({ code: 75, stderr: /^error: Another run/ });
    const runs = await readFile(join(cwd, '.dezgo-elt', 'runs.jsonl'), 'utf8');
    const skipped = await run([...only, '--if-locked', 'skip']);
    expect(skipped).toMatchObject({
      code: 0,
      stdout: '',
      stderr: expect.stringMatching(/^Skipped: Another run[^\n]*\n$/),
    });
    expect(await run([...only, '--if-locked', 'skip', '-q'])).toEqual({ code: 0, stdout: '', stderr: '' });
    const json = JSON.parse((await run([...only, '--if-locked', 'skip', '--format', 'json'])).stdout);
    expect(json).toMatchObject({ exitCode: 0, failure: null, skipped: { code: 'RunLocked' } });
    expect(await readFile(join(cwd, '.dezgo-elt', 'runs.jsonl'), 'utf8')).toBe(runs);
    expect(await run([...only, '--if-locked', 'wait=0.01s'])).toMatchObject({ code: 75 });
    const said: string[] = [];
    const announce = (message: string) => {
      said.push(message);
      release?.();
    };
    const effects = { ...realEffects, log: { ...silentLog, announce } };
    const config = await loadConfig('pipeline.config.yaml', { cwd, env });
    const { exitCode } = await runPipeline(config, { resources: ['models'], ifLocked: 'wait=1h', effects });
    expect([exitCode, said]).toEqual([0, [expect.stringContaining('Waiting for it, 3600 s at most.')]]);
  });
});

describe('bad options of a run', () => {
  it.each([
    [['--limit', '0'], '`--limit` needs a whole number of records, from 1 on.'],
    [['--limit', 'few'], '`--limit` needs a whole number'],
    [['--limit', '5', '--full-refresh'], 'they exclude each other'],
    [['--exclude', 'modles'], 'There is no resource `modles`, did you mean `models`?'],
    [['models', '--exclude', 'models'], 'No resource is left: all that would be loaded are excluded.'],
    [
      ['--full-refresh', 'post'],
      '`--full-refresh post`: this run loads no resource `post`, did you mean `posts`? — Name one that has `incremental` in its `endpoint`.\n',
    ],
    [
      ['--full-refresh', 'models'],
      '`--full-refresh models`: `models` is not incremental: every run loads all of it. — Name one that has `incremental` in its `endpoint`. models needs no option: dezgo-elt run models\n',
    ],
    [
      ['models', '--full-refresh', 'posts'],
      'no resource `posts`. — To load posts alone: dezgo-elt run posts --full-refresh\n',
    ],
    [['--full-refresh', 'comments'], 'needs every record of its parent `posts`'],
    [['--full-refresh', 'posts', '--to', 'now'], 'exclude each other'],
    [['--timeout', 'soon'], '`--timeout` got `soon`: expected a duration'],
    [['--timeout', '0'], '`--timeout` got `0`: expected a duration above 0'],
    [['--timeout', '40d'], 'expected at most 24d'],
    [['--if-locked', 'wait'], '`--if-locked` got `wait`: expected `fail`, `skip` or `wait=30s`.'],
    [['--if-locked', 'wait=x'], '`--if-locked wait` got `x`: expected a duration'],
  ])('%j is refused before anything is asked for', async (args, message) => {
    const { run, asked } = await project();
    const { code, stderr } = await run(['run', ...args]);
    expect(stderr).toContain(message);
    expect(code).toBe(2);
    expect(asked).toEqual([]);
  });
});

describe('run --timeout', () => {
  it('takes the place of pipeline.timeout, and is named', async () => {
    const { run } = await project({ timeout: '1ms' });
    const { code, stderr } = await run(['run', '--timeout', '0.001ms']);
    expect(code).toBe(5);
    expect(stderr).toContain('the limit set by `--timeout`');
    expect((await run(['run', '--timeout', '10m'])).code).toBe(0);
  });
});
