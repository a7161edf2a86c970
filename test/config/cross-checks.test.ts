import { describe, expect, test } from 'vitest';
import { resolveConfig } from '../../src/config/load-config.ts';
import { failure, load, problems, withResources } from './config-folder.ts';

describe('the dataset', () => {
  test.each([
    ['{ name: shop, dataset_name: shop }', 'shop.duckdb'],
    ['{ name: shop, dataset_name: Data, destination: { path: x/data.db } }', 'data.db'],
    ['{ name: shop, destination: { path: shop_dataset.duckdb } }', 'shop_dataset.duckdb'],
  ])('of %s must differ from the name of the file', async (pipeline, file) => {
    const found = await problems(withResources('- a').replace('{ name: shop }', pipeline));
    expect(found).toEqual([expect.stringContaining(`must differ from the name of the destination file, \`${file}\``)]);
  });
});

describe('tables', () => {
  test.each([
    ['two resources of one name', ['- a', '- a'], 'a resource `a` is already there'],
    [
      'two names that become one table',
      ['- jobTypes', '- job_types'],
      'the table would be `job_types`, which resource `jobTypes`',
    ],
    ['a table name that is taken', ['- a', '- { name: b, table_name: A }'], 'b.table_name  the table would be `a`'],
    ['a name without a letter', ['- __'], 'expected a name with a letter or digit, for the table'],
    ['a table of the books', ['- _dlt_loads'], "`_dlt_loads` would be one of the pipeline's own"],
  ])('%s are a problem', async (_, lines, message) => {
    expect(await problems(withResources(...lines))).toEqual([expect.stringContaining(message)]);
  });
});

describe('a merge', () => {
  test.each([
    ['merge', '`merge` needs a `primary_key` or a `merge_key`'],
    ['{ disposition: merge, strategy: delete-insert }', '`merge` needs a `primary_key` or a `merge_key`'],
    ['{ disposition: merge, strategy: upsert }', '`upsert` needs a `primary_key`'],
    ['{ disposition: merge, strategy: upsert }, merge_key: id', '`upsert` needs a `primary_key`'],
    ['{ disposition: merge, strategy: insert-only }', '`insert-only` needs a `primary_key`'],
  ])('`%s` without its key is a problem', async (disposition, message) => {
    const found = await problems(withResources(`- { name: a, write_disposition: ${disposition} }`));
    expect(found).toEqual([expect.stringContaining(`source.resources.a.write_disposition  ${message}`)]);
  });

  test.each([
    'merge, primary_key: [a, b]',
    'merge, merge_key: day',
    'merge, columns: { id: { primary_key: true } }',
    'merge, columns: { day: { merge_key: true } }',
    '{ disposition: merge, strategy: scd2 }',
    '{ disposition: merge, strategy: upsert }, primary_key: id',
  ])('`%s` is complete', async (disposition) => {
    const { source } = await load(withResources(`- { name: a, write_disposition: ${disposition} }`));
    expect(source.resources[0]?.write_disposition.disposition).toBe('merge');
  });
});

describe('placeholders', () => {
  const values = '{ type: values, from: [{ list: [1] }] }';

  test.each([
    ['{ path: "a/{id}" }', 'endpoint.path  `{id}` has no value: add `params: { id: … }`'],
    ['{ path: "a/{id}", params: { id: null } }', 'endpoint.path  `{id}` needs one value, or `type: values`'],
    ['{ path: "a/{id}", params: { id: [1, 2] } }', 'endpoint.path  `{id}` needs one value, or `type: values`'],
    [
      `{ path: a, params: { id: ${values} } }`,
      'params.id  `type: values` needs the placeholder `{id}` in `path`, here `a`',
    ],
    [`{ path: "a/{{id}}", params: { id: ${values} } }`, 'params.id  `type: values` needs the placeholder'],
    ['{ path: "a/{resources.b.id}" }', 'endpoint.path  `{resources.b.id}` of dlt is not supported here yet'],
    [
      `{ path: "a/{id}", params: { id: ${values} }, fallbacks: [{ path: "b/{key}" }] }`,
      'endpoint.fallbacks[0].path  `{key}` has no value',
    ],
  ])('%s is a problem', async (endpoint, message) => {
    expect(await problems(withResources(`- { name: a, endpoint: ${endpoint} }`))).toContainEqual(
      expect.stringContaining(message),
    );
  });

  test.each([
    '{ path: "a/{id}", params: { id: 5 } }',
    `{ path: "a/{id}", params: { id: ${values} } }`,
    '{ path: "a/{{id}}" }',
    'https://other.example.com/a',
  ])('%s is complete', async (endpoint) => {
    const { source } = await load(withResources(`- { name: a, endpoint: ${endpoint} }`));
    expect(source.resources).toHaveLength(1);
  });
});

describe('where records come from', () => {
  test('an endpoint needs a client', async () => {
    const yaml = 'pipeline: { name: shop }\nsource: { name: s, resources: [{ name: a, endpoint: x }] }\n';
    expect(await problems(yaml)).toEqual([
      'pipeline.config.yaml:2:32  source.resources.a  needs `source.client` with a `base_url`, or `data`',
    ]);
  });

  test('an endpoint sends `json` or `data`, not both', async () => {
    expect(await problems(withResources('- { name: a, endpoint: { method: POST, json: {}, data: x } }'))).toEqual([
      expect.stringContaining('endpoint.data  expected either `json` or `data`, not both'),
    ]);
  });

  test('a resource has an endpoint or data, not both; a default endpoint does not count', async () => {
    const config = (endpoint: object) => ({
      pipeline: { name: 'shop' },
      source: {
        name: 's',
        resource_defaults: { endpoint: { data_selector: 'd' } },
        resources: [{ name: 'a', data: () => [], ...endpoint }],
      },
    });
    const { source } = await resolveConfig(config({}), { env: {} });
    expect(source.resources[0]).not.toHaveProperty('endpoint');
    const error = await failure(resolveConfig(config({ endpoint: 'x' }), { env: {} }));
    expect(error.message).toContain('source.resources.a.data  expected either `endpoint` or `data`, not both');
  });
});

describe('the type of a column', () => {
  test.each([
    ['{ data_type: decimal, precision: 39, scale: 2 }', 'precision', 'expected 1 to 38 digits'],
    ['{ data_type: decimal, precision: 0, scale: 0 }', 'precision', 'expected 1 to 38 digits'],
    ['{ data_type: wei, precision: 77 }', 'precision', 'expected 1 to 38 digits'],
    [
      '{ data_type: decimal, precision: 5 }',
      'precision',
      'needs a `scale` of at most 5 beside it: without one it is 9',
    ],
    ['{ data_type: decimal, precision: 5, scale: 6 }', 'scale', 'expected at most the precision, 5, got 6'],
    ['{ data_type: decimal, scale: 39 }', 'scale', 'expected at most the precision, 38, got 39'],
    ['{ data_type: bigint, precision: 20 }', 'precision', 'expected one of 8, 16, 32, 64, 128'],
    ['{ data_type: timestamp, precision: 10 }', 'precision', 'expected at most 9'],
    ['{ data_type: double, scale: 2 }', 'scale', 'is only for `data_type: decimal` and `wei`'],
    ['{ scale: 2 }', 'scale', 'is only for `data_type: decimal` and `wei`'],
  ])('%s is a problem where DuckDB has no such type', async (hint, key, message) => {
    const found = await problems(withResources(`- { name: a, columns: { price: ${hint} } }`));
    expect(found).toEqual([expect.stringContaining(`source.resources.a.columns.price.${key}  ${message}`)]);
    expect(found[0]).toMatch(/^pipeline\.config\.yaml:6:\d+ /);
  });

  test('is checked in nested tables and in lists of columns too, all of them', async () => {
    const found = await problems(
      withResources(
        '- name: a',
        '  columns: [{ name: price, data_type: decimal, precision: 50, scale: 51 }]',
        '  nested_hints: { tiers: { columns: { limit: { data_type: bigint, precision: 7 } } } }',
      ),
    );
    expect(found).toEqual([
      expect.stringMatching(/:7:\d+ .*columns\.price\.precision {2}expected 1 to 38/),
      expect.stringMatching(/:7:\d+ .*columns\.price\.scale {2}expected at most the precision, 50, got 51/),
      expect.stringMatching(/:8:\d+ .*nested_hints\.tiers\.columns\.limit\.precision {2}expected one of 8/),
    ]);
  });

  test.each([
    '{ data_type: decimal }',
    '{ data_type: decimal, precision: 38, scale: 38 }',
    '{ data_type: decimal, precision: 9 }',
    '{ data_type: wei }',
    '{ data_type: bigint, precision: 128 }',
    '{ data_type: timestamp, precision: 0, timezone: false }',
    '{ data_type: timestamp, precision: 9 }',
    '{ data_type: text, precision: 300 }',
  ])('%s has its DuckDB type', async (hint) => {
    const { source } = await load(withResources(`- { name: a, columns: { price: ${hint} } }`));
    expect(source.resources[0]?.columns).toHaveProperty('price');
  });
});
