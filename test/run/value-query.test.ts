import { existsSync } from 'node:fs';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { beforeAll, beforeEach, describe, expect, test } from 'vitest';
import type { ConfigFileInput } from '../../src/config/grammar/config-schema.ts';
import { type Effects, realEffects } from '../../src/effects.ts';
import { type RunOptions, runPipeline } from '../../src/pipeline.ts';
import { withDuckdbFile } from '../support/duckdb-file.ts';
import { type Server, useServer } from '../support/server.ts';
import { tempFolder } from '../support/temp-folder.ts';

let folder: string;
let server: Server | undefined;

/** A file in which `jobs` are loaded. */
let loaded: Buffer;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'values-'));
  await runPipeline(asking('select 1'), { resources: ['jobs'] });
  loaded = await readFile(join(folder, 'file.duckdb'));
  await rm(folder, { recursive: true });
});

beforeEach(async () => {
  folder = await tempFolder();
  server = await useServer(({ path }) => ({ id: path }));
});

/** Asks the server for every id that the query gives; `jobs` are loaded before. */
function asking(query: string): ConfigFileInput {
  return {
    pipeline: {
      name: 'p',
      dataset_name: 'd',
      working_dir: join(folder, 'work'),
      destination: { type: 'duckdb', path: join(folder, 'file.duckdb') },
    },
    source: {
      name: 's',
      client: { base_url: server?.url ?? 'http://127.0.0.1:9/' },
      resources: [
        {
          name: 'jobs',
          data: () => [{ id: 'a', done: false, parts: [{ n: 1 }] }, { id: 'b', done: true }, { id: 'c' }],
        },
        { name: 'later', selected: false, data: () => [] },
        {
          name: 'asked',
          endpoint: { path: 'of/{id}', data_selector: '$', params: { id: { type: 'values', from: [{ query }] } } },
        },
      ],
    },
  };
}

async function ask(query: string, options: RunOptions = {}) {
  await writeFile(join(folder, 'file.duckdb'), loaded);
  const trace = await runPipeline(asking(query), { resources: ['asked'], ...options });
  return { trace, ids: (server?.asked ?? []).map(({ path }) => path.replace('/of/', '')) };
}

async function changeFile(sql: string): Promise<void> {
  await withDuckdbFile(join(folder, 'file.duckdb'), folder, (connection) => connection.run(sql));
}

const ENDLESS = 'select count(*) from range(1000000000000) a, range(1000000) b where hash(a.range + b.range) = 1';

describe('a query for values', () => {
  test.each([
    ['select id from jobs where done is distinct from true order by id', ['a', 'c']],
    ['from jobs select id order by 1 desc;', ['c', 'b', 'a']],
    ["-- newest\nwith open as (select id from d.jobs) select id from open where id < 'b'", ['a']],
    ['select n from jobs__parts', ['1']],
    ["values ('x'), (null), ('y')", ['x', 'y']],
    ['select if(range < 1000001, null, \'x\') as "a""b", 1, 2 from range(1000002)', ['x']],
    ['select id, id from jobs order by id desc limit 1', ['c']],
  ])('%s', async (query, expected) => {
    const { trace, ids } = await ask(query);
    expect(trace).toMatchObject({ exitCode: 0 });
    expect(ids).toEqual(expected);
  });

  test.each([
    ['a file', async () => rm(join(folder, 'file.duckdb')), 'select id from jobs', 'file'],
    ['the dataset', async () => changeFile('drop schema d cascade'), 'select id from jobs', 'dataset `d`'],
    ['the table of a resource', async () => {}, 'select id from later', 'table `later`'],
    ['a nested table of a resource', async () => {}, 'select n from d.Later__parts', 'table `later__parts`'],
  ])('without %s, which is still to come, gives nothing, and says so', async (_, prepare, query, missing) => {
    await writeFile(join(folder, 'file.duckdb'), loaded);
    await prepare();
    const { exitCode, resources } = await runPipeline(asking(query), { resources: ['asked'] });
    expect({ exitCode, resources }).toMatchObject({ exitCode: 0, resources: [{ status: 'skipped' }] });
    expect(resources[0]?.notes).toEqual([`no ids: looked at query \`${query}\` (there is no ${missing} yet)`]);
  });

  test.each([
    ['a table', 'select id from joobs', /Table with name joobs does not exist! Did you mean "jobs"\?/],
    ['a table of a schema', 'select id from e.jobs', /schema "e" does not exist/],
    ['a column', 'select idd from jobs', /column "idd" not found/],
    ['a function', 'select uper(id) from jobs', /Function with name uper does not exist/],
    ['a table function', 'from joobs(1)', /Function with name joobs does not exist/],
  ])('that misspells %s is an error', async (_, query, message) => {
    const { trace, ids } = await ask(query);
    expect(trace).toMatchObject({
      exitCode: 2,
      failure: { code: 'ConfigInvalid', message: expect.stringMatching(message) },
    });
    expect(ids).toEqual([]);
  });

  test.each([
    ['another file', (path: string) => `select content from read_text('${path}/work/secret.txt')`],
    [
      'the ledger',
      (path: string) => `select run_id from read_duckdb('${path}/work/ledger.duckdb', table_name = 'runs')`,
    ],
    ['the ledger of the run', () => 'select run_id from ledger.runs'],
    ['the bytes of its own file', (path: string) => `select content from read_blob('${path}/file.duckdb')`],
    ['the secrets of DuckDB', () => 'select name from duckdb_secrets()'],
    ['the log', (path: string) => `select * from enable_logging(storage = 'file', storage_path = '${path}/log')`],
  ])('does not reach %s', async (_, query) => {
    const { trace, ids } = await ask(query(folder));
    expect(trace).toMatchObject({ exitCode: 2, failure: { code: 'ConfigInvalid' } });
    expect(ids).toEqual([]);
    expect(existsSync(join(folder, 'log'))).toBe(false);
  });

  test('that is no select is refused, also when there is no file yet', async () => {
    const query = "with x as (select 1) insert into jobs select 'x'";
    const { failure } = await runPipeline(asking(query), { resources: ['asked'] });
    expect(failure).toMatchObject({ code: 'ConfigInvalid', message: expect.stringMatching(/is no `select`/) });
  });

  test.each([
    [
      'of a value',
      "select case when range = 300000 then error('no such id') else range end from range(400000)",
      /no such id/,
    ],
    [
      'of a cast',
      "select cast(if(range = 300000, 'x', '1') as int) from range(400000)",
      /Could not convert string 'x'/,
    ],
    [
      'of time',
      'with recursive n(i) as (select 1 union all select i + 1 from n) select i from n',
      /took longer than 60/,
    ],
  ])('that fails half-way for want %s gives nothing of what it had', async (_, query, message) => {
    const sleep: Effects['sleep'] = (ms, signal) => realEffects.sleep(ms === 60_000 ? 1000 : ms, signal);
    const { trace, ids } = await ask(query, { effects: { ...realEffects, sleep } });
    expect(trace).toMatchObject({ exitCode: 2, failure: { message: expect.stringMatching(message) } });
    expect(ids).toEqual([]);
  });

  test('that is very long is not shown whole', async () => {
    const { trace } = await ask(`select idd${' '.repeat(50_000)} from jobs`);
    expect(trace.failure?.message.length).toBeLessThan(1000);
  });

  test('gives no more than a million values', async () => {
    const { trace } = await ask('select range from range(1000001)');
    expect(trace).toMatchObject({
      exitCode: 2,
      failure: { message: expect.stringMatching(/gives more than 1,000,000 values/) },
    });
  });

  test('that does not end is interrupted after a minute', async () => {
    const sleep: Effects['sleep'] = (ms, signal) => realEffects.sleep(ms === 60_000 ? 20 : ms, signal);
    const { trace } = await ask(ENDLESS, { effects: { ...realEffects, sleep } });
    expect(trace).toMatchObject({
      exitCode: 2,
      failure: { message: expect.stringMatching(/took longer than 60 seconds/) },
    });
  });

  test('ends with the run that is interrupted', async () => {
    const stop = new AbortController();
    const sleep: Effects['sleep'] = (ms, signal) => {
      if (ms === 60_000) setTimeout(() => stop.abort(), 20);
      return realEffects.sleep(ms, signal);
    };
    const { trace } = await ask(ENDLESS, { effects: { ...realEffects, sleep }, signal: stop.signal });
    expect(trace).toMatchObject({ exitCode: 130 });
  });
});
