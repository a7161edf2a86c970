import { expect, test } from 'vitest';
import { load, problems, withResources } from './loading.ts';

function withDefaults(defaults: string, ...lines: string[]): string {
  return withResources(...lines).replace('  resources:', `  resource_defaults: ${defaults}\n  resources:`);
}

async function only(yaml: string) {
  const { source } = await load(yaml);
  return source.resources[0];
}

test('a resource takes every key it does not set itself', async () => {
  const yaml = withDefaults('{ write_disposition: merge, primary_key: id }', '- a', '- { name: b, primary_key: key }');
  const { source } = await load(yaml);
  expect(source.resources).toMatchObject([
    { name: 'a', primary_key: ['id'], write_disposition: { disposition: 'merge' }, endpoint: { path: 'a' } },
    { name: 'b', primary_key: ['key'], write_disposition: { disposition: 'merge' }, endpoint: { path: 'b' } },
  ]);
});

test('`params` and `json` of the endpoint are merged one level, the rest of it is replaced', async () => {
  const defaults =
    '{ endpoint: { params: { a: 1, b: { type: values, from: [] } }, json: { x: { y: 1 }, z: 1 }, headers: { A: "1" }, data_selector: d } }';
  const own = '{ method: POST, path: "p/{b}", params: { b: 2, c: 3 }, json: { x: { w: 1 } }, headers: { B: "2" } }';
  expect((await only(withDefaults(defaults, `- { name: r, endpoint: ${own} }`)))?.endpoint).toEqual({
    path: 'p/{b}',
    method: 'POST',
    data_selector: 'd',
    params: { a: 1, b: 2, c: 3 },
    json: { x: { w: 1 }, z: 1 },
    headers: { B: '2' },
  });
});

test('a path alone keeps the rest of the default endpoint', async () => {
  const resource = await only(withDefaults('{ endpoint: { data_selector: d } }', '- { name: r, endpoint: p }'));
  expect(resource?.endpoint).toEqual({ path: 'p', data_selector: 'd', method: 'GET' });
});

test('`columns` are merged hint by hint, lists and mappings alike', async () => {
  const resource = await only(
    withDefaults(
      '{ columns: [{ name: a, data_type: text }, { name: b, nullable: false }] }',
      '- { name: r, columns: { a: { nullable: false }, c: { data_type: bool } } }',
    ),
  );
  expect(resource?.columns).toEqual({
    a: { name: 'a', data_type: 'text', nullable: false },
    b: { name: 'b', nullable: false },
    c: { data_type: 'bool' },
  });
});

test('a null takes a default away', async () => {
  const resource = await only(
    withDefaults(
      '{ primary_key: id, columns: { a: { data_type: text } }, endpoint: { data_selector: d, params: { a: 1 } } }',
      '- { name: r, primary_key: null, columns: null, endpoint: { data_selector: null, params: { a: null } } }',
    ),
  );
  expect(resource).not.toHaveProperty('primary_key');
  expect(resource).not.toHaveProperty('columns');
  expect(resource?.endpoint).toEqual({ path: 'r', method: 'GET', params: { a: null } });
});

test('a problem in a default is reported once, where it stands', async () => {
  expect(await problems(withDefaults('{ primery_key: id, write_disposition: mrege }', '- a', '- b'))).toEqual([
    'pipeline.config.yaml:5:24  source.resource_defaults.primery_key  unknown key, did you mean `primary_key`?',
    expect.stringContaining(':5:41  source.resource_defaults.write_disposition  expected one of `append`'),
  ]);
});

test('a rule that a default breaks names the resource it breaks it for', async () => {
  expect(await problems(withDefaults('{ write_disposition: merge }', '- a', '- { name: b, primary_key: id }'))).toEqual(
    [
      'pipeline.config.yaml:5:24  source.resource_defaults.write_disposition  `merge` needs a `primary_key` or a `merge_key` (for `source.resources.a`)',
    ],
  );
});

test('a mistyped key in a default that every resource overrides is still a problem', async () => {
  const found = await problems(withDefaults('{ columns: { a: { data_type: txt } } }', '- { name: a, columns: null }'));
  expect(found).toEqual([expect.stringContaining('source.resource_defaults.columns.a.data_type')]);
});

test('defaults that are no mapping are a problem', async () => {
  expect(await problems(withDefaults('[1]', '- a'))).toEqual([
    expect.stringContaining('source.resource_defaults  expected a mapping, got a list'),
  ]);
});
