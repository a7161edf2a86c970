import { existsSync } from 'node:fs';
import { readFile, rm } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { describe, expect, it } from 'vitest';
import { withDuckdbFile } from '../support/duckdb-file.ts';
import { shippedProject, smallProject } from '../support/project.ts';
import { query, tables, texts, value } from '../support/published.ts';
import { projectRoot } from '../support/repository.ts';
import { useSandbox } from '../support/sandbox.ts';
import { useServer } from '../support/server.ts';
import { shared } from '../support/shared.ts';
import { leafCount, lost } from './leaves.ts';

const dataset = 'dezgo_api_data';
const realReply = resolve(projectRoot, '../shared/data/dezgo-info-v3.113.json');
const ownReply = resolve(projectRoot, 'test/fixtures/info.json');

/** Tables and columns of which nothing is said. */
const WITHOUT_COMMENT = `select table_name || coalesce('.' || column_name, '') as silent from (
    select database_name, schema_name, table_name, column_name, comment from duckdb_columns()
    union all select database_name, schema_name, table_name, null, comment from duckdb_tables())
  where database_name = 'published' and schema_name = 'dezgo_api_data' and comment is null
    and table_name not in (select view_name from duckdb_views())`;

/** As an entry of the ledger looks; `number` makes it another one. */
function transaction(number: number) {
  return {
    _id: `00000000-0000-4000-8000-00000000000${number}`,
    userId: '00000000-0000-4000-8000-0000000000ff',
    amount: -0.015,
    time: '2026-01-08T05:22:53.569Z',
    type: 'job',
    meta: { 'job.function': 'text2image', 'apiKey.label': 'cron', 'file.output.count': '2' },
    credits: 10,
    debits: 5.7271 + number,
    balance: 4.2729 - number,
    index: 673 + number,
  };
}

/** Two runs with the same replies. */
async function loadsWhole(reply: string) {
  const info = JSON.parse(await readFile(reply, 'utf8'));
  let number = 1;
  const { url, asked } = await useServer(({ path }) => {
    if (path === '/info') return info;
    return path === '/account/tx/last' ? transaction(number) : undefined;
  });
  const project = await shippedProject(url);

  const first = await project.run();
  expect(first).toMatchObject({ code: 0, stderr: '' });
  expect(first.stdout).toMatch(/models: `info` answered instead of `models` \(404\)/);
  expect(asked.map(({ path }) => path).sort()).toEqual(['/account/tx/last', '/info', '/models']);
  const cells = await texts(project.file, dataset, /^models/);
  expect(leafCount(info.models)).toBeGreaterThan(40);
  expect(lost(info.models, cells)).toEqual([]);
  expect(cells).toHaveLength(leafCount(info.models)); // and nothing was made up
  expect(lost(transaction(1), await texts(project.file, dataset, /^account/))).toEqual([]);
  expect(await tables(project.file, dataset)).toEqual([
    'account_tx_last',
    'models',
    'models__categories',
    'models__functions',
    'models__triggers',
  ]);

  // The same again, where nobody remembers that it is the same.
  await rm(join(project.cwd, '.dezgo-elt', 'replies.json'));
  expect(await project.run()).toMatchObject({ code: 0, stderr: '' });
  expect(await value(project.file, 'select count(*) from models', dataset)).toBe(info.models.length);
  expect(lost(info.models, await texts(project.file, dataset, /^models/))).toEqual([]);
  expect(await texts(project.file, dataset, /^models/)).toHaveLength(cells.length);
  expect(await value(project.file, 'select count(*) from account_tx_last', dataset)).toBe(1);
  expect(await value(project.file, 'select count(*) from _dlt_loads where status = 0', dataset)).toBe(2);

  const another = () => {
    number = 2;
  };
  return { project, info, another };
}

/** Three runs: the third with another transaction, after somebody commented on what was loaded. */
const loaded = shared(async () => {
  const { project, info, another } = await loadsWhole(ownReply);
  const silent = await query(project.file, WITHOUT_COMMENT, dataset);
  await withDuckdbFile(project.file, (connection) =>
    connection.run(`comment on column dezgo_api_data.models._dlt_id is 'ours';
      comment on table dezgo_api_data._dlt_loads is 'nights'`),
  );
  another();
  await rm(join(project.cwd, '.dezgo-elt', 'replies.json'));
  expect(await project.run()).toMatchObject({ code: 0 });
  return { project, info, silent };
});

describe('the main job', () => {
  it('loads a reply of the shape that the live service sends, through the shipped configuration, and loses no value', async () => {
    const { project } = await loaded();
    const money = await query(
      project.file,
      'select balance::varchar as b from account_tx_last order by index',
      dataset,
    );
    expect(money.map(({ b }) => b)).toEqual(['3.2729', '2.2729']);
  });

  it.skipIf(!existsSync(realReply))('loads a real reply of the live service, and loses no value', async () => {
    await loadsWhole(realReply);
  });

  it('joins every child to its parent, in the order of the list', async () => {
    const { project, info } = await loaded();
    const rows = await query(
      project.file,
      `select m.id, list(f.value order by f._dlt_list_idx)::varchar as functions
       from models m join models__functions f on f._dlt_parent_id = m._dlt_id and f._dlt_root_id = m._dlt_id
       group by all order by all`,
      dataset,
    );
    const wanted = info.models
      .filter(({ functions }: { functions: string[] }) => functions.length > 0)
      .map(({ id, functions }: { id: string; functions: string[] }) => ({ id, functions: `[${functions.join(', ')}]` }))
      .sort((a: { id: string }, b: { id: string }) => (a.id < b.id ? -1 : 1));
    expect(rows).toEqual(wanted);
  });
});

describe('the comments', () => {
  it('say of every table and column of the main job, and of the books, what it is', async () => {
    const { silent } = await loaded();
    expect(silent).toEqual([]);
  });

  it('of a user stay where nothing was described', async () => {
    const { file } = (await loaded()).project;
    const kept = `select (select comment from duckdb_columns() where database_name = 'published' and table_name = 'models' and column_name = '_dlt_id')
      || ' ' || (select comment from duckdb_tables() where database_name = 'published' and table_name = '_dlt_loads')`;
    expect(await value(file, kept, dataset)).toBe('ours nights');
  });
});

describe('an account without transactions', () => {
  const faults = ['empty-204', 'empty-null', 'empty-object', 'empty-404'] as const;
  it.each(faults)('that answers with %s is no failure', async (fault) => {
    const { url, key } = await useSandbox({ fault });
    const { file, run } = await shippedProject(url, { DEZGO_API_KEY: key });
    const { code, stdout, stderr } = await run();
    const told = expect.stringMatching(/account_tx_last: left as it was/);
    expect({ code, stdout, stderr }).toEqual({ code: 0, stdout: told, stderr: '' });
    expect(stdout).not.toMatch(/account_tx_last +\d+ row/);
    expect(await tables(file, dataset)).not.toContain('account_tx_last');
    expect(await value(file, 'select count(*) from models', dataset)).toBeGreaterThan(0);
  });
});

describe('a wrong selector', () => {
  it('of one resource is found before another one orders an image', async () => {
    const server = await useServer(() => ({ id: 1 }));
    const order = { name: 'order', endpoint: { path: 'orders', method: 'POST', json: {}, data_selector: '$' } };
    const wrong = { name: 'wrong', endpoint: { path: 'wrong', data_selector: 'a[?c>1]' } };
    const { run } = await smallProject(server.url, { resources: [order, wrong] });
    for (const command of ['run', 'validate']) {
      const { code, stderr } = await run([command]);
      expect({ code, stderr }).toEqual({
        code: 2,
        stderr: expect.stringMatching(
          /pipeline\.config\.yaml:\d+:\d+ .*`a\[\?c>1\]` is not a JSONPath.*`\$\.a\[\?@\.c>1\]`/,
        ),
      });
    }
    expect(server.asked).toEqual([]);
  });
});

describe('jobs', () => {
  const job = (id: string, status: string) => ({
    id,
    status,
    createdAt: '2026-01-08T05:22:53.569Z',
    input: { prompt: `a lighthouse, ${id}`, size: { width: 512, height: 768 } },
    images: [
      { id: `${id}-1`, tags: ['one', 'two'], seed: 9_007_199_254_740_991 },
      { id: `${id}-2`, tags: [], seed: 2 },
    ],
  });

  it('loads a job an id, with every value of its nested lists; counts an id that has expired, and goes on', async () => {
    const jobs = new Map(['a', 'b'].map((id) => [`/jobs/${id}`, job(id, 'completed')]));
    const { url } = await useServer(({ path }) => jobs.get(path));
    const { run, file } = await shippedProject(url, { DEZGO_JOB_IDS: 'a, expired,b' });
    const { code, stdout, stderr } = await run(['run', 'jobs']);
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
    expect(stdout).toMatch(/jobs: 1 of 3 ids was ignored \(404\)/);
    expect((await query(file, 'select id from jobs order by id', dataset)).map(({ id }) => id)).toEqual(['a', 'b']);
    const cells = await texts(file, dataset);
    expect(lost([...jobs.values()], cells)).toEqual([]);
    expect(cells).toHaveLength(leafCount([...jobs.values()]));
  });

  it('asks for unfinished jobs of earlier runs again, and for finished ones no more', async () => {
    let status = 'processing';
    const { url, asked } = await useServer(({ path }) => {
      const id = path.replace('/jobs/', '');
      return path.startsWith('/jobs/') ? job(id, id === 'slow' ? status : 'completed') : undefined;
    });
    const { run, file } = await shippedProject(url);
    const paths = (from: number) => asked.slice(from).map(({ path }) => path);
    expect(await run(['run', 'jobs'], { DEZGO_JOB_IDS: 'slow,done' })).toMatchObject({ code: 0 });
    expect(paths(0)).toEqual(['/jobs/slow', '/jobs/done']);

    status = 'completed';
    expect(await run(['run', 'jobs'])).toMatchObject({ code: 0 });
    expect(paths(2)).toEqual(['/jobs/slow']);
    expect(await query(file, 'select id, status from jobs order by id', dataset)).toEqual([
      { id: 'done', status: 'completed' },
      { id: 'slow', status: 'completed' },
    ]);

    const third = await run(['run', 'jobs']);
    expect(third.code).toBe(0);
    expect(third.stdout).toMatch(/jobs: skipped: no ids.*environment DEZGO_JOB_IDS/);
    expect(asked).toHaveLength(3);
    expect(await value(file, 'select count(*) from jobs', dataset)).toBe(2);
  });

  it('is skipped without any id, also on the very first run, and the report says so', async () => {
    const { url, asked } = await useServer(() => undefined);
    const { run } = await shippedProject(url);
    const { code, stdout } = await run(['run', 'jobs']);
    expect(code).toBe(0);
    expect(stdout).toMatch(/jobs: skipped: no ids/);
    expect(asked).toEqual([]);
  });
});
