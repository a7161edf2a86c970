import { describe, expect, test } from 'vitest';
import { loadConfigText } from '../../src/config/load-config.ts';
import { sourceYaml } from '../../src/scaffold/source-yaml.ts';
import { answering, documentOf, drafted, listOf, object, parameters, text } from '../openapi/documents.ts';

const yamlOf = (document: unknown) => sourceYaml(drafted(document), './config.schema.json');
const loaded = (yaml: string) => loadConfigText(yaml, '/nowhere', { env: {} });

test('a draft is written with its guesses and their reasons, the same bytes each time', async () => {
  const document = documentOf(
    {
      '/orders': answering(object({ orders: listOf('id') }), {
        summary: 'All orders',
        parameters: parameters({ page: {}, updated_since: {} }),
      }),
      '/orders/{id}/lines': listOf('sku'),
      '/stock': listOf('amount'),
    },
    {
      components: { securitySchemes: { key: { type: 'apiKey', in: 'header', name: 'X-Key' } } },
      security: [{ key: [] }],
    },
  );
  const yaml = yamlOf(document);
  expect(yaml).toBe(yamlOf(structuredClone(document)));
  expect(yaml).toBe(`# yaml-language-server: $schema=./config.schema.json
#
# From the OpenAPI document of Shop: 3 resources, of which a run loads 3.
# What the document does not say outright is a guess, with its reason above it. \`npx dezgo-elt check\` asks for one page of each.

pipeline:
  name: shop_pipeline
  dataset_name: shop_data
  destination: { type: duckdb, path: shop_pipeline.duckdb }
source:
  name: shop_source
  client:
    base_url: "https://shop.example.com/v1"
    auth:
      type: api_key
      name: X-Key
      location: header
      api_key: { secret: api_key }
  resources:
    # GET /orders
    - name: orders
      description: All orders
      primary_key: id
      write_disposition: merge
      endpoint:
        path: orders
        # a guess: the only list, and what stands beside it tells of the reply
        data_selector: orders
        # a guess: the parameter \`page\`; where pages begin, the document does not say: most count from 1
        paginator:
          type: page_number
          base_page: 1
          total_path: null

    # GET /orders/{id}/lines
    - name: orders_lines
      # a guess: by its name; look whether no two records share it; it may come again under another parent
      primary_key: [ _orders_id, sku ]
      write_disposition: merge
      include_from_parent: [ id ]
      endpoint:
        # a guess: the field of \`orders\` that is called so: \`id\`
        path: "orders/{resources.orders.id}/lines"
        data_selector: $

    # GET /stock
    - name: stock
      # primary_key: nothing in the document tells one record from another
      # without a key, each run replaces all
      write_disposition: replace
      endpoint:
        path: stock
        data_selector: $
`);
  const { source } = await loaded(yaml);
  expect(source.resources.map(({ name, selected }) => [name, selected])).toEqual([
    ['orders', true],
    ['orders_lines', true],
    ['stock', true],
  ]);
});

describe('what a document says stays text: nothing in it becomes a key, a reference, a placeholder or a line of its own', () => {
  const evil = [
    'x\nsource: { client: { base_url: https://evil.example.com } }',
    'x\r\n---\nsource: 1',
    'x\u2028source: 1\u2029y\u0085z\u0000',
    '# x\n  auth: none',
    '{ secret: api_key }',
    '{resources.orders.id}',
    '{variables.token}{incremental.start_value}',
    '\u0024{HOME} $(id) `id`',
    '!!js/function x',
    '*alias &anchor <<: %',
    '\' " \\ : - ? | >',
    '\u202egnp.exe \u001b[2J',
    '__proto__',
    'constructor',
    '../../etc/passwd',
    '_dlt_load_id',
    '\ud800',
    'null',
    'x'.repeat(100_000),
  ];
  const schemaOf = (name: string) =>
    object({ [name]: listOf(name, 'id'), next: text, other: object({ [name]: listOf('id') }) });
  const of = (name: string) =>
    documentOf(
      {
        '/orders': answering(schemaOf(name), {
          summary: name,
          description: name,
          parameters: parameters({ [name]: { default: name }, page: {}, limit: { default: name, example: name } }),
        }),
        [`/${name}`]: listOf('id'),
        [`/a/{${name}}/b`]: listOf('id'),
        [`/orders/{${name}}`]: schemaOf(name),
        '/needed': answering(listOf('id'), {
          parameters: [
            { name, in: 'query', required: true, schema: { default: name } },
            { name, in: 'header', required: true, schema: { enum: [name] } },
            { name: 'q', in: 'query', required: true, schema: { enum: [name, 'b'] } },
          ],
        }),
      },
      {
        info: { title: name },
        servers: [
          { url: name },
          { url: `https://${name}/`, description: name },
          { url: 'https://shop.example.com/{v}', variables: { v: { default: name } } },
        ],
        components: {
          securitySchemes: {
            [name]: { type: 'apiKey', in: 'header', name },
            b: { type: 'apiKey', in: 'query', name },
            c: { type: 'oauth2', flows: { clientCredentials: { tokenUrl: name, scopes: { [name]: name } } } },
            d: { type: 'http', scheme: name },
          },
        },
        security: [{ [name]: [] }, { b: [] }],
      },
    );

  test.each(evil.map((name) => [name.slice(0, 30), name]))('%j', async (_, name) => {
    const yaml = yamlOf(of(name));
    expect(yaml.replaceAll('\n', '')).not.toMatch(/[\p{Cc}\p{Cf}\u2028\u2029]/u);
    const { source, pipeline } = await loaded(yaml);
    expect(Object.keys(source)).toEqual(expect.arrayContaining(['name', 'client', 'resources']));
    expect(source.client?.base_url).not.toContain('evil');
    expect(pipeline.name).toMatch(/^[a-z][a-z0-9_]*$/);
    expect(pipeline.destination).toMatchObject({ path: expect.stringMatching(/^\/nowhere\/[a-z0-9_]+\.duckdb$/) });
    const orders = source.resources.find((resource) => resource.name === 'orders');
    expect(orders?.endpoint?.path).toBe('orders');
    expect(orders?.endpoint?.auth).toBeUndefined();
    const sent = source.resources.map(({ endpoint }) => [endpoint?.path, endpoint?.params, endpoint?.headers]);
    expect(JSON.stringify(sent)).not.toMatch(/\{(variables|incremental)\./);
  });
});

test('a document of many paths, circles and lists in lists is drafted in a time that grows with its length', () => {
  const node = {
    type: 'object',
    properties: {
      id: text,
      child: { $ref: '#/components/schemas/node' },
      children: { type: 'array', items: { $ref: '#/components/schemas/node' } },
    },
  };
  const circle = { $ref: '#/components/schemas/circle' };
  const endless = {
    allOf: [{ $ref: '#/components/schemas/endless' }],
    anyOf: [{ $ref: '#/components/schemas/endless' }],
  };
  const paths = Object.fromEntries(
    Array.from({ length: 2000 }, (_, index) => [`/same/${index}`, { $ref: '#/components/schemas/node' }]),
  );
  const schemas = { node, circle, endless };
  const document = documentOf(
    { ...paths, '/circle': circle, '/endless': endless, '/out': { $ref: 'https://evil.example.com/x.json' } },
    { components: { schemas } },
  );
  const { resources, notes } = drafted(document);
  expect(resources).toHaveLength(2003);
  expect(notes).toEqual([
    '1 reference left out, to another document, which was not fetched: https://evil.example.com/x.json',
    '1 reference left out, leading nowhere or in a circle: #/components/schemas/circle',
  ]);
});

test('a list whose pages are not clear is read to its first, as large as the document allows, and the file says so', () => {
  const reply = object({ orders: listOf('id'), total_count: { type: 'integer' } });
  const limit = (schema: object) => ({ parameters: parameters({ limit: { type: 'integer', ...schema } }) });
  const yaml = yamlOf(documentOf({ '/orders': answering(reply, limit({ maximum: 200, default: 20 })) }));
  expect(yaml).toContain(`        params:
          # the most that the document allows, because only one page is read
          limit: 200
`);
  expect(yaml).toContain(
    '# paginator: not clear, so only the first page is read. Signs of more pages: the parameters limit; total_count in the reply',
  );
  expect(yamlOf(documentOf({ '/orders': answering(reply, limit({ default: 20 })) }))).not.toContain('limit: 20');
  const paged = { parameters: parameters({ page: {}, limit: { type: 'integer', maximum: 200 } }) };
  expect(yamlOf(documentOf({ '/orders': answering(reply, paged) }))).not.toContain('params:');
});
