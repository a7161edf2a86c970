import { copyFile, rename, rm, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import type { ConfigFileInput } from '../../src/config/grammar/config-schema.ts';
import { settledConfig } from '../../src/config/settled-config.ts';
import { realEffects } from '../../src/effects.ts';
import { runPipeline } from '../../src/pipeline.ts';
import { unchangedSince } from '../../src/run/known-replies.ts';
import type { Trace } from '../../src/trace.ts';
import { withDuckdbFile } from '../support/duckdb-file.ts';
import { rowsOf } from '../support/published.ts';
import { type Answering, type Server, useServer } from '../support/server.ts';
import { tempFolder } from '../support/temp-folder.ts';

type Resource = Exclude<ConfigFileInput['source']['resources'][number], string>;

interface Shop {
  readonly server: Server;
  readonly file: string;
  readonly config: ConfigFileInput;
  run(changed?: Partial<Resource>): Promise<Trace>;
  /** What tells whether somebody wrote to the live file. */
  state(): Promise<string>;
  ids(table: string): Promise<unknown[]>;
}

async function useShop(resources: readonly Resource[], answering: Answering): Promise<Shop> {
  const folder = await tempFolder();
  const server = await useServer(answering);
  const file = join(folder, 'shop.duckdb');
  const config = (changed: Partial<Resource> = {}): ConfigFileInput => ({
    pipeline: { name: 'shop', dataset_name: 'd', working_dir: join(folder, 'w'), destination: { path: file } },
    source: {
      name: 's',
      client: { base_url: server.url },
      resources: resources.map((one) => ({ ...one, ...changed })),
    },
  });
  return {
    server,
    file,
    config: config(),
    run: (changed) => runPipeline(config(changed), { effects: realEffects }),
    async state() {
      const { ino, size, mtimeNs } = await stat(file, { bigint: true });
      return `${ino} ${size} ${mtimeNs}`;
    },
    async ids(table) {
      return (await rowsOf(file, table, 'd')).map(({ id }) => id);
    },
  };
}

const statuses = ({ resources }: Trace) => Object.fromEntries(resources.map(({ name, status }) => [name, status]));

const ofItems: Resource = { name: 'items', write_disposition: 'merge', primary_key: 'id', endpoint: 'items' };

test('what a source answers as before is not loaded again, and the live file stays as it is', async () => {
  let etags = 0;
  const shop = await useShop(
    [
      { name: 'tagged', write_disposition: 'replace', endpoint: 'tagged' },
      { name: 'plain', write_disposition: 'merge', primary_key: 'id', endpoint: 'plain' },
    ],
    ({ path, headers }, response) => {
      if (path === '/plain') return [{ id: 1 }, { id: 2 }];
      if (headers['if-none-match'] === '"v1"') {
        etags += 1;
        return void response.writeHead(304).end();
      }
      response.setHeader('etag', '"v1"');
      return [{ id: 3 }];
    },
  );
  const first = await shop.run();
  const before = await shop.state();
  const second = await shop.run();
  expect(first.packages).toMatchObject([{ state: 'loaded' }]);
  expect(second).toMatchObject({ exitCode: 0, published: false, packages: [] });
  expect(second.resources).toMatchObject([
    { name: 'tagged', status: 'unchanged', requests: 1, notes: [`unchanged since load ${first.packages[0]?.loadId}`] },
    { name: 'plain', status: 'unchanged', requests: 1 },
  ]);
  expect(etags).toBe(1);
  const config = await settledConfig(shop.config, {});
  expect([...unchangedSince({ config, location: shop.file })]).toEqual([
    ['tagged', expect.any(Number)],
    ['plain', expect.any(Number)],
  ]);
  expect(await shop.state()).toBe(before);
  expect([await shop.ids('tagged'), await shop.ids('plain')]).toEqual([[3], [1, 2]]);
});

test('beside what is new, unchanged resources stay as they are, also `replace`; the next night knows all of them', async () => {
  let price = 1;
  const shop = await useShop(
    [
      { name: 'models', write_disposition: 'replace', endpoint: 'models' },
      { name: 'prices', write_disposition: 'replace', endpoint: 'prices' },
      { name: 'log', endpoint: 'log' },
    ],
    ({ path }) => (path === '/prices' ? [{ id: price }] : [{ id: path }]),
  );
  await shop.run();
  price = 2;
  const second = await shop.run();
  expect(statuses(second)).toEqual({ models: 'unchanged', prices: 'extracted', log: 'extracted' });
  expect(second.packages[0]?.tables.map(({ name, rows }) => [name, rows])).toEqual([
    ['prices', 1],
    ['log', 1],
  ]);
  expect(await shop.ids('models')).toEqual(['/models']);
  expect(await shop.ids('prices')).toEqual([2]);
  expect(await shop.ids('log'), 'what is appended comes each night').toHaveLength(2);
  expect(statuses(await shop.run())).toEqual({ models: 'unchanged', prices: 'unchanged', log: 'extracted' });
  expect(statuses(await shop.run({ skip_unchanged: true }))).toMatchObject({ log: 'extracted' });
  expect(statuses(await shop.run({ skip_unchanged: true }))).toMatchObject({ log: 'unchanged' });
});

test('nothing is unchanged where somebody else, or the configuration, may have changed what was loaded', async () => {
  const shop = await useShop([ofItems], () => [{ id: 1, at: '2026-01-01' }]);
  const statusOf = async (changed?: Partial<Resource>) => statuses(await shop.run(changed)).items;
  expect([await statusOf(), await statusOf()]).toEqual(['extracted', 'unchanged']);

  await copyFile(shop.file, `${shop.file}.old`);
  const write = (sql: string) => withDuckdbFile(shop.file, (connection) => connection.run(sql));
  await write('delete from d.items');
  expect([await statusOf(), await shop.ids('items'), await statusOf()]).toEqual(['extracted', [1], 'unchanged']);
  await write('drop table d.items');
  expect([await statusOf(), await shop.ids('items')]).toEqual(['extracted', [1]]);
  await rename(`${shop.file}.old`, shop.file);
  expect([await statusOf(), await statusOf()]).toEqual(['extracted', 'unchanged']);
  await rm(shop.file);
  expect([await statusOf(), await shop.ids('items'), await statusOf()]).toEqual(['extracted', [1], 'unchanged']);

  const typed: Partial<Resource> = { columns: { day: { data_type: 'date' } } };
  expect([await statusOf(typed), await statusOf(typed)]).toEqual(['extracted', 'unchanged']);
  expect([await statusOf({ skip_unchanged: false }), await statusOf({ skip_unchanged: false })]).toEqual([
    'extracted',
    'extracted',
  ]);
  const timed: Partial<Resource> = { processing_steps: [{ set: { seen: { sql: 'now()' } } }] };
  expect([await statusOf(timed), await statusOf(timed)], 'rows of the moment').toEqual(['extracted', 'extracted']);
});

test('what asks for nothing, or gets nothing that counts, is no reason to load', async () => {
  let models = 1;
  const shop = await useShop(
    [
      { ...ofItems, name: 'models', endpoint: 'models' },
      {
        ...ofItems,
        name: 'last',
        endpoint: { path: 'last', response_actions: [{ status_code: 404, action: 'ignore' }] },
      },
      {
        ...ofItems,
        name: 'jobs',
        endpoint: { path: 'jobs/{id}', params: { id: { type: 'values', from: [{ env: 'NO_IDS' }] } } },
      },
    ],
    ({ path }) => (path === '/models' ? [{ id: models }] : undefined),
  );
  const first = await shop.run();
  const before = await shop.state();
  const second = await shop.run();
  expect(first.packages).toMatchObject([{ state: 'loaded' }]);
  expect(statuses(second)).toEqual({ models: 'unchanged', last: 'ignored', jobs: 'skipped' });
  expect(second).toMatchObject({ exitCode: 0, published: false, packages: [] });
  expect(await shop.state()).toBe(before);
  models = 2;
  expect(await shop.run()).toMatchObject({ exitCode: 0, packages: [{ state: 'loaded', recovered: false }] });
  expect(await shop.ids('models')).toEqual([1, 2]);
});

test('a child is loaded again where only what it takes from its parent is new', async () => {
  let name = 'ann';
  const shop = await useShop(
    [
      { ...ofItems, name: 'users', endpoint: 'users' },
      { ...ofItems, name: 'posts', endpoint: 'users/{resources.users.id}/posts', include_from_parent: ['name'] },
    ],
    ({ path }) => (path === '/users' ? [{ id: 1, name }] : [{ id: 7 }]),
  );
  await shop.run();
  name = 'bob';
  expect(statuses(await shop.run())).toEqual({ users: 'extracted', posts: 'extracted' });
  expect(await rowsOf(shop.file, 'posts', 'd')).toMatchObject([{ _users_name: 'bob' }]);
});

test('a 304 that cannot be relied on is asked for again, or is the error that it was', async () => {
  const asked: (string | undefined)[] = [];
  const shop = await useShop(
    ['linked', 'failed', 'odd'].map((name) => ({ ...ofItems, name, endpoint: name })),
    ({ path, headers }, response) => {
      const condition = headers['if-none-match'];
      if (path === '/linked') asked.push(condition);
      if (condition === undefined) {
        response.setHeader('etag', path === '/odd' ? `"${'x'.repeat(5000)}"` : 'W/"1"');
        return [{ id: 1 }];
      }
      const isLinked = path === '/linked';
      response.writeHead(isLinked ? 304 : 412, isLinked ? { link: '</linked?page=2>; rel="next"' } : {}).end();
      return undefined;
    },
  );
  await shop.run();
  expect(statuses(await shop.run())).toEqual({ linked: 'unchanged', failed: 'unchanged', odd: 'unchanged' });
  expect(asked).toEqual([undefined, 'W/"1"', undefined]);

  const lying = await useShop([ofItems], (_, response) => void response.writeHead(304).end());
  const { failure } = await lying.run();
  expect(failure).toMatchObject({ code: 'ReplyUnusable', message: expect.stringContaining('status 304') });
});

test('what was not loaded is not remembered: the run after a failed one asks for the whole again', async () => {
  let hasFailed = false;
  const shop = await useShop([ofItems, { ...ofItems, name: 'broken', endpoint: 'broken' }], ({ path, headers }) => {
    expect(headers['if-none-match']).toBeUndefined();
    if (path !== '/broken' || hasFailed) return [{ id: 1 }];
    hasFailed = true;
    return undefined;
  });
  expect(await shop.run()).toMatchObject({ exitCode: 5 });
  expect(statuses(await shop.run())).toEqual({ items: 'extracted', broken: 'extracted' });
  expect(statuses(await shop.run()), 'the first was read in two runs').toEqual({
    items: 'extracted',
    broken: 'unchanged',
  });
  expect(statuses(await shop.run())).toEqual({ items: 'unchanged', broken: 'unchanged' });
});

test('a list of several pages is loaded each time, also where its last page is as it was', async () => {
  let first = 1;
  const shop = await useShop(
    [
      {
        ...ofItems,
        endpoint: { path: 'items', paginator: { type: 'page_number', base_page: 1, total_path: 'pages' } },
      },
      {
        ...ofItems,
        name: 'tagged',
        endpoint: { path: 'tagged', paginator: { type: 'json_link', next_url_path: 'next' } },
      },
    ],
    ({ path, query }, response) => {
      const isLast = (query.get('page') ?? '1') === '2';
      const last = { items: [{ id: 9 }], pages: 2 };
      if (path === '/items') return isLast ? last : { ...last, items: [{ id: first }] };
      if (!isLast) return { items: [{ id: first }], next: '/tagged?page=2' };
      response.setHeader('etag', '"last"');
      return { items: [{ id: 9 }], next: null };
    },
  );
  for (first of [1, 2]) expect(statuses(await shop.run())).toEqual({ items: 'extracted', tagged: 'extracted' });
  for (const table of ['items', 'tagged']) expect((await shop.ids(table)).toSorted()).toEqual([1, 2, 9]);
  expect(shop.server.asked.filter(({ headers }) => headers['if-none-match'] !== undefined)).toEqual([]);
});

test('a new expectation is asked of what is unchanged, once it holds not again, and one of age each time', async () => {
  const shop = await useShop([ofItems], () => [{ id: 1 }]);
  expect(statuses(await shop.run())).toEqual({ items: 'extracted' });
  expect(statuses(await shop.run())).toEqual({ items: 'unchanged' });
  const refused = await shop.run({ expectations: { min_rows: 5 } });
  expect(refused).toMatchObject({ exitCode: 7, failure: { code: 'ExpectationFailed' } });
  expect(await shop.run({ expectations: { min_rows: 5 } })).toMatchObject({ exitCode: 7 });
  expect(statuses(await shop.run({ expectations: { min_rows: 1 } }))).toEqual({ items: 'extracted' });
  expect(statuses(await shop.run({ expectations: { min_rows: 1 } }))).toEqual({ items: 'unchanged' });
  for (const _ of [1, 2])
    expect(statuses(await shop.run({ expectations: { max_age: '1d' } }))).toEqual({ items: 'extracted' });
});
