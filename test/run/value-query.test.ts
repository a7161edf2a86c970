import { existsSync } from 'node:fs';
import { copyFile, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import type { ConfigFileInput } from '../../src/config/grammar/config-schema.ts';
import { resolveConfig } from '../../src/config/load-config.ts';
import { destinationOf } from '../../src/destinations/destination-kinds.ts';
import { type Effects, realEffects } from '../../src/effects.ts';
import { runPipeline } from '../../src/pipeline.ts';
import { openRun, type Run } from '../../src/run/open-run.ts';
import { queryIds } from '../../src/run/resource-values.ts';
import { RunTrace } from '../../src/run/run-trace.ts';
import { withDuckdbFile } from '../support/duckdb-file.ts';
import { useServer } from '../support/server.ts';
import { shared, whenDone } from '../support/shared.ts';
import { tempFolder } from '../support/temp-folder.ts';

/** Resources that ask `url` for every id that their query gives, `asked0` and so on; `jobs` and `later` are not selected. */
function asking(folder: string, queries: readonly string[], url = 'http://127.0.0.1:9/'): ConfigFileInput {
  return {
    pipeline: {
      name: 'p',
      dataset_name: 'd',
      working_dir: join(folder, 'work'),
      destination: { type: 'duckdb', path: join(folder, 'file.duckdb') },
    },
    source: {
      name: 's',
      client: { base_url: url },
      resources: [
        {
          name: 'jobs',
          selected: false,
          data: () => [{ id: 'a', done: false, parts: [{ n: 1 }] }, { id: 'b', done: true }, { id: 'c' }],
        },
        { name: 'later', selected: false, data: () => [] },
        ...queries.map((query, index) => ({
          name: `asked${index}`,
          endpoint: {
            path: 'of/{id}',
            data_selector: '$',
            params: { id: { type: 'values' as const, from: [{ query }] } },
          },
        })),
      ],
    },
  };
}

/** A folder whose file has the `jobs`. */
const loaded = shared(async () => {
  const folder = await tempFolder();
  expect(await runPipeline(asking(folder, []), { resources: ['jobs'] })).toMatchObject({ exitCode: 0 });
  return folder;
});

/** The same again, for a test that changes it. */
async function loadedFolder(): Promise<string> {
  const folder = await tempFolder();
  await copyFile(join(await loaded(), 'file.duckdb'), join(folder, 'file.duckdb'));
  return folder;
}

/** A run over that file that has just begun. */
const begun = shared(async () => {
  const config = await resolveConfig(asking(await loaded(), []));
  const destination = destinationOf(config);
  const trace = new RunTrace(config, destination.location, realEffects);
  const run = await openRun(config, {}, realEffects, undefined, trace, destination);
  whenDone(() => run.close());
  return run;
});

const idsOf = async (query: string, changes: Partial<Run> = {}) => queryIds({ ...(await begun()), ...changes }, query);

/** Waits shorter for what would be a minute. */
function soon(milliseconds: number, meanwhile: () => void = () => undefined): Pick<Run, 'effects'> {
  const sleep: Effects['sleep'] = (ms, signal) => {
    if (ms === 60_000) meanwhile();
    return realEffects.sleep(ms === 60_000 ? milliseconds : ms, signal);
  };
  return { effects: { ...realEffects, sleep } };
}

const ENDLESS = 'select count(*) from range(1000000000000) a, range(1000000) b where hash(a.range + b.range) = 1';

describe('a query for values', () => {
  test('gives a run what it asks for', async () => {
    const { url, asked } = await useServer(({ path }) => ({ id: path }));
    const query = 'select id from jobs where done is distinct from true order by id';
    expect(await runPipeline(asking(await loadedFolder(), [query], url))).toMatchObject({ exitCode: 0 });
    expect(asked.map(({ path }) => path)).toEqual(['/of/a', '/of/c']);
  });

  test('that fails ends the run before anything is asked for', async () => {
    const { url, asked } = await useServer(({ path }) => ({ id: path }));
    const queries = [
      'select idd from jobs',
      "select if(range = 300000, error('no such id'), range) from range(400000)",
    ];
    for (const query of queries) {
      const trace = await runPipeline(asking(await loadedFolder(), [query], url));
      expect(trace).toMatchObject({ exitCode: 2, failure: { code: 'ConfigInvalid' } });
    }
    expect(asked).toEqual([]);
  });

  test.each([
    ['select id from jobs where done is distinct from true order by id', ['a', 'c']],
    ['from jobs select id order by 1 desc;', ['c', 'b', 'a']],
    ["-- newest\nwith open as (select id from d.jobs) select id from open where id < 'b'", ['a']],
    ['select n from jobs__parts', ['1']],
    ["values ('x'), (null), ('y')", ['x', 'y']],
    ['select if(range < 1000001, null, \'x\') as "a""b", 1, 2 from range(1000002)', ['x']],
    ['select id, id from jobs order by id desc limit 1', ['c']],
  ])('%s', async (query, expected) => {
    expect(await idsOf(query)).toEqual(expected);
  });

  test.each([
    ['a file', (folder: string) => rm(join(folder, 'file.duckdb')), [['select id from jobs', 'file']]],
    [
      'the dataset',
      (folder: string) =>
        withDuckdbFile(join(folder, 'file.duckdb'), (connection) => connection.run('drop schema d cascade')),
      [['select id from jobs', 'dataset `d`']],
    ],
    [
      'tables of a resource, nested or not',
      async () => undefined,
      [
        ['select id from later', 'table `later`'],
        ['select n from d.Later__parts', 'table `later__parts`'],
      ],
    ],
  ])('without %s, which is still to come, gives nothing, and says so', async (_, prepare, queries) => {
    const folder = await loadedFolder();
    await prepare(folder);
    const { exitCode, resources } = await runPipeline(
      asking(
        folder,
        queries.map(([query = '']) => query),
      ),
    );
    expect({ exitCode, resources }).toMatchObject({
      exitCode: 0,
      resources: queries.map(() => ({ status: 'skipped' })),
    });
    expect(resources.map(({ notes }) => notes)).toEqual(
      queries.map(([query, missing]) => [`no ids: looked at query \`${query}\` (there is no ${missing} yet)`]),
    );
  });

  test.each([
    ['a table', 'select id from joobs', /Table with name joobs does not exist! Did you mean "jobs"\?/],
    ['a table of a schema', 'select id from e.jobs', /schema "e" does not exist/],
    ['a column', 'select idd from jobs', /column "idd" not found/],
    ['a function', 'select uper(id) from jobs', /Function with name uper does not exist/],
    ['a table function', 'from joobs(1)', /Function with name joobs does not exist/],
  ])('that misspells %s is an error', async (_, query, message) => {
    await expect(idsOf(query)).rejects.toMatchObject({
      exitCode: 2,
      code: 'ConfigInvalid',
      message: expect.stringMatching(message),
    });
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
    const folder = await loaded();
    await expect(idsOf(query(folder))).rejects.toMatchObject({ exitCode: 2, code: 'ConfigInvalid' });
    expect(existsSync(join(folder, 'log'))).toBe(false);
  });

  test('that is no select is refused, also when there is no file yet', async () => {
    const query = "with x as (select 1) insert into jobs select 'x'";
    const { failure } = await runPipeline(asking(await tempFolder(), [query]));
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
    await expect(idsOf(query, soon(300))).rejects.toMatchObject({
      exitCode: 2,
      message: expect.stringMatching(message),
    });
  });

  test('that is very long is not shown whole', async () => {
    const shown = idsOf(`select idd${' '.repeat(50_000)} from jobs`);
    await expect(shown).rejects.toMatchObject({ message: expect.stringMatching(/^.{0,999}$/s) });
  });

  test('gives no more than a million values', async () => {
    await expect(idsOf('select 1 from range(1000001)')).rejects.toMatchObject({
      exitCode: 2,
      message: expect.stringMatching(/gives more than 1,000,000 values/),
    });
  });

  test('that does not end is interrupted after a minute', async () => {
    await expect(idsOf(ENDLESS, soon(20))).rejects.toMatchObject({
      exitCode: 2,
      message: expect.stringMatching(/took longer than 60 seconds/),
    });
  });

  test('ends with the run that is interrupted', async () => {
    const stop = new AbortController();
    const stopSoon = soon(60_000, () => setTimeout(() => stop.abort(), 20));
    await expect(idsOf(ENDLESS, { ...stopSoon, signal: stop.signal })).rejects.toMatchObject({ exitCode: 130 });
  });
});
