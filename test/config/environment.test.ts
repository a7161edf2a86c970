import path from 'node:path';
import { describe, expect, test } from 'vitest';
import { loadConfig } from '../../src/config/load-config.ts';
import { tempFolder } from '../support/temp-folder.ts';
import { load, problems, withResources } from './loading.ts';

const yaml = withResources(
  '- name: orders',
  '  columns: { amount: { data_type: decimal, precision: 18 } }',
  '  endpoint: { method: POST, path: orders, params: { page_size: 50 }, json: { limit: 5, note: "7", open: true } }',
  '- name: order__items',
);

describe('the environment wins over the file', () => {
  test('for every scalar, in the naming of dlt', async () => {
    const { pipeline, source } = await load(yaml, {
      env: {
        PIPELINE__DATASET_NAME: 'shop_data',
        PIPELINE__PUBLISH__MODE: 'in_place',
        PIPELINE__KEEP_PACKAGES: '0',
        SOURCES__SHOP_API__CLIENT__BASE_URL: 'http://127.0.0.1:8080/',
        SOURCES__SHOP_API__CLIENT__TIMEOUT: '5m',
        SOURCES__SHOP_API__MAX_TABLE_NESTING: '2',
        SOURCES__SHOP_API__RESOURCES__ORDERS__ENDPOINT__PATH: 'v2/orders',
        SOURCES__SHOP_API__RESOURCES__ORDERS__ENDPOINT__PARAMS__PAGE_SIZE: '100',
        SOURCES__SHOP_API__RESOURCES__ORDERS__COLUMNS__AMOUNT__PRECISION: '20',
        SOURCES__SHOP_API__RESOURCES__ORDERS__WRITE_DISPOSITION: 'replace',
        SOURCES__SHOP_API__RESOURCES__ORDER__ITEMS__SELECTED: 'False',
      },
    });
    expect(pipeline).toMatchObject({ dataset_name: 'shop_data', publish: { mode: 'in_place' }, keep_packages: 0 });
    expect(source).toMatchObject({
      client: { base_url: 'http://127.0.0.1:8080/', timeout: 300_000 },
      max_table_nesting: 2,
    });
    expect(source.resources[0]).toMatchObject({
      columns: { amount: { data_type: 'decimal', precision: 20 } },
      endpoint: { path: 'v2/orders', params: { page_size: 100 } },
      write_disposition: { disposition: 'replace' },
    });
    expect(source.resources[1]?.selected).toBe(false);
  });

  test('also over what came from the defaults', async () => {
    const { source } = await load(
      yaml.replace('  resources:', '  resource_defaults: { table_name: t }\n  resources:'),
      {
        env: {
          SOURCES__SHOP_API__RESOURCES__ORDERS__TABLE_NAME: 'one',
          SOURCES__SHOP_API__RESOURCES__ORDER__ITEMS__TABLE_NAME: 'two',
        },
      },
    );
    expect(source.resources.map(({ table_name }) => table_name)).toEqual(['one', 'two']);
  });

  test('a value of a JSON body keeps the kind it has in the file', async () => {
    const prefix = 'SOURCES__SHOP_API__RESOURCES__ORDERS__ENDPOINT__JSON__';
    const { source } = await load(yaml, {
      env: { [`${prefix}LIMIT`]: '9', [`${prefix}NOTE`]: '8', [`${prefix}OPEN`]: 'false' },
    });
    expect(source.resources[0]?.endpoint?.json).toEqual({ limit: 9, note: '8', open: false });
  });

  test('an option of a short form keeps the rest of it', async () => {
    const { source, pipeline } = await load(yaml.replace('.com/ }', '.com/, paginator: page_number }'), {
      env: {
        SOURCES__SHOP_API__CLIENT__PAGINATOR__PAGE_PARAM: 'p',
        SOURCES__SHOP_API__RESOURCES__ORDER__ITEMS__ENDPOINT__METHOD: 'POST',
        PIPELINE__DESTINATION__PATH: 'x.duckdb',
      },
    });
    expect(source.client?.paginator).toMatchObject({ type: 'page_number', page_param: 'p' });
    expect(source.resources[1]?.endpoint).toEqual({ path: 'order__items', method: 'POST' });
    expect(pipeline.destination).toMatchObject({ path: expect.stringMatching(/\/x\.duckdb$/) });
  });

  test('a whole section can come from the environment, the secret in it unprintable', async () => {
    const { source } = await load(yaml, {
      env: {
        SOURCES__SHOP_API__CLIENT__AUTH__TYPE: 'bearer',
        SOURCES__SHOP_API__CLIENT__AUTH__TOKEN: 'tkn-1234',
      },
    });
    expect(JSON.stringify(source.client?.auth)).toBe('{"type":"bearer","token":"***"}');
    const { auth } = source.client ?? {};
    expect(auth?.type === 'bearer' && auth.token.reveal()).toBe('tkn-1234');
  });

  test("dlt's own names reach client and destination", async () => {
    const { pipeline, source } = await load(yaml, {
      env: {
        DESTINATION__REPLACE_STRATEGY: 'insert-from-staging',
        RUNTIME__REQUEST_TIMEOUT: '7',
        RUNTIME__REQUEST_MAX_ATTEMPTS: '2',
        RUNTIME__REQUEST_BACKOFF_FACTOR: '3',
        RUNTIME__REQUEST_MAX_RETRY_DELAY: '60',
      },
    });
    expect(pipeline.destination).toMatchObject({ replace_strategy: 'insert-from-staging' });
    expect(source.client).toMatchObject({ timeout: 7000, retry: { attempts: 2, backoff: 3000, max_delay: 60_000 } });
  });

  test('the name of one place wins over the name for all of dlt', async () => {
    const { source } = await load(yaml, {
      env: { RUNTIME__REQUEST_TIMEOUT: '7', SOURCES__SHOP_API__CLIENT__TIMEOUT: '8' },
    });
    expect(source.client?.timeout).toBe(8000);
  });
});

describe('the place of the destination', () => {
  test.each([
    ['data/shop.duckdb', 'here/data/shop.duckdb'],
    ['duckdb:///data/shop.duckdb', 'here/data/shop.duckdb'],
    ['duckdb:////var/shop.duckdb', '/var/shop.duckdb'],
    ['/var/shop.duckdb', '/var/shop.duckdb'],
  ])('in a variable, `%s`, is relative to the current folder', async (credentials, expected) => {
    const folder = await tempFolder({ 'conf/pipeline.config.yaml': yaml });
    const cwd = path.join(folder, 'here');
    const env = { DESTINATION__DUCKDB__CREDENTIALS: credentials };
    const { pipeline } = await loadConfig('../conf/pipeline.config.yaml', { cwd, env });
    expect(pipeline.destination).toMatchObject({ path: path.resolve(folder, expected) });
    expect(pipeline.working_dir).toBe(path.join(folder, 'conf/.dezgo-elt'));
  });

  test('a working folder in a variable is relative to the current folder too', async () => {
    const folder = await tempFolder({ 'conf/pipeline.config.yaml': yaml });
    const env = { PIPELINE__WORKING_DIR: 'work' };
    const { pipeline } = await loadConfig('conf/pipeline.config.yaml', { cwd: folder, env });
    expect(pipeline.working_dir).toBe(path.join(folder, 'work'));
    expect(pipeline.destination).toMatchObject({ path: path.join(folder, 'conf/shop.duckdb') });
  });

  test.each(['md:shop', ':memory:', 'duckdb://', 'postgres://host/db', 'shop.duckdb?threads=2'])(
    'cannot be `%s`',
    async (credentials) => {
      expect(await problems(yaml, { env: { DESTINATION__DUCKDB__CREDENTIALS: credentials } })).toEqual([
        'environment DESTINATION__DUCKDB__CREDENTIALS  pipeline.destination.path  expected a path, or `duckdb:///` and a path',
      ]);
    },
  );
});

describe('variables', () => {
  test('that are empty are not set', async () => {
    const env = { PIPELINE__NAME: '', SOURCES__SHOP_API__CLIENT__BASE_URL: '', RUNTIME__REQUEST_TIMEOUT: '' };
    expect((await load(yaml, { env })).hash).toBe((await load(yaml)).hash);
  });

  test.each([
    ['PIPELINE__DATASET_NAM', 'PIPELINE__DATASET_NAME'],
    ['PIPELINE__PUBLISH__MODUS', 'PIPELINE__PUBLISH__MODE'],
    ['PIPELINE__COLOUR', undefined],
    ['PIPELINE__PUBLISH', undefined],
    ['SOURCES__SHOP_API__CLEINT__BASE_URL', 'SOURCES__SHOP_API__CLIENT__BASE_URL'],
    ['SOURCES__SHOP_API__RESOURCES__ORDER__ITEM__SELECTED', 'SOURCES__SHOP_API__RESOURCES__ORDER__ITEMS__SELECTED'],
    ['SOURCES__SHOP_API__RESOURCES__ORDERS__ENDPOINT__PATHS', 'SOURCES__SHOP_API__RESOURCES__ORDERS__ENDPOINT__PATH'],
    ['SOURCES__SHOP_API__API_KEZ', 'SOURCES__SHOP_API__API_KEY'],
    ['DESTINATION__DUCKDB__CREDENTIAL', 'DESTINATION__DUCKDB__CREDENTIALS'],
    ['DESTINATION__BIGQUERY__LOCATION', undefined],
  ])('that address nothing are warned about: `%s`', async (variable, meant) => {
    const auth = '.com/, auth: { type: bearer, token: { secret: api_key } } }';
    const { warnings } = await load(yaml.replace('.com/ }', auth), { env: { [variable]: 'not to be shown' } });
    const question = meant === undefined ? '' : `, did you mean \`${meant}\`?`;
    expect(warnings).toEqual([
      { at: `environment ${variable}`, message: `addresses nothing here and is ignored${question}` },
    ]);
  });

  test('that hold a secret, that are empty, or that are for another source are not warned about', async () => {
    const auth = '.com/, auth: { type: bearer, token: { secret: api_key, env: PIPELINE__KEY } } }';
    const env = {
      SOURCES__SHOP_API__API_KEY: 'one',
      PIPELINE__KEY: 'two',
      PIPELINE__NMAE: '',
      SOURCES__OTHER__CLIENT__BASE_URL: 'x',
    };
    expect((await load(yaml.replace('.com/ }', auth), { env })).warnings).toEqual([]);
  });

  test('that rename the source leave the others their meaning', async () => {
    const env = { SOURCES__SHOP_API__NAME: 'other', SOURCES__SHOP_API__ROOT_KEY: 'true' };
    const { source, warnings } = await load(yaml, { env });
    expect({ source, warnings }).toMatchObject({ source: { name: 'other', root_key: true }, warnings: [] });
  });

  test('that address nothing are ignored', async () => {
    const env = {
      PIPELINE__COLOUR: 'red',
      PIPELINE__PUBLISH: 'x',
      PIPELINE__NAME__FIRST: 'x',
      SOURCES__OTHER__CLIENT__BASE_URL: 'x',
      SOURCES__SHOP_API: 'x',
      SOURCES__SHOP_API__RESOURCES: 'x',
      SOURCES__SHOP_API__RESOURCES__NOTHING__ENDPOINT__PATH: 'x',
      SOURCES__SHOP_API__RESOURCES__ORDERS__COLUMNS__TOTAL__PRECISION: 'x',
      pipeline__name: 'x',
    };
    expect((await load(yaml, { env })).hash).toBe((await load(yaml)).hash);
  });

  test('of a client are ignored where there is no client', async () => {
    const text = 'pipeline: { name: shop }\nsource: { name: s, resources: [orders] }\n';
    const [found] = await problems(text, { env: { RUNTIME__REQUEST_TIMEOUT: '7' } });
    expect(found).toContain('needs `source.client` with a `base_url`, or `data`');
  });

  test('with a bad value are named, after the problems of the file', async () => {
    const env = {
      PIPELINE__PUBLISH__MODE: 'swop',
      SOURCES__SHOP_API__CLIENT__TIMEOUT: 'soon',
      SOURCES__SHOP_API__RESOURCES__ORDERS__SELECTED: 'maybe',
      RUNTIME__REQUEST_MAX_ATTEMPTS: 'many',
    };
    const found = await problems(yaml.replace('pipeline: {', 'pipeline: { nmae: x,'), { env });
    expect(found[0]).toContain('pipeline.config.yaml:1:13  pipeline.nmae');
    expect(found.slice(1).sort()).toEqual([
      'environment PIPELINE__PUBLISH__MODE  pipeline.publish.mode  expected one of `swap`, `in_place`, got `swop`, did you mean `swap`?',
      'environment RUNTIME__REQUEST_MAX_ATTEMPTS  source.client.retry.attempts  expected a number, got text',
      'environment SOURCES__SHOP_API__CLIENT__TIMEOUT  source.client.timeout  expected a duration: seconds, or `500ms`, `30s`, `5m`, `2h`',
      'environment SOURCES__SHOP_API__RESOURCES__ORDERS__SELECTED  source.resources.orders.selected  expected `true` or `false`, got text',
    ]);
  });

  test('that break a rule between values are named too', async () => {
    expect(await problems(yaml, { env: { PIPELINE__DATASET_NAME: 'Shop' } })).toEqual([
      expect.stringMatching(/^environment PIPELINE__DATASET_NAME {2}pipeline\.dataset_name {2}must differ/),
    ]);
  });
});
