import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, test } from 'vitest';
import { loadConfig, resolveConfig } from '../../src/config/load-config.ts';
import { missingSecrets } from '../../src/config/missing-secrets.ts';
import { isResolved } from '../../src/config/pipeline-config.ts';
import { tempFolder } from '../support/temp-folder.ts';
import { failure, load, problems, withResources } from './loading.ts';

const root = fileURLToPath(new URL('../..', import.meta.url));
const shipped = path.join(root, 'pipeline.config.yaml');

describe('the shipped configuration', () => {
  test('holds the five resources; only those that cost nothing are selected', async () => {
    const { pipeline, source, warnings } = await loadConfig(shipped, { env: {} });
    expect(pipeline).toMatchObject({ name: 'dezgo_api_pipeline', dataset_name: 'dezgo_api_data' });
    expect(pipeline.destination).toMatchObject({ path: path.join(root, 'dezgo_api_pipeline.duckdb') });
    expect(source.resources.map(({ name, selected }) => [name, selected])).toEqual([
      ['models', true],
      ['account_tx_last', true],
      ['jobs', true],
      ['images_generate', false],
      ['images_get', false],
    ]);
    expect(warnings).toEqual([]);
  });

  test('reads models from /info where /models answers 404', async () => {
    const { source } = await loadConfig(shipped, { env: {} });
    expect(source.resources[0]?.endpoint).toMatchObject({
      path: 'models',
      data_selector: 'data',
      fallbacks: [{ path: 'info', data_selector: 'models' }],
    });
  });

  test('keeps money exact, and merges transactions by their own key', async () => {
    const { source } = await loadConfig(shipped, { env: {} });
    const [, transactions] = source.resources;
    const money = { data_type: 'decimal', precision: 18, scale: 4 };
    expect(transactions?.primary_key).toEqual(['_id']);
    expect(transactions?.columns).toMatchObject({ amount: money, credits: money, debits: money, balance: money });
  });

  test('takes the ids of jobs from a list, a variable and a query', async () => {
    const { source } = await loadConfig(shipped, { env: {} });
    expect(source.resources[2]?.endpoint?.params?.id).toEqual({
      type: 'values',
      from: [
        { list: [] },
        { env: 'DEZGO_JOB_IDS' },
        {
          query:
            'select id from images_generate where length(id::varchar) < 64 and cast(_dlt_load_id as double precision) > extract(epoch from now()) - 7 * 86400',
        },
        { query: "select id from jobs where status not in ('completed', 'failed')" },
      ],
    });
  });

  test('finds its key in secrets.yaml made from the example, once the placeholder is replaced', async () => {
    const example = await readFile(path.join(root, 'secrets.example.yaml'), 'utf8');
    const config = await readFile(shipped, 'utf8');
    const untouched = await tempFolder({ 'pipeline.config.yaml': config, 'secrets.yaml': example });
    const filled = await tempFolder({
      'pipeline.config.yaml': config,
      'secrets.yaml': example.replace('<set me up!>', 'DEZGO-4F5A'),
    });
    const missing = await missingSecrets(await loadConfig(path.join(untouched, 'pipeline.config.yaml'), { env: {} }));
    expect(missing.map(({ message }) => message)).toEqual([expect.stringContaining('placeholder')]);
    const { secrets } = await loadConfig(path.join(filled, 'pipeline.config.yaml'), { env: {} });
    expect(secrets.map((secret) => secret.reveal())).toEqual(['DEZGO-4F5A']);
  });
});

describe('defaults', () => {
  test('settle everything that a short file leaves out', async () => {
    const cwd = await tempFolder({ 'a/pipeline.config.yaml': withResources('- orders') });
    const config = await loadConfig('a/pipeline.config.yaml', { cwd, env: {} });
    expect(config.file).toBe(path.join(cwd, 'a/pipeline.config.yaml'));
    expect(config.pipeline).toEqual({
      name: 'shop',
      dataset_name: 'shop_dataset',
      destination: { type: 'duckdb', path: path.join(cwd, 'a/shop.duckdb'), files_dir: path.join(cwd, 'a/files') },
      working_dir: path.join(cwd, 'a/.dezgo-elt'),
      publish: { mode: 'swap', on_writer: 'wait', wait: 60_000 },
      on_resource_failure: 'fail',
      resume_within: 3_600_000,
      keep_packages: 3,
      keep_runs: 1000,
      max_columns: 2000,
    });
    expect(config.source.client).toEqual({
      base_url: 'https://api.example.com/',
      headers: {},
      timeout: 60_000,
      retry: { attempts: 5, backoff: 1000, max_delay: 300_000 },
      concurrency: 5,
    });
    expect(config.source.resources).toEqual([
      {
        name: 'orders',
        table_name: 'orders',
        selected: true,
        write_disposition: { disposition: 'append' },
        endpoint: { path: 'orders', method: 'GET' },
      },
    ]);
  });

  test('a table is called as it will be in the file', async () => {
    const config = await load(withResources('- txLast\n    - { name: b, table_name: My Table-Name! }'));
    expect(config.source.resources.map(({ table_name }) => table_name)).toEqual(['tx_last', 'my_table_namex']);
  });

  test('an endpoint can be a path alone, a destination its type alone', async () => {
    const config = await load(
      withResources('- { name: orders, endpoint: v1/orders }').replace('shop }', 'shop, destination: duckdb }'),
    );
    expect(config.source.resources[0]?.endpoint).toEqual({ path: 'v1/orders', method: 'GET' });
    expect(config.pipeline.destination).toMatchObject({ path: expect.stringMatching(/\/shop\.duckdb$/) });
  });

  test.each([
    ['timeout: 30', 30_000],
    ['timeout: 250ms', 250],
    ['timeout: 1.5m', 90_000],
    ['timeout: 2h', 7_200_000],
  ])('`%s` is %i milliseconds', async (line, milliseconds) => {
    const config = await load(withResources('- a').replace('example.com/ }', `example.com/, ${line} }`));
    expect(config.source.client?.timeout).toBe(milliseconds);
  });

  test('a file with a byte order mark and Windows line ends is read like any other', async () => {
    const config = await load(`\ufeff${withResources('- orders').replaceAll('\n', '\r\n')}`);
    expect(config.source.resources).toHaveLength(1);
  });

  test('anchors and merge keys work', async () => {
    const config = await load(
      withResources(
        '- &base { name: a, write_disposition: merge, primary_key: id }',
        '- { <<: *base, name: b }',
        '- { <<: [*base], name: c, primary_key: key }',
      ),
    );
    expect(config.source.resources.map(({ name, primary_key }) => [name, primary_key])).toEqual([
      ['a', ['id']],
      ['b', ['id']],
      ['c', ['key']],
    ]);
  });
});

describe('a configuration object', () => {
  const input = {
    pipeline: { name: 'shop' },
    source: { name: 'shop_api', resources: [{ name: 'orders', data: () => [{ id: 1 }] }] },
  };

  test('is completed like a file, its paths relative to the current folder', async () => {
    const cwd = path.resolve(path.sep, 'somewhere');
    const config = await resolveConfig(input, { cwd, env: {} });
    expect(config.pipeline.destination).toMatchObject({ path: path.join(cwd, 'shop.duckdb') });
    expect(config).not.toHaveProperty('file');
    expect(config.source.resources[0]?.data?.()).toEqual([{ id: 1 }]);
    expect(config.source.resources[0]).not.toHaveProperty('endpoint');
  });

  test('is told apart from a completed one, also from a copy', async () => {
    const config = await resolveConfig(input, { env: {} });
    expect(isResolved(input)).toBe(false);
    expect(isResolved(config)).toBe(true);
    expect(isResolved({ ...config })).toBe(true);
  });

  test('has its problems named by their path', async () => {
    const wrong = { pipeline: { name: 'Shop' }, source: { name: 's', resources: [{ name: 'a', datta: 1 }] } };
    const error = await failure(resolveConfig(wrong, { env: {} }));
    expect(error.facts.problems).toEqual([
      'pipeline.name  expected lower-case letters, digits and `_`, a letter first',
      'source.resources.a.datta  unknown key, did you mean `data`?',
    ]);
  });

  test('a function that is not one of `data` is refused', async () => {
    const wrong = { ...input, source: { ...input.source, resources: [{ name: 'a', data: [1] }] } };
    // @ts-expect-error: a list is not a function.
    const error = await failure(resolveConfig(wrong, { env: {} }));
    expect(error.message).toContain('source.resources.a.data  expected a function that returns an (async) iterable');
  });
});

describe('a rate limit', () => {
  const limited = (limit: string) =>
    load(withResources('- orders').replace('.com/ }', `.com/, rate_limit: ${JSON.stringify(limit)} }`));

  test.each([
    ['10/1s', 10, 1000],
    [' 100 / 2m ', 100, 120_000],
    ['5/s', 5, 1000],
    ['1/500ms', 1, 500],
  ])('%j is so many requests in so many milliseconds', async (text, requests, window) => {
    expect((await limited(text)).source.client?.rate_limit).toEqual({ requests, window });
  });

  test.each(['10', '0/1s', '10/0s', '10/1y', 'many/1s', '1/', '1.5/1s'])('%j is none', async (text) => {
    const { message } = await failure(limited(text));
    expect(message).toContain('source.client.rate_limit  expected requests in a time: `10/1s`, `100/1m`');
  });
});

describe('the headers of cost and balance', () => {
  const withHeaders = (cost: string) =>
    load(withResources('- orders').replace('.com/ }', `.com/, cost_header: ${cost} }`));

  test('are names, whatever their case', async () => {
    expect((await withHeaders('X-Credits-Cost')).source.client?.cost_header).toBe('x-credits-cost');
  });

  test.each(['""', 'x credits', '"x-*:"', '[x-cost]'])('%s is none', async (name) => {
    expect((await failure(withHeaders(name))).message).toContain('source.client.cost_header  expected');
  });
});

describe('the hash', () => {
  const text = withResources('- orders');

  test('is the same for the same extraction, whatever the order of the keys and the patience', async () => {
    const { hash } = await load(text);
    expect(hash).toMatch(/^[0-9a-f]{16}$/);
    const reordered = text.replace('  name: shop_api\n', '').replace('    - orders', '    - orders\n  name: shop_api');
    expect((await load(reordered)).hash).toBe(hash);
    expect((await load(text.replace('.com/ }', '.com/, timeout: 5m, retry: { attempts: 9 } }'))).hash).toBe(hash);
    expect((await load(text.replace('.com/ }', '.com/, concurrency: 1, rate_limit: 10/1s }'))).hash).toBe(hash);
    expect((await load(text.replace('.com/ }', '.com/, cost_header: x-cost, balance_header: x-left }'))).hash).toBe(
      hash,
    );
    expect((await load(withResources('- { name: orders, parallelized: false }'))).hash).toBe(hash);
  });

  test('differs when another resource, dataset or address is loaded', async () => {
    const others = [
      text,
      text.replace('orders', 'items'),
      text.replace('.com/', '.com/v2/'),
      text.replace('shop }', 'shop, dataset_name: other }'),
    ];
    const hashes = await Promise.all(others.map(async (other) => (await load(other)).hash));
    expect(new Set(hashes).size).toBe(4);
  });

  test('does not depend on the value of a secret', async () => {
    const withKey = text.replace('.com/ }', '.com/, auth: { type: bearer, token: { secret: token } } }');
    const one = await load(withKey, { env: { SOURCES__SHOP_API__TOKEN: 'one-key' } });
    const two = await load(withKey, { env: { SOURCES__SHOP_API__TOKEN: 'two-key' } });
    expect(two.hash).toBe(one.hash);
  });
});

describe('a file that cannot be read', () => {
  test('is named, with what to do', async () => {
    const cwd = await tempFolder({});
    const error = await failure(loadConfig('nothing.yaml', { cwd, env: {} }));
    expect(error).toMatchObject({
      code: 'ConfigNotFound',
      exitCode: 2,
      facts: { file: path.join(cwd, 'nothing.yaml') },
    });
    expect(error.hint).toContain('--config');
  });

  test('because it is a folder says so', async () => {
    const cwd = await tempFolder({ 'x/y': '' });
    expect((await failure(loadConfig('x', { cwd, env: {} }))).message).toContain('EISDIR');
  });

  test.each([
    ['an empty file', '', '1:1  expected a mapping, got nothing'],
    ['text', 'hello', '1:1  expected a mapping, got text'],
    ['a list', '- a', '1:1  expected a mapping, got a list'],
  ])('%s is not a configuration', async (_, yaml, line) => {
    expect(await problems(yaml)).toEqual([`pipeline.config.yaml:${line}`]);
  });
});
