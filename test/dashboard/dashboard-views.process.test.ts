import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { describe, expect, test } from 'vitest';
import { viewNames } from '../../src/dashboard/views.ts';
import { useDashboard } from '../support/dashboard.ts';
import { key, smallProject, yamlProject } from '../support/project.ts';
import { useServer } from '../support/server.ts';
import { shared } from '../support/shared.ts';

const hostile = `</script><script>alert(1)</script> \u2028 <!-- '"`;

const shop = shared(async () => {
  const rows = Array.from({ length: 120 }, (_, id) => ({
    id,
    name: id === 7 ? hostile : `n${id}`,
    tags: id < 3 ? ['a', 'b'] : [],
  }));
  const server = await useServer(({ path }) => (path === '/models' ? { data: rows } : undefined));
  const project = await smallProject(server.url, {
    resources: [
      {
        name: 'models',
        primary_key: 'id',
        write_disposition: 'merge',
        endpoint: { path: 'models', data_selector: 'data' },
      },
      { name: 'gone', selected: false, endpoint: { path: 'gone' } },
    ],
  });
  expect((await project.run()).code).toBe(0);
  expect((await project.run(['run', 'gone'])).code).toBe(5);
  const { url } = await useDashboard(project);
  return { project, url };
});

async function dataOf(path: string, status = 200) {
  const reply = await fetch(`${(await shop()).url}${path}`);
  expect(reply.status).toBe(status);
  return JSON.parse(await reply.text());
}

const asked = (query: Record<string, string>) => `data.json?${new URLSearchParams(query)}`;

describe('each view as data', () => {
  test('freshness, with the verdict of the last run', async () => {
    expect(await dataOf('freshness.json')).toMatchObject({
      pipeline: 'small',
      lastRun: { outcome: 'failed', exitCode: 5, failure: { code: expect.any(String), hint: expect.any(String) } },
      resources: [
        { name: 'models', isStale: false, rows: 120 },
        { name: 'gone', checkedAt: null },
      ],
      unreadable: null,
    });
  });

  test('runs, loads, requests and failures', async () => {
    expect((await dataOf('runs.json')).runs).toMatchObject([
      { exitCode: 5 },
      { exitCode: 0, steps: { extract: expect.any(Number) } },
    ]);
    expect((await dataOf('loads.json')).loads).toMatchObject([
      { rows: 126, tables: [{ name: 'models', rowsInserted: 120 }, {}] },
    ]);
    const { resources } = await dataOf('requests.json?order=slowest');
    expect(resources).toMatchObject([
      { resource: 'gone', statuses: { 404: 1 } },
      { resource: 'models', statuses: { 200: 1 } },
    ]);
    expect((await dataOf('failures.json')).runs).toMatchObject([{ exitCode: 5, isOver: false }]);
  });

  test('schema, of the table that is named', async () => {
    const { tables, table, diagram } = await dataOf('schema.json?table=models__tags');
    expect(tables.map(({ name }: { name: string }) => name)).toContain('models');
    expect(table).toMatchObject({ name: 'models__tags', parent: 'models', rows: 6 });
    expect(diagram.links).toEqual([{ parent: 'models', child: 'models__tags' }]);
  });

  test('configuration, without the value of a secret', async () => {
    const { secrets, values } = await dataOf('configuration.json');
    expect(secrets).toMatchObject([{ state: 'found' }]);
    expect(values).toContainEqual({
      path: 'pipeline.name',
      value: 'small',
      from: expect.stringMatching(/^pipeline\.config\.yaml:\d+/),
    });
  });

  test.each(viewNames)('%s of a project in which nothing happened yet', async (view) => {
    const { url } = await useDashboard(await yamlProject());
    const reply = await fetch(`${url}${view}.json`);
    expect([reply.status, Object.keys(JSON.parse(await reply.text())).length]).toEqual([200, expect.any(Number)]);
  });

  test('no view, and no page, has the value of a secret', async () => {
    const { url } = await shop();
    const names = [
      '',
      ...viewNames.map((view) => `${view}.json`),
      'rows.csv?sql=from+models',
      'data.json?table=_dlt_version',
    ];
    for (const name of names) expect(await (await fetch(`${url}${name}`)).text()).not.toContain(key);
  });
});

describe('rows', () => {
  const firstIds = ({ answer }: { answer: { rows: string[][] } }) => answer.rows.slice(0, 2).map(([id]) => id);

  test('come a page at a time, in an order, and under conditions, which are shown as the SQL that was asked', async () => {
    const page = await dataOf(asked({ table: 'models', order: '-id', offset: '100' }));
    expect([firstIds(page), page.answer.rows.length]).toEqual([['19', '18'], 20]);
    expect(page.sql).toBe('select * from "models"\norder by "id" desc\nlimit 100 offset 100');
    const some = await dataOf(
      `${asked({ table: 'models', where: '["id",">=","118"]' })}&where=${encodeURIComponent('["name","contains","N11"]')}`,
    );
    expect(firstIds(some)).toEqual(['118', '119']);
    expect(some.sql).toContain(`where "id" >= '118'\n  and position(`);
  });

  test.each<[string, Record<string, string>]>([
    ['a value with quotes', { table: 'models', where: `["name","=","x' or 1=1 --"]` }],
    ['a column with quotes', { table: 'models', where: '["id\\" or 1=1 --","=","1"]' }],
    ['an operator that is none', { table: 'models', where: '["id","or 1=1 --","1"]' }],
    ['what is no condition', { table: 'models', where: '{"a":1' }],
    ['a place that is none', { table: 'models', offset: '1;drop table models' }],
    ['a table that is none', { table: 'models"; drop table models; --' }],
  ])('%s is no more than that', async (_, query) => {
    const reply = await fetch(`${(await shop()).url}${asked(query)}`);
    const { failure, answer } = JSON.parse(await reply.text());
    if (reply.status === 200) expect(answer.rows.length === 0 || answer.rows.length === 100).toBe(true);
    else expect([reply.status, failure.code]).toEqual([400, 'QueryFailed']);
    expect((await dataOf(asked({ sql: 'select count(*) from models' }))).answer.rows).toEqual([['120']]);
  });

  test.each([
    "select * from read_csv('/etc/passwd')",
    "from '/etc/passwd'",
    "select * from read_text('pipeline.config.yaml')",
    "copy models to '/tmp/stolen.csv'",
    "attach 'other.duckdb'",
    'install httpfs',
    "set memory_limit = '1TB'",
    'delete from models',
    'select 1; select 2',
    "select getenv('HOME')",
    "export database '/tmp/stolen'",
    'select * from models m, models n, models o, models p, models q',
    'select len(range(1000000000))',
  ])('`%s` is refused or stopped', async (sql) => {
    const reply = await fetch(`${(await shop()).url}${asked({ sql })}`);
    const { failure, answer } = JSON.parse(await reply.text());
    if (reply.status === 200) expect(answer.cut).not.toBeNull();
    else expect([reply.status, failure.code]).toEqual([400, 'QueryFailed']);
  });

  test.each([
    ['csv', /^id,name\n0,n0\n/],
    ['json', /^\[\n? *\{"id":/],
    ['jsonl', /^\{"id":0,/],
    ['parquet', /^PAR1/],
  ])('can be had as %s, all of them', async (form, begins) => {
    const reply = await fetch(
      `${(await shop()).url}rows.${form}?sql=${encodeURIComponent('select id, name from models order by id')}`,
    );
    expect(reply.headers.get('content-disposition')).toBe(`attachment; filename="rows.${form}"`);
    expect(await reply.text()).toMatch(begins);
  });

  test.each(['csv', 'parquet'])('that cannot be had as %s are said, not half sent', async (form) => {
    const reply = await fetch(`${(await shop()).url}rows.${form}?sql=${encodeURIComponent("from 'secret.csv'")}`);
    expect(reply.status).toBe(400);
    expect(JSON.parse(await reply.text()).failure.code).toBe('QueryFailed');
  });

  test('that take all memory are not had, and the dashboard goes on', async () => {
    const rowsOf = async (sql: string) => fetch(`${(await shop()).url}rows.csv?sql=${encodeURIComponent(sql)}`);
    const reply = await rowsOf('select len(range(1000000000))');
    expect([reply.status, JSON.parse(await reply.text()).failure.message]).toEqual([
      400,
      expect.stringMatching(/memory|Memory/),
    ]);
    expect(await (await rowsOf('select 1 as one')).text()).toBe('one\n1\n');
  });
});

describe('the page', () => {
  test('is at most 40 kB for the first view', async () => {
    const html = await (await fetch((await shop()).url)).text();
    expect(gzipSync(html).length).toBeLessThan(40_000);
  });

  test('with its data is one file, in which nothing from the API is markup, and no secret', async () => {
    const { project } = await shop();
    const { code, stdout } = await project.run(['show', '--once', 'page.html']);
    expect([code, stdout]).toEqual([
      0,
      expect.stringMatching(/^page\.html has the dashboard as it is now \(.+\)\. It needs nothing else\.\n$/),
    ]);
    const html = await readFile(join(project.cwd, 'page.html'), 'utf8');
    expect(html.match(/<\/?script/g)).toHaveLength(4);
    expect(html).toContain('\\u003c/script\\u003e\\u003cscript\\u003ealert(1)');
    expect(html).not.toMatch(/\u2028|https?:\/\/(?!127\.0\.0\.1|www\.w3\.org)[a-z]/);
    expect(html).not.toContain(key);
    expect(html).toContain(
      `<meta http-equiv="content-security-policy" content="default-src 'none'; script-src 'sha256-`,
    );
    const [, json = ''] = /id="saved">(.*?)<\/script>/.exec(html) ?? [];
    const { answers } = JSON.parse(json);
    expect(Object.keys(answers)).toEqual([
      ...viewNames.map((view) => `${view}.json`),
      ...['models', 'models__tags'].flatMap((name) => [`schema.json?table=${name}`, `data.json?table=${name}`]),
    ]);
    expect(answers['data.json?table=models'].data.answer.rows).toHaveLength(50);
  });

  test('is not written over the file that it shows', async () => {
    const { project } = await shop();
    const { code, stderr } = await project.run(['show', '--once', 'file.duckdb']);
    expect([code, stderr]).toEqual([2, expect.stringContaining('is the file that is asked')]);
  });

  test('ends when it is interrupted, with nothing left open', async () => {
    const { project } = await shop();
    const { runCommand } = await import('../support/terminal.ts');
    const { code, stdout } = await runCommand(['show', '--no-open'], { ...project, signal: AbortSignal.abort() });
    expect([code, stdout]).toEqual([
      0,
      expect.stringMatching(/^The dashboard of small, .*http:\/\/127\.0\.0\.1:\d+\/[0-9a-f]{48}\/\n\n$/s),
    ]);
  });
});
