import { describe, expect, test } from 'vitest';
import { resolveConfig } from '../../src/config/load-config.ts';
import { failure, load, problems, withResources } from './loading.ts';

describe('the dataset', () => {
  test.each([
    ['{ name: shop, dataset_name: shop }', 'shop.duckdb'],
    ['{ name: shop, dataset_name: Data, destination: { path: x/data.db } }', 'data.db'],
    ['{ name: shop, destination: { path: shop_dataset.duckdb } }', 'shop_dataset.duckdb'],
  ])('of %s must differ from the name of the file', async (pipeline, file) => {
    const found = await problems(withResources('- a').replace('{ name: shop }', pipeline));
    expect(found).toEqual([expect.stringContaining(`must differ from the name of the live file, \`${file}\``)]);
  });
});

describe('a dataset', () => {
  test.each([
    ['temp', 'is a database of DuckDB itself: `temp.models`'],
    ['System', 'is a database of DuckDB itself: `system.models`'],
    ['information_schema', 'takes no tables'],
    ['pg_catalog', 'takes no tables'],
  ])('cannot be called %s', async (name, message) => {
    const found = await problems(
      withResources('- a').replace('{ name: shop }', `{ name: shop, dataset_name: ${name} }`),
    );
    expect(found).toEqual([expect.stringMatching(`pipeline.dataset_name  \`${name}\` .*${message}`)]);
  });

  test.each(['main', 'memory', 'constructor', 'select'])('can be called %s', async (name) => {
    const { pipeline } = await load(
      withResources('- a').replace('{ name: shop }', `{ name: shop, dataset_name: ${name} }`),
    );
    expect(pipeline.dataset_name).toBe(name);
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

describe('the hints of a merge', () => {
  const scd2 = (options: string) => `write_disposition: { disposition: merge, strategy: scd2, ${options} }`;

  test.each([
    [
      'columns: { a: { hard_delete: true }, b: { hard_delete: false }, c: { hard_delete: true } }',
      'columns.c.hard_delete  only one column of a table can have it, and `a` does',
    ],
    ['columns: [{ name: a, dedup_sort: asc }, { name: b, dedup_sort: desc }]', 'dedup_sort  only one column'],
    [
      'nested_hints: { l: { columns: { a: { dedup_sort: asc }, b: { dedup_sort: asc } } } }',
      'nested_hints.l.columns.b.dedup_sort  only one column of a table can have it, and `a` does',
    ],
    [scd2('boundary_timestamp: soon'), 'boundary_timestamp  expected a timestamp, such as 2026-01-31'],
    [scd2('boundary_timestamp: 2026-02-30'), 'got `2026-02-30`'],
    [scd2('boundary_timestamp: ""'), 'got ``'],
    [scd2('active_record_timestamp: for ever'), 'active_record_timestamp  expected a timestamp'],
    [scd2('validity_column_names: [validFrom, valid_from]'), 'validity_column_names  expected two columns'],
  ])('`%s` is a problem', async (hints, message) => {
    const found = await problems(withResources(`- { name: a, ${hints} }`));
    expect(found).toEqual([expect.stringContaining(message)]);
  });

  test.each([
    scd2('boundary_timestamp: 2026-01-31'),
    scd2('boundary_timestamp: "1700000000"'),
    scd2('boundary_timestamp: null, active_record_timestamp: null'),
    scd2('active_record_timestamp: 9999-12-31T00:00:00Z'),
    'primary_key: id, write_disposition: merge, columns: { a: { hard_delete: true, dedup_sort: asc } }',
  ])('`%s` is right', async (hints) => {
    expect(await load(withResources(`- { name: a, ${hints} }`))).toMatchObject({ warnings: [] });
  });

  test('without one are warned of: they have no effect', async () => {
    const hints = 'write_disposition: replace, columns: { a: { hard_delete: true, dedup_sort: asc } }';
    const { warnings } = await load(withResources(`- { name: a, ${hints} }`));
    expect(warnings).toEqual([
      {
        at: expect.stringMatching(/^pipeline\.config\.yaml:6:\d+$/),
        message:
          '`source.resources.a.columns.a.hard_delete`: `hard_delete` has no effect with `replace`: it goes with `write_disposition: merge`',
      },
      expect.objectContaining({ message: expect.stringContaining('`dedup_sort` has no effect with `replace`') }),
    ]);
  });
});

describe('`skip_unchanged: true`', () => {
  test.each([
    ['paid: true', 'it costs money'],
    ['incremental: { cursor_path: id }', 'it is incremental'],
    ['poll: { until: id }', 'it is polled'],
    ['path: "a/{id}", params: { id: { type: values, from: [{ list: [1] }] } }', 'it is asked for each of its values'],
  ])('beside { %s } is warned of: %s', async (endpoint, why) => {
    const { warnings } = await load(withResources(`- { name: a, skip_unchanged: true, endpoint: { ${endpoint} } }`));
    expect(warnings.map(({ message }) => message)).toEqual([
      `\`source.resources.a.skip_unchanged\`: has no effect on \`a\`: ${why}, and is loaded each time`,
    ]);
  });

  test('of a list that is appended is right', async () => {
    expect(await load(withResources('- { name: a, skip_unchanged: true }'))).toMatchObject({ warnings: [] });
  });
});

describe('placeholders', () => {
  const values = '{ type: values, from: [{ list: [1] }] }';

  test.each([
    ['{ path: "a/{id}" }', 'endpoint.path  `{id}` has no value: add `params: { id: … }`'],
    [
      '{ path: "a/{id:>5}", params: { id: 7 } }',
      'endpoint.path  `{id:>5}`: a placeholder has no format, expected `{id}`',
    ],
    ['{ path: "a/{id}", params: { id: null } }', 'endpoint.path  `{id}` needs one value, or `type: values`'],
    ['{ path: "a/{id}", params: { id: [1, 2] } }', 'endpoint.path  `{id}` needs one value, or `type: values`'],
    [
      `{ path: a, params: { id: ${values} } }`,
      'params.id  `type: values` needs the placeholder `{id}` in `path`, here `a`',
    ],
    [`{ path: "a/{{id}}", params: { id: ${values} } }`, 'params.id  `type: values` needs the placeholder'],
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

describe('a query for values', () => {
  const resource = (query: string) =>
    withResources(
      `- { name: a, endpoint: { path: "a/{id}", params: { id: { type: values, from: [{ list: [] }, { query: ${JSON.stringify(query)} }] } } } }`,
    );

  test.each([
    ["copy jobs to 'out.csv'", ', got `copy`'],
    ['/* all\n */ -- of it\n  (SET threads = 1)', ', got `SET`'],
    ['-- select', ''],
  ])('%j is a problem', async (query, got) => {
    const message = `from[1].query  expected one \`select\`${got}: a query reads the live file and changes nothing`;
    expect(await problems(resource(query))).toEqual([expect.stringContaining(message)]);
  });

  test.each(['select 1', '-- open\n(With x as (select 1) from x)', 'from\njobs'])('%j is complete', async (query) => {
    expect((await load(resource(query))).source.resources).toHaveLength(1);
  });
});

describe('a text outside of the path', () => {
  const values = '{ type: values, from: [{ list: [1] }] }';
  const found = async (endpoint: string) =>
    problems(withResources(`- { name: a, endpoint: { path: "a/{id}", method: POST, ${endpoint} } }`));

  test.each([
    [
      `params: { id: ${values}, q: "{id} { x }" }`,
      'params.q  braces beside a placeholder have to be doubled: expected `{id} {{ x }}`',
    ],
    [
      `params: { id: ${values} }, json: { a: [{ q: "query { job(id: {id}) }" }] }`,
      'json.a[0].q  braces beside a placeholder have to be doubled: expected `query {{ job(id: {id}) }}`',
    ],
    [
      'params: { id: 5 }, json: { a: "{incremental.start_value}" }',
      'json.a  `{incremental.start_value}` needs `incremental` in the endpoint',
    ],
    [
      'params: { id: 5, q: "{unknown.posts.id}" }',
      'params.q  `{unknown.posts.id}`: expected `resources.<name>.<field>`, `incremental.<member>` or the name of a `values` parameter; double the braces if they are meant',
    ],
    [
      `json: { "{id}": 1, a: "{id}" }, params: { id: ${values} }`,
      'json.{id}  `{id}` cannot stand in the name of a key',
    ],
    [`params: { id: ${values}, "{id}": 1, a: "{id}" }`, 'params.{id}  `{id}` cannot stand in the name of a key'],
    [`params: { id: ${values}, q: "{id:>5}" }`, 'params.q  `{id:>5}`: a placeholder has no format, expected `{id}`'],
    [`params: { id: ${values}, q: "{id!r}" }`, 'params.q  `{id!r}`: a placeholder has no format, expected `{id}`'],
    [
      'params: { id: 5 }, json: { a: "{{id}} and { x }" }',
      'json.a  some braces are doubled and some are not: expected `{{id}} and {{ x }}`',
    ],
  ])('with a placeholder is a problem: %s', async (endpoint, message) => {
    const [problem, ...more] = await found(endpoint);
    expect(problem).toMatch(/^pipeline\.config\.yaml:6:\d+ /);
    expect(problem).toContain(`source.resources.a.endpoint.${message}`);
    expect(more).toEqual([]);
  });

  test.each([
    ['base_url: "https://api.example.com/{id}/"', 'base_url'],
    ['base_url: "https://api.example.com/", headers: { X-Id: "{id}" }', 'headers.X-Id'],
  ])('in the client is a problem: %s', async (client, place) => {
    const text = withResources(`- { name: a, endpoint: { path: "a/{id}", params: { id: ${values} } } }`);
    expect(await problems(text.replace('base_url: https://api.example.com/', client))).toEqual([
      expect.stringContaining(`source.client.${place}  \`{id}\` cannot stand in the client, only in an endpoint`),
    ]);
  });

  test('of a fallback is a problem where it stands, what it inherits only once', async () => {
    const endpoint = `params: { id: ${values} }, json: { a: "{id!r}" }, fallbacks: [{ path: "b/{id}" }, { path: "c/{id}", json: { b: "{id!s}" } }]`;
    expect(await found(endpoint)).toEqual([
      expect.stringContaining('endpoint.json.a  `{id!r}`'),
      expect.stringContaining('endpoint.fallbacks[1].json.b  `{id!s}`'),
    ]);
  });

  test.each([
    `params: { id: ${values}, q: "x {id}" }`,
    `params: { id: ${values}, q: [a, "{id}"] }`,
    `params: { id: ${values} }, json: { a: [{ b: "{id}" }] }`,
    `params: { id: ${values} }, json: { q: "query {{ job(id: {id}) {{ state }} }}" }`,
    `params: { id: ${values} }, data: "id={id}"`,
    `params: { id: ${values} }, data: { id: "{id}" }`,
    `params: { id: ${values} }, headers: { X-Id: "{id}" }`,
  ])('with a placeholder for values is complete, wherever it stands: %s', async (endpoint) => {
    const { source } = await load(withResources(`- { name: a, endpoint: { method: POST, ${endpoint} } }`));
    expect(source.resources).toHaveLength(1);
  });

  test.each([
    'json: { query: "query { jobs(first: 5, where: {status: {eq: done}}) { nodes { id } } }" }',
    'json: { query: "{ jobs { id } }", q: "{id}" }',
    `params: { filter: '{"a":{"b":[1,{"c":"{x}"}]}}' }`,
    'params: { q: "{}", r: "{", s: "}}", t: "{0}", u: "{a b}" }',
    `data: '{"prompt":"a {red} house"}'`,
    'data: { prompt: "{{model.name}}" }',
    'headers: { X-Braces: "{a}" }',
    'json: { client: { secret: s, id: 5 } }',
  ])('with braces that are no placeholder is none: %s', async (endpoint) => {
    const { source } = await load(withResources(`- { name: a, endpoint: { method: POST, ${endpoint} } }`));
    expect(source.resources).toHaveLength(1);
  });

  test.each([
    ['json: { secret: token, env: TOKEN }', 'json'],
    ['params: { secret: token }', 'params'],
    ['headers: { secret: token }', 'headers'],
    ['data: { secret: token }', 'data'],
  ])('that could be one secret or a mapping is a problem: %s', async (endpoint, place) => {
    const found = await problems(withResources(`- { name: a, endpoint: { method: POST, ${endpoint} } }`));
    expect(found).toEqual([
      expect.stringContaining(
        `source.resources.a.endpoint.${place}  \`{ secret: … }\` stands for one value, and here stand several by their names`,
      ),
    ]);
    expect(found[0]).toMatch(/^pipeline\.config\.yaml:6:\d+ /);
  });
});

describe('a request', () => {
  test.each([
    ['json: { a: 1 }', 'json  a GET sends no body: `json` needs `method: POST`'],
    ['data: x', 'data  a GET sends no body: `data` needs `method: POST`'],
    [
      'method: POST, json: {}, fallbacks: [{ method: GET }]',
      'fallbacks[0].method  a GET sends no body: `json` needs `method: POST`',
    ],
    ['headers: { "a b": x }', 'headers.a b  cannot be sent'],
    ['headers: { a: "x\\ny" }', 'headers.a  cannot be sent'],
    ['auth: { type: api_key, name: "X Key", api_key: { secret: k } }', 'auth.name  cannot be sent'],
  ])('that can never be sent is a problem: %s', async (endpoint, message) => {
    expect(await problems(withResources(`- { name: a, endpoint: { ${endpoint} } }`))).toEqual([
      expect.stringContaining(`source.resources.a.endpoint.${message}`),
    ]);
  });
});

describe('a paginator', () => {
  const post = 'method: POST, json: { a: { b: 1 } }';

  test.each([
    ['cursor, cursor_param: c, cursor_body_path: c', 'cursor'],
    ['page_number, page_param: p, page_body_path: p', 'page'],
    ['offset, limit: 5, offset_param: o, offset_body_path: o', 'offset'],
    ['offset, limit: 5, limit_param: l, limit_body_path: l', 'limit'],
  ])('with a parameter and a place in the body is a problem: %s', async (paginator, name) => {
    expect(
      await problems(withResources(`- { name: a, endpoint: { ${post}, paginator: { type: ${paginator} } } }`)),
    ).toEqual([
      expect.stringContaining(
        `endpoint.paginator.${name}_body_path  expected either \`${name}_param\` or \`${name}_body_path\`, not both`,
      ),
    ]);
  });

  test.each([
    [
      '',
      'page_number, page_body_path: p',
      'page_body_path  a GET sends no body: `page_body_path` needs `method: POST`',
    ],
    [
      'method: POST, data: x,',
      'cursor, cursor_body_path: c',
      'cursor_body_path  `cursor_body_path` writes into JSON: expected `json`, not `data`',
    ],
    [
      `${post},`,
      'cursor, cursor_body_path: a.b.c',
      'cursor_body_path  the body in `json` has no place for `a.b.c`, which `cursor_body_path` sets',
    ],
    [
      'method: POST, json: text,',
      'cursor, cursor_body_path: c',
      'cursor_body_path  the body in `json` has no place for `c`, which `cursor_body_path` sets',
    ],
  ])('that writes where no body is is a problem: %s %s', async (endpoint, paginator, message) => {
    expect(
      await problems(withResources(`- { name: a, endpoint: { ${endpoint} paginator: { type: ${paginator} } } }`)),
    ).toEqual([expect.stringContaining(`source.resources.a.endpoint.paginator.${message}`)]);
  });

  test('of the client is checked where it applies', async () => {
    const yaml = withResources('- a', '- { name: b, endpoint: { method: POST } }', '- { name: c, endpoint: "c/{id}" }');
    const client = 'paginator: { type: offset, limit: 5, offset_body_path: o, limit_body_path: l }';
    const found = await problems(
      yaml
        .replace('api.example.com/ }', `api.example.com/, ${client} }`)
        .replace('"c/{id}"', '{ path: "c/{id}", params: { id: 1 } }'),
    );
    expect(found).toEqual([
      expect.stringContaining(
        'resources.a.endpoint.paginator  a GET sends no body: `offset_body_path` of `source.client.paginator`',
      ),
      expect.stringContaining(
        'resources.a.endpoint.paginator  a GET sends no body: `limit_body_path` of `source.client.paginator`',
      ),
    ]);
  });

  test.each([
    ['page_number', 'maximum_page'],
    ['offset, limit: 5', 'maximum_offset'],
  ])('that nothing ends is a problem: %s', async (type, maximum) => {
    const paginator = `{ type: ${type}, total_path: null, stop_after_empty_page: false }`;
    expect(await problems(withResources(`- { name: a, endpoint: { paginator: ${paginator} } }`))).toEqual([
      expect.stringContaining('endpoint.paginator.stop_after_empty_page  nothing ends this list'),
    ]);
    for (const end of [`${maximum}: 5`, 'maximum_pages: 5', 'has_more_path: more', 'total_path: pages']) {
      const ended = paginator.replace(
        end.startsWith('total') ? 'total_path: null' : ' }',
        end.startsWith('total') ? end : `, ${end} }`,
      );
      expect(
        (await load(withResources(`- { name: a, endpoint: { paginator: ${ended} } }`))).source.resources,
      ).toHaveLength(1);
    }
  });

  test.each(['cursor_param: ""', 'cursor_body_path: ""'])('with %s is a problem', async (option) => {
    expect(
      await problems(withResources(`- { name: a, endpoint: { paginator: { type: cursor, ${option} } } }`)),
    ).toEqual([expect.stringContaining('expected text that is not empty')]);
  });

  test('that looks for a header no reply can have is a problem', async () => {
    expect(
      await problems(
        withResources('- { name: a, endpoint: { paginator: { type: header_cursor, cursor_key: "next page" } } }'),
      ),
    ).toEqual([expect.stringContaining('paginator.cursor_key  expected the name of a header')]);
  });
});

test('`auth: none`, and `auth: null`, send no credentials of the client', async () => {
  const yaml = withResources(
    '- { name: a, endpoint: { auth: null } }',
    '- { name: b, endpoint: { auth: none, fallbacks: [{ path: c, auth: null }] } }',
    '- { name: d, endpoint: { path: d, fallbacks: [{ path: e, auth: null }] } }',
  );
  const { source } = await load(yaml);
  expect(source.resources.map(({ endpoint }) => endpoint?.auth)).toEqual(['none', 'none', undefined]);
  expect(source.resources.map(({ endpoint }) => endpoint?.fallbacks?.[0]?.auth)).toEqual([undefined, 'none', 'none']);
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
