import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { loadWithPlaces } from '../../src/config/load-config.ts';
import { realEffects } from '../../src/effects.ts';
import { costs } from '../../src/inspection/cost-summary.ts';
import { failures } from '../../src/inspection/failure-list.ts';
import { freshness } from '../../src/inspection/freshness.ts';
import { describeTable, tables } from '../../src/inspection/listed-tables.ts';
import { queryLive } from '../../src/inspection/live-query.ts';
import { loads } from '../../src/inspection/load-history.ts';
import { run, runs } from '../../src/inspection/past-runs.ts';
import { requests } from '../../src/inspection/request-summary.ts';
import { schemaChanges, schemaDiagram } from '../../src/inspection/schema-log.ts';
import { settings } from '../../src/inspection/settings.ts';
import { stateListing } from '../../src/inspection/state-listing.ts';
import { key, type Project, smallProject } from '../support/project.ts';
import { sendJson, useServer } from '../support/server.ts';

const single = { paginator: 'single_page' };
const limits = { rows: 200, bytes: 20_000, seconds: 5 };

async function inspected({ cwd, env }: Project, more: Readonly<Record<string, string>> = {}) {
  return loadWithPlaces('pipeline.config.yaml', { cwd, env: { ...env, ...more } });
}

test('runs, loads, tables, requests, failures and freshness of a project, also while a run goes on', async () => {
  let answers = 12;
  let times = 0;
  let release = () => {};
  const held = new Promise<void>((resolve) => {
    release = resolve;
  });
  onTestFinished(() => release());
  const { url, asked } = await useServer(async ({ path }, response) => {
    if (path === '/broken') return sendJson(response, 401, { error: `bad key ${key}` });
    if (path === '/slow') await held;
    times += 1;
    return Array.from({ length: answers }, (_, id) => ({ id, note: id % 4 === 0 ? null : `x${times}`, tags: ['a'] }));
  });
  const endpoint = (path: string) => ({ endpoint: { path, ...single } });
  const project = await smallProject(url, {
    resources: [
      {
        name: 'models',
        description: 'What there is',
        primary_key: 'id',
        write_disposition: 'replace',
        ...endpoint('models'),
      },
      { name: 'broken', selected: false, ...endpoint('broken') },
      { name: 'slow', selected: false, ...endpoint('slow') },
    ],
  });
  const { config } = await inspected(project);
  expect(await runs(config, 5)).toEqual([]);
  expect(await freshness(config, realEffects.now())).toMatchObject({ lastRun: null, running: null });
  await expect(run(config, 'last')).rejects.toThrow('No run of this pipeline has finished yet.');
  for (let round = 0; round < 3; round += 1) expect(await project.run()).toMatchObject({ code: 0 });
  answers = 2;
  expect(await project.run()).toMatchObject({ code: 0 });
  expect(await project.run(['run', 'broken'])).toMatchObject({ code: 4 });

  const told = await runs(config, 9);
  expect(told.map(({ outcome }) => outcome)).toEqual(['failed', ...Array(4).fill('succeeded')]);
  expect(told[0]).toMatchObject({ exitCode: 4, failureCode: 'SourceRefused', hint: expect.any(String) });
  expect(told.at(-1)?.gapSeconds).toBeNull();
  expect(await run(config, told[2]?.loadId ?? '')).toMatchObject({ loadId: told[2]?.loadId, outcome: 'succeeded' });
  await expect(run(config, 'none')).rejects.toThrow('No run is known by `none`.');

  const [newest, ...before] = await loads(config, 9);
  expect(newest?.tables.find(({ name }) => name === 'models')).toMatchObject({
    rowsInserted: 2,
    usualRows: 12,
    isDrop: true,
  });
  expect(before.flatMap((load) => load.tables).filter(({ isDrop }) => isDrop)).toEqual([]);

  expect((await tables(config)).filter(({ isBook }) => !isBook)).toMatchObject([
    { name: 'models', comment: 'What there is', rows: 2, resource: 'models', parent: null },
    { name: 'models__tags', rows: 2, parent: 'models' },
  ]);
  const described = await describeTable(config, 'MODELS', realEffects);
  expect(described.children).toEqual(['models__tags']);
  expect(described.columns).toMatchObject([
    { name: 'id', isPrimaryKey: true, nullShare: 0 },
    { name: '_dlt_load_id' },
    { name: '_dlt_id' },
    { name: 'note', isPrimaryKey: false, nullShare: 0.5 },
  ]);
  await expect(describeTable(config, 'model', realEffects)).rejects.toThrow('There is no table `model` in the dataset');
  expect(await schemaChanges(config, { table: 'models', limit: 1 })).toMatchObject([{ change: 'table_added' }]);
  expect((await schemaDiagram(config))?.links).toHaveLength(1);

  const fresh = await freshness(config, Date.parse(told[0]?.finishedAt ?? '') + 86_400_000);
  expect(fresh.lastRun).toMatchObject({ exitCode: 4, ageSeconds: 86_400, failure: { code: 'SourceRefused' } });
  expect(fresh.resources[0]).toMatchObject({ name: 'models', usualSeconds: expect.any(Number), isLate: true });

  expect(await failures(config, { limit: 5, now: realEffects.now() }, realEffects)).toMatchObject({
    runs: [{ exitCode: 4, isOver: false, resources: [{ name: 'broken' }] }],
    rejected: [],
    unreadable: null,
  });
  const asOf = await requests(config, { limit: 2 });
  expect(asOf).toMatchObject({ isFromRuns: false, requests: [{ resource: 'broken', status: 401 }, {}] });
  expect(asOf.resources[1]).toMatchObject({ resource: 'models', requests: 4, retries: 0, statuses: { 200: 4 } });
  expect(await stateListing(config)).toMatchObject({ resources: [] });

  const going = project.run(['run', 'slow']);
  await expect.poll(() => asked.at(-1)?.path).toBe('/slow');
  expect(await freshness(config, realEffects.now())).toMatchObject({ running: { pipeline: 'small' } });
  expect((await runs(config, 9)).map(({ outcome }) => outcome)).toEqual(told.map(({ outcome }) => outcome));
  expect(await requests(config, {})).toMatchObject({
    isFromRuns: true,
    resources: [
      { resource: 'broken', statuses: { 401: 1 } },
      { resource: 'models', requests: 4, p50Milliseconds: null },
    ],
  });
  expect(await costs(config, { by: 'day', now: realEffects.now() })).toMatchObject({
    isFromRuns: true,
    costs: [],
    runway: null,
  });
  const rows = async () => (await queryLive(config, 'select count(*) from models', limits, realEffects)).rows;
  expect(await rows()).toEqual([['2']]);
  answers = 7;
  release();
  expect(await going).toMatchObject({ code: 0 });
  expect(await project.run()).toMatchObject({ code: 0 });
  expect(await rows()).toEqual([['7']]);
});

test('a query is cut at its rows and bytes, long values are shortened, secrets are hidden before that', async () => {
  const { url } = await useServer(() => Array.from({ length: 30 }, (_, id) => ({ id, price: 0.1 })));
  const project = await smallProject(url, { resources: [{ name: 'models', endpoint: { path: 'models', ...single } }] });
  expect(await project.run()).toMatchObject({ code: 0 });
  const { config } = await inspected(project);
  const ask = (sql: string, more: object = {}) => queryLive(config, sql, { ...limits, ...more }, realEffects);
  expect(await ask('select id from models order by id', { rows: 2 })).toEqual({
    columns: [{ name: 'id', type: 'BIGINT' }],
    rows: [['0'], ['1']],
    cut: 'rows',
    shortened: 0,
  });
  expect((await ask('select id from models', { rows: 30 })).cut).toBeNull();
  expect(await ask('select id from models order by id', { bytes: 60 })).toMatchObject({ cut: 'bytes' });
  const two = { bytes: 50 + 2 * 33 }; // of UTF-8, columns among them
  expect((await ask("select repeat('漢', 9) as text from range(3)", two)).rows).toHaveLength(2);
  const pairs = await ask("select repeat('😀', 2500) as text, substring(text, 2001, 2000)");
  expect(pairs.rows[0]?.map((cell) => [...JSON.parse(cell)].length)).toEqual([2001, 500]);
  const half = key.length >> 1;
  const cut = await ask(`select repeat('a', ${2000 - half}) || '${key}', '${key}', 9007199254740993::hugeint`);
  expect(JSON.stringify(cut.rows)).not.toContain(key.slice(0, 8));
  expect(cut.rows[0]?.slice(1)).toEqual(['"***"', '9007199254740993']);
  await expect(ask('from range(1e12::bigint) a, range(1000000) b select count(*)', { seconds: 0.2 })).rejects.toThrow(
    'The query took longer than 0.2 s and was stopped.',
  );
  await expect(ask('select 1', { signal: AbortSignal.abort(new Error('gone')) })).rejects.toThrow('gone');
  await expect(ask("from read_text('pipeline.config.yaml')")).rejects.toThrow(/disabled|not exist/i);
  await expect(ask("select current_setting('memory_limit')")).resolves.toMatchObject({ rows: [['"488.2 MiB"']] });
});

test('every value of a configuration says where it came from, and a secret only whether it was found', async () => {
  const project = await smallProject('http://127.0.0.1:9', {
    client: { headers: { 'X-Session-Token': 'written-in-the-file', 'X-Plain': `see ${key}` } },
    resources: [{ name: 'models', endpoint: { path: 'models', params: { token: 'short', view: 'all' } } }],
  });
  const found = settings(
    await inspected(project, {
      PIPELINE__WORKING_DIR: 'elsewhere',
      DESTINATION__DUCKDB__CREDENTIALS: 'duckdb:///other.duckdb',
    }),
    'pipeline.config.yaml',
  );
  const at = (path: string) => found.values.find((one) => one.path === path);
  expect(found.file).toBe(join(project.cwd, 'pipeline.config.yaml'));
  expect(at('pipeline.name')).toEqual({ path: 'pipeline.name', value: 'small', from: 'pipeline.config.yaml:3:5' });
  expect(at('pipeline.working_dir')).toMatchObject({ value: 'elsewhere', from: 'environment PIPELINE__WORKING_DIR' });
  expect(at('pipeline.destination.path')).toMatchObject({ from: 'environment DESTINATION__DUCKDB__CREDENTIALS' });
  expect(at('source.client.timeout')).toMatchObject({ value: 60_000, from: 'default' });
  expect(at('source.resources.models.endpoint.method')).toMatchObject({ value: 'GET', from: 'default' });
  expect(at('source.client.headers.X-Session-Token')).toBeUndefined();
  expect(at('source.resources.models.endpoint.params.token')).toMatchObject({ value: '***' });
  expect(at('source.resources.models.endpoint.params.view')).toMatchObject({ value: 'all' });
  expect(at('source.client.headers.X-Plain')).toMatchObject({ value: 'see ***' });
  expect(found.secrets).toEqual([
    { path: 'source.client.headers.X-Session-Token', state: 'found', from: 'the configuration file', lookedIn: [] },
    { path: 'source.client.auth.api_key', state: 'found', from: 'environment SHOP_KEY', lookedIn: [] },
  ]);
  expect(JSON.stringify(found)).not.toContain(key);
  const { cwd } = project;
  const missing = settings(await loadWithPlaces('pipeline.config.yaml', { cwd, env: {} }), 'pipeline.config.yaml');
  expect(missing.secrets.slice(1)).toMatchObject([
    { state: 'missing', from: null, lookedIn: expect.arrayContaining(['environment SHOP_KEY']) },
  ]);
});
