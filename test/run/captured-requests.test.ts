import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import type { ConfigFileInput } from '../../src/config/grammar/config-schema.ts';
import { type HttpReply, type HttpRequest, readTable, realEffects, runPipeline, type Trace } from '../../src/index.ts';
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

/** By path with its query; what is not there is a 404. */
function transportOf(answers: Answers, asked: string[] = []) {
  return async ({ url }: HttpRequest): Promise<HttpReply> => {
    const { pathname, search } = new URL(url);
    asked.push(`${pathname}${search}`);
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
    const found = await rows(
      folder,
      'select resource, url, status, attempts, method from _elt_requests order by rowid',
    );
    expect(found.map((row) => Object.values(row).join(' '))).toEqual([
      'images https://api.invalid/images 200 1 GET',
      'models https://api.invalid/gone 404 1 GET',
      'models https://api.invalid/models 200 1 GET',
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
