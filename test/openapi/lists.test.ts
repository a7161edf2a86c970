import { describe, expect, test } from 'vitest';
import {
  answering,
  documentOf,
  drafted,
  listOf,
  object,
  parameters,
  recordOf,
  resourceOf,
  resourcesOf,
  text,
  whole,
} from './documents.ts';

const orders = listOf('id', 'total');

describe('the list of a reply is selected', () => {
  test.each([
    ['the reply itself', orders, '$'],
    ['the only list', object({ orders, total: whole }), 'orders'],
    ['below an envelope', object({ data: object({ items: orders }), status: text }), 'data.items'],
    ['called like the path, beside others', object({ orders, customers: listOf('id') }), 'orders'],
    ['called as lists often are, beside others', object({ results: orders, customers: listOf('id') }), 'results'],
    ['with a name that JSONPath writes in quotes', object({ 'the orders': orders }), '$["the orders"]'],
    [
      'behind references, put together of parts',
      { allOf: [object({ page: whole }), { $ref: '#/components/schemas/x' }] },
      'orders',
    ],
    [
      'of types of which one is null',
      { type: ['object', 'null'], properties: { orders: { ...orders, type: ['array', 'null'] } } },
      'orders',
    ],
  ])('%s', (_, schema, selector) => {
    const document = documentOf({ '/orders': schema }, { components: { schemas: { x: object({ orders }) } } });
    const { orders: found } = resourcesOf(document);
    expect(found).toMatchObject({
      isList: true,
      whyNot: undefined,
      selector: { value: selector },
      key: { value: ['id'] },
    });
  });

  test.each([
    ['where a record has its own id', object({ id: text, lines: listOf('sku') }), ['lines']],
    ['where two could be meant', object({ lines: listOf('sku'), notes: listOf('text') }), ['lines', 'notes']],
  ])('but not %s: then the candidates are told', (_, schema, others) => {
    expect(resourceOf(schema, '/me/profile')).toMatchObject({
      isList: false,
      whyNot: 'one record, no list',
      selector: { value: '$' },
      otherLists: others,
    });
  });

  test('what a sample showed is believed instead of the document', () => {
    const document = documentOf({ '/orders': object({ orders }) });
    const reply = { payload: { rows: [{ no: 1, id: 7 }] }, next: 'https://shop.example.com/v1/orders?page=2' };
    const { orders: found } = resourcesOf(document, { samples: new Map([['orders', { reply }]]) });
    expect(found).toMatchObject({
      selector: { value: 'payload.rows' },
      key: { value: ['id'] },
      paginator: { value: { type: 'json_link', next_url_path: 'next' } },
    });
    const asPromised = { samples: new Map([['orders', { reply: { orders: [{ id: 1 }] } }]]) };
    expect(resourcesOf(document).orders?.selector.why).toBeDefined();
    expect(resourcesOf(document, asPromised).orders?.selector).toEqual({ value: 'orders' });
    const refused = resourcesOf(document, { samples: new Map([['orders', { failure: 'answered 403' }]]) });
    expect(refused.orders).toMatchObject({ whyNot: 'asked for once: answered 403' });
  });
});

describe('pages are found', () => {
  const asked = (names: Readonly<Record<string, object>>, reply: object) =>
    resourceOf(answering(reply, { parameters: parameters(names) })).paginator?.value;

  test.each([
    ['an address', {}, object({ orders, next_url: text }), { type: 'json_link', next_url_path: 'next_url' }],
    [
      'a link',
      {},
      object({ orders, _links: object({ next: object({ href: text }) }) }),
      { type: 'json_link', next_url_path: '_links.next.href' },
    ],
    [
      'a cursor',
      { cursor: {} },
      object({ orders, meta: object({ next_cursor: text }) }),
      { type: 'cursor', cursor_path: 'meta.next_cursor', cursor_param: 'cursor' },
    ],
    [
      'the id of the last record',
      { starting_after: {} },
      object({ data: orders, has_more: { type: 'boolean' } }),
      { type: 'cursor', cursor_path: '$.data[-1].id', cursor_param: 'starting_after', has_more_path: 'has_more' },
    ],
    [
      'numbers of pages',
      { page: { minimum: 1 }, per_page: { maximum: 100 } },
      object({ orders, total_pages: whole }),
      { type: 'page_number', base_page: 1, page_size: 100, page_size_param: 'per_page', total_path: 'total_pages' },
    ],
    [
      'pages from 0 on',
      { p: { type: 'integer', default: 0 } },
      object({ orders }),
      { type: 'page_number', base_page: 0, page_param: 'p', total_path: null },
    ],
    [
      'offsets',
      { offset: {}, limit: { maximum: 200 } },
      object({ orders, total: whole }),
      { type: 'offset', limit: 200, total_path: 'total' },
    ],
  ])('by %s', (_, names, reply, paginator) => {
    expect(asked(names, reply)).toEqual(paginator);
  });

  test('by a header of the reply', () => {
    const headers = { Link: { schema: text } };
    const responses = { 200: { description: '', headers, content: { 'application/json': { schema: orders } } } };
    expect(resourceOf({ responses }).paginator?.value).toEqual({ type: 'header_link' });
  });

  test('or what looks like them is told', () => {
    const found = resourceOf(answering(object({ orders }), { parameters: parameters({ limit: {}, after: {} }) }));
    expect(found).toMatchObject({ paginator: undefined, pagingSigns: ['the parameters limit, after'] });
  });
});

describe('keys are found', () => {
  test.each([
    ['id', ['total', 'id'], 'id'],
    ['its own name', ['order_id', 'customer_id'], 'order_id'],
    ['a uuid', ['name', 'uuid'], 'uuid'],
  ])('%s', (_, fields, key) => {
    expect(resourceOf(listOf(...fields)).key?.value).toEqual([key]);
  });

  test('the parameter by which one record is asked for', () => {
    const { users } = resourcesOf(
      documentOf({ '/users': listOf('login', 'email'), '/users/{login}': recordOf('login') }),
    );
    expect(users?.key).toEqual({ value: ['login'], why: 'the document asks for one record by it: {login}' });
  });

  test('but not the id of something else: two records of the same customer would become one', () => {
    expect(resourceOf(listOf('total', 'customer_id', 'customer_name'))).toMatchObject({
      key: undefined,
      keyCandidates: ['customer_id', 'customer_name'],
    });
  });
});

test('a resource that needs what only a person knows waits for it', () => {
  const required = [{ name: 'status', in: 'query', required: true, schema: { ...text, enum: ['open', 'paid'] } }];
  expect(resourceOf(answering(orders, { parameters: required }))).toMatchObject({
    whyNot: 'it needs `status`, which only you know',
    params: [{ name: 'status', value: undefined, candidates: ['open', 'paid'] }],
  });
  const given = [{ name: 'status', in: 'query', required: true, schema: { ...text, default: 'open' } }];
  expect(resourceOf(answering(orders, { parameters: given }))).toMatchObject({
    whyNot: undefined,
    params: [{ value: 'open' }],
  });
});

test('demands that are nested without end are compared by the names in them', () => {
  let deep: unknown = [];
  for (let level = 0; level < 50_000; level += 1) deep = [deep];
  const { resources } = drafted(
    documentOf({ '/orders': answering(orders, { security: [{ key: deep }] }) }, { security: deep }),
  );
  expect(resources).toHaveLength(1);
});
