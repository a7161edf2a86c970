import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import type { ConfigFileInput } from '../../src/config/grammar/config-schema.ts';
import { type HttpReply, type HttpRequest, readTable, realEffects, runPipeline, type Trace } from '../../src/index.ts';
import { withDuckdbFile } from '../support/duckdb-file.ts';
import { query } from '../support/published.ts';
import { shared } from '../support/shared.ts';
import { tempFolder } from '../support/temp-folder.ts';

type Answers = Readonly<Record<string, { status?: number; body?: unknown; headers?: Record<string, string> }>>;
type Resource = NonNullable<ConfigFileInput['source']['resources']>[number];
type Client = Partial<NonNullable<ConfigFileInput['source']['client']>>;

interface Parts {
  readonly resources: Resource[];
  readonly client?: Client;
  readonly pipeline?: object;
}

const configOf = (folder: string, { resources, client = {}, pipeline = {} }: Parts): ConfigFileInput => ({
  pipeline: {
    name: 'p',
    dataset_name: 'data',
    working_dir: join(folder, 'w'),
    destination: { path: join(folder, 'file.duckdb') },
    ...pipeline,
  },
  source: {
    name: 's',
    client: { base_url: 'https://api.invalid/', headers: { 'X-Key': 'KEY-5A4DB0C5-0123456789' }, ...client },
    resources,
  },
});

/** By path with its query; what is not there is a 404. `/polled` tells how often it was asked. */
function transportOf(answers: Answers) {
  let polled = 0;
  return async ({ url }: HttpRequest): Promise<HttpReply> => {
    const { pathname, search } = new URL(url);
    if (pathname === '/polled') {
      polled += 1;
      return { status: 200, headers: new Headers(), body: Buffer.from(`{"state": ${polled}}`) };
    }
    const { status = 200, body = [], headers = {} } = answers[`${pathname}${search}`] ?? { status: 404 };
    return { status, headers: new Headers(headers), body: Buffer.from(JSON.stringify(body)) };
  };
}

function run(folder: string, parts: Parts, answers: Answers): Promise<Trace> {
  const effects = { ...realEffects, transport: transportOf(answers) };
  return runPipeline(configOf(folder, parts), { effects });
}

const rows = (folder: string, sql: string) => query(join(folder, 'file.duckdb'), sql);

const client: Client = {
  capture_headers: ['X-Cost*', 'x-left', '*-id', 'x-at', 'status', 'x-*key', 'set-*'],
  cost_header: 'x-cost',
  balance_header: 'x-left',
};

describe('captured headers', () => {
  const done = shared(async () => {
    const folder = await tempFolder();
    const parts = {
      client,
      resources: [
        {
          name: 'images',
          endpoint: { path: 'images', include_headers: { 'X-Cost': 'cost', 'x-none': 'none', 'x-left': 'id' } },
        },
        { name: 'models', endpoint: { path: 'gone', fallbacks: [{ path: 'models' }] } },
        { name: 'polled', endpoint: { path: 'polled', data_selector: '$', poll: { until: 'state = 3', every: 1 } } },
        { name: 'silent', endpoint: { path: 'models', capture_headers: [] } },
        {
          name: 'jobs',
          endpoint: {
            path: 'jobs/{id}',
            params: { id: { type: 'values' as const, from: [{ list: ['a', 'b'] }] } },
            response_actions: [{ status_code: 404, action: 'ignore' as const }],
          },
        },
      ],
    } satisfies Parts;
    const trace = await run(folder, parts, {
      '/images': {
        body: [{ id: 1 }, { id: 2 }],
        headers: {
          'X-Cost': '0.0150',
          'X-Left': '12',
          'X-Request-Id': 'a KEY-5A4DB0C5-0123456789',
          'X-Cost-Units': '12345678901234567890',
          'X-At': '2026-01-15T12:00:00Z',
          'X-Echo-Key': 'b',
          'X-Api-Key': 'c',
          'Set-Cookie': 'session=1',
          Status: 'fine',
          '_dlt-id': 'theirs',
          Other: 'd',
        },
      },
      '/gone': { status: 404, headers: { 'x-left': '11.5' } },
      '/models': { body: [{ id: 1 }], headers: { 'x-left': '0.0184921035' } },
      '/jobs/b': { body: { id: 'b' } },
    });
    return { folder, trace };
  });

  test('are a row a request of those resources that capture, errors and ignored ones too', async () => {
    const { folder, trace } = await done();
    expect(trace).toMatchObject({ exitCode: 0 });
    expect(trace.packages[0]?.tables.map(({ name }) => name)).toEqual([
      ...['images', 'models', 'polled', 'silent', 'jobs'],
      '_elt_requests',
    ]);
    const found = await rows(
      folder,
      'select resource, url, status, attempts, method from _elt_requests order by rowid',
    );
    expect(found.map((row) => Object.values(row).join(' '))).toEqual([
      'images https://api.invalid/images 200 1 GET',
      'models https://api.invalid/gone 404 1 GET',
      'models https://api.invalid/models 200 1 GET',
      ...Array<string>(3).fill('polled https://api.invalid/polled 200 1 GET'),
      'jobs https://api.invalid/jobs/a 404 1 GET',
      'jobs https://api.invalid/jobs/b 200 1 GET',
    ]);
  });

  test('have types, and never a secret', async () => {
    const { folder, trace } = await done();
    const [image] = await rows(
      folder,
      `select columns(c -> c not in ('resource', 'method', 'url', 'status', 'attempts', 'duration_ms', '_dlt_id'))::varchar
       from _elt_requests where resource = 'images'`,
    );
    const loadId = trace.packages[0]?.loadId;
    expect(image).toEqual({
      started_at: expect.stringMatching(/^20\d\d-/),
      x_cost: '0.015000000000',
      x_left: '12.000000000000',
      header_status: 'fine',
      header_dlt_id: 'theirs',
      x_at: '2026-01-15 12:00:00+00',
      x_cost_units: '12345678901234567890',
      x_echo_key: 'b',
      x_request_id: 'a ***',
      _dlt_load_id: loadId,
    });
    const types = await rows(
      folder,
      'select x_cost_units::varchar, typeof(x_cost_units) t, typeof(duration_ms) d from _elt_requests limit 1',
    );
    expect(types).toMatchObject([{ t: 'HUGEINT', d: 'DOUBLE' }]);
  });

  test('give views of cost and balance', async () => {
    const { folder, trace } = await done();
    expect(
      await rows(
        folder,
        'select day = current_date or day = current_date - 1 as d, resource, requests::int r, cost::varchar c from cost_by_day',
      ),
    ).toEqual([{ d: true, resource: 'images', r: 1, c: '0.015000000000' }]);
    const history = await rows(
      folder,
      'select resource, balance::varchar b, time is not null t, load_id from balance_history order by time, b desc',
    );
    expect(history.map(({ b }) => b)).toEqual(['12.000000000000', '11.500000000000', '0.018492103500']);
    expect(history[0]).toMatchObject({ t: true, load_id: trace.packages[0]?.loadId });
    const read: unknown[] = [];
    for await (const row of readTable(configOf(folder, { resources: ['images'] }), 'cost_by_day')) read.push(row);
    expect(read).toMatchObject([{ resource: 'images', requests: 1 }]);
  });

  test('become fields of the records where they are included, each replaced value counted', async () => {
    const { folder, trace } = await done();
    expect(await rows(folder, 'select id::int id, cost from images order by _dlt_id')).toEqual([
      { id: 12, cost: 0.015 },
      { id: 12, cost: 0.015 },
    ]);
    expect(
      await rows(
        folder,
        "select column_name from duckdb_columns() where table_name = 'images' and column_name = 'none'",
      ),
    ).toEqual([]);
    expect(trace.counts).toEqual({ 'values of `id` in images replaced by a header': 2 });
  });

  test('are in the schema that dlt reads', async () => {
    const { folder } = await done();
    const [stored] = await rows(folder, 'select schema from _dlt_version');
    expect(JSON.parse(String(stored?.schema)).tables._elt_requests).toMatchObject({
      write_disposition: 'append',
      columns: { x_cost: { data_type: 'decimal' }, _dlt_id: {} },
    });
  });
});

const list = (pages: number, headers: (page: number) => Record<string, string>): Answers =>
  Object.fromEntries(
    Array.from({ length: pages }, (_, page) => [
      `/items?page=${page}`,
      { body: [{ id: page }], headers: headers(page) },
    ]),
  );

const items = {
  name: 'items',
  endpoint: { path: 'items', paginator: { type: 'page_number' as const, base_page: 0, total_path: null } },
} satisfies Resource;

describe('a run that is stopped between two pages and continued', () => {
  test('has a row for each request whose page it has', async () => {
    const folder = await tempFolder();
    const answers = { ...list(6, (page) => ({ 'x-left': `${10 - page}` })), '/items?page=6': { body: [] } };
    const parts = { client: { ...client, concurrency: 1 }, resources: [items] };
    const stop = new AbortController();
    const transport = async (request: HttpRequest) => {
      if (request.url.endsWith('page=3')) stop.abort();
      return transportOf(answers)(request);
    };
    const stopped = await runPipeline(configOf(folder, parts), {
      effects: { ...realEffects, transport },
      signal: stop.signal,
    });
    expect(stopped).toMatchObject({ published: false, packages: [{ state: 'pending' }] });
    expect(await run(folder, parts, answers)).toMatchObject({ exitCode: 0 });
    const found = await rows(folder, 'select url[-1:] as page, x_left::int as x_left from _elt_requests order by url');
    expect(found).toEqual(
      [0, 1, 2, 3, 4, 5, 6].map((page) => ({ page: `${page}`, x_left: page < 6 ? 10 - page : null })),
    );
    expect(
      await rows(folder, 'select count(*)::int n, count(distinct _dlt_load_id)::int l from _elt_requests'),
    ).toEqual([{ n: 7, l: 1 }]);
  });
});

test('a reply that is refused is a row where the other resources are published', async () => {
  const folder = await tempFolder();
  const parts = {
    client,
    pipeline: { on_resource_failure: 'continue' },
    resources: ['models', { name: 'odd', endpoint: { path: 'odd', data_selector: 'data' } }, 'images'],
  } satisfies Parts;
  const trace = await run(folder, parts, {
    '/models': { body: [{ id: 1 }] },
    '/odd': { body: { other: 1 }, headers: { 'x-left': '3' } },
    '/images': { status: 402, headers: { 'x-left': '0.5', 'x-cost': '0' } },
  });
  expect(trace).toMatchObject({ exitCode: 3 });
  expect(
    await rows(folder, 'select resource, status::int s, x_left::double l from _elt_requests order by rowid'),
  ).toEqual([
    { resource: 'models', s: 200, l: null },
    { resource: 'odd', s: 200, l: 3 },
    { resource: 'images', s: 402, l: 0.5 },
  ]);
});

describe('a later load', () => {
  test('adds columns and views as they come, and leaves alone what a user made', async () => {
    const folder = await tempFolder();
    const file = join(folder, 'file.duckdb');
    const models = { resources: ['models'] } satisfies Parts;
    const says = (headers: Record<string, string>): Answers => ({ '/models': { body: [{ id: 1 }], headers } });
    await run(folder, { ...models, client: { capture_headers: ['x-*'] } }, says({ 'x-left': '10', 'x-other': '1' }));
    await change(file, "create view data.cost_by_day as select 'mine' as day");
    expect(await views(folder)).toEqual(['cost_by_day']);

    const later = { ...models, client };
    const trace = await run(folder, later, says({ 'x-left': '9.5', 'x-cost': '0.25', 'x-other': 'none' }));
    expect(trace).toMatchObject({ exitCode: 0 });
    expect(await views(folder)).toEqual(['balance_history', 'cost_by_day']);
    expect(await rows(folder, 'select * from cost_by_day')).toEqual([{ day: 'mine' }]);
    expect(await rows(folder, 'select balance::varchar b from balance_history order by 1')).toEqual([
      { b: '10.000000000000' },
      { b: '9.500000000000' },
    ]);

    await change(file, 'drop view data.cost_by_day');
    await run(folder, later, says({ 'x-left': '9.25', 'x-cost': '0.25', 'x-at': '2026-01-15' }));
    expect(await rows(folder, 'select requests::int r, cost::double c from cost_by_day')).toEqual([{ r: 2, c: 0.5 }]);

    // A resource of that name.
    const named = { ...later, resources: ['models', 'cost_by_day', 'balance_history'] } satisfies Parts;
    const answers = { '/cost_by_day': { body: [{ id: 7 }] }, '/balance_history': { body: [{ id: 8 }] } };
    expect(await run(folder, named, { ...says({ 'x-left': '9' }), ...answers })).toMatchObject({ exitCode: 0 });
    expect(
      await rows(folder, 'select id::int i from cost_by_day union all select id::int from balance_history'),
    ).toEqual([{ i: 7 }, { i: 8 }]);
    expect(await views(folder)).toEqual([]);
    expect(
      await rows(folder, 'select count(*)::int n, count(distinct _dlt_load_id)::int l from _elt_requests'),
    ).toEqual([{ n: 6, l: 4 }]);
  });
});

const change = (file: string, sql: string) => withDuckdbFile(file, (connection) => connection.run(sql));

const views = async (folder: string) =>
  (
    await rows(folder, "select view_name n from duckdb_views() where not internal and schema_name = 'data' order by 1")
  ).map(({ n }) => n);
