import { existsSync } from 'node:fs';
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { shippedProject, smallProject } from '../support/project.ts';
import { query, tables } from '../support/published.ts';
import { useServer } from '../support/server.ts';

const resources = [{ name: 'items', endpoint: { path: 'items', data_selector: 'data' } }];
const useItems = () => useServer(() => ({ data: [{ id: 1 }], rows: [{ id: 2 }] }));

describe('the environment', () => {
  it('overrides any scalar of the file, in dlt’s naming', async () => {
    const { url, asked } = await useItems();
    const { run, cwd, file } = await smallProject('http://127.0.0.1:1', { resources });
    const { code, stderr } = await run(['run'], {
      SOURCES__SHOP__CLIENT__BASE_URL: url,
      SOURCES__SHOP__RESOURCES__ITEMS__ENDPOINT__PATH: 'other/items',
      SOURCES__SHOP__RESOURCES__ITEMS__ENDPOINT__DATA_SELECTOR: 'rows',
      PIPELINE__DATASET_NAME: 'elsewhere',
      PIPELINE__WORKING_DIR: 'work',
      DESTINATION__DUCKDB__CREDENTIALS: 'duckdb:///moved.duckdb',
    });
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
    expect(asked.map(({ path }) => path)).toEqual(['/other/items']);
    expect(existsSync(file)).toBe(false);
    expect(existsSync(join(cwd, 'work', 'ledger.duckdb'))).toBe(true);
    expect(await query(join(cwd, 'moved.duckdb'), 'select id::integer as id from items', 'elsewhere')).toEqual([
      { id: 2 },
    ]);
  });

  it('is checked like the file: a bad value names its variable, and nothing is asked', async () => {
    const { url, asked } = await useItems();
    const { run } = await smallProject(url, { resources });
    const { code, stderr } = await run(['run'], { PIPELINE__ON_RESOURCE_FAILURE: 'shrug' });
    expect(code).toBe(2);
    expect(stderr).toContain('PIPELINE__ON_RESOURCE_FAILURE');
    expect(stderr).toContain('continue');
    expect(asked).toEqual([]);
  });
});

describe('the key', () => {
  const key = (name: string) => `KEY-OF-${name}-0123456789`;
  const file = (name: string) => `sources:\n  shop:\n    api_key: ${key(name)}\n`;

  it('comes from dlt’s variable, then the short one, then --secrets or secrets.yaml', async () => {
    const { url, asked } = await useItems();
    const { run, cwd } = await smallProject(url, { resources });
    await writeFile(join(cwd, 'secrets.yaml'), file('beside'));
    await mkdir(join(cwd, 'safe'));
    await writeFile(join(cwd, 'safe', 'other.yaml'), file('named'));
    const sent = async (args: readonly string[], env: Record<string, string>) => {
      expect(await run(args, env)).toMatchObject({ code: 0 });
      return asked.at(-1)?.headers['x-key'];
    };
    expect(await sent(['run'], { SHOP_KEY: key('short'), SOURCES__SHOP__API_KEY: key('dlt') })).toBe(key('dlt'));
    expect(await sent(['run'], { SHOP_KEY: key('short') })).toBe(key('short'));
    expect(await sent(['run'], { SHOP_KEY: '' })).toBe(key('beside'));
    expect(await sent(['run', '--secrets', 'safe/other.yaml'], { SHOP_KEY: '' })).toBe(key('named'));
  });

  it('in a secrets file that is not there is missed by its name', async () => {
    const { url, asked } = await useItems();
    const { run } = await smallProject(url, { resources });
    const { code, stderr } = await run(['run', '--secrets', 'nowhere.yaml']);
    expect(code).toBe(2);
    expect(stderr).toContain('nowhere.yaml');
    expect(asked).toEqual([]);
  });
});

describe('what a run prints', () => {
  it('is nothing with --quiet when all went well, and everything when it did not', async () => {
    let good = true;
    const { url } = await useServer(() => (good ? { data: [] } : undefined));
    const { run } = await smallProject(url, { resources });
    expect(await run(['run', '-q'])).toEqual({ code: 0, stdout: '', stderr: '' });
    good = false;
    const { code, stdout, stderr } = await run(['-q', 'run']);
    expect(code).toBe(5);
    expect(stdout).toMatch(/nothing was published/);
    expect(stderr).toMatch(/^error: /);
  });

  it('is one JSON document with --format json, also of a failed run', async () => {
    let good = true;
    const { url } = await useServer(() => (good ? { data: [{ id: 1 }] } : undefined));
    const { run, file } = await smallProject(url, { resources });
    const first = await run(['run', '--format', 'json']);
    expect(JSON.parse(first.stdout)).toMatchObject({
      pipeline: 'small',
      destination: file,
      exitCode: 0,
      published: true,
      resources: [{ name: 'items', status: 'extracted', records: 1 }],
    });
    good = false;
    const second = await run(['run', '--format', 'json']);
    expect(second.code).toBe(5);
    expect(JSON.parse(second.stdout)).toMatchObject({
      exitCode: 5,
      published: false,
      failure: { code: 'ReplyUnusable' },
    });
  });

  it('`info` tells of loads and tables, before the first run that there are none', async () => {
    const { url } = await useItems();
    const { run } = await smallProject(url, { resources });
    const before = await run(['info']);
    expect(before.code).toBe(0);
    expect(before.stdout).toMatch(/no loads yet/i);
    await run();
    const { code, stdout } = await run(['info', '--format', 'json']);
    expect(code).toBe(0);
    expect(JSON.parse(stdout)).toMatchObject({ running: null, pending: [], loads: [{ status: 0 }] });
    expect(JSON.parse(stdout).tables).toContainEqual(expect.objectContaining({ name: 'items', rows: 1 }));
  });
});

describe('the shipped configuration', () => {
  it('asks for models, transaction and jobs, and never starts a job by itself', async () => {
    const { url, asked } = await useServer(({ path }) =>
      path === '/models' ? { data: [{ id: 'm' }] } : { id: path, _id: path },
    );
    const { run, file } = await shippedProject(url, { DEZGO_JOB_IDS: 'a' });
    expect(await run()).toMatchObject({ code: 0 });
    expect(asked.map(({ method, path }) => `${method} ${path}`)).toEqual([
      'GET /models',
      'GET /account/tx/last',
      'GET /jobs/a',
    ]);
    for (const { headers } of asked) expect(headers['x-dezgo-key']).toBeDefined();
    expect(await tables(file, 'dezgo_api_data')).toEqual(['account_tx_last', 'jobs', 'models']);
  });
});
