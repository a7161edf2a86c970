import nock from 'nock';
import { describe, expect, it } from 'vitest';
import { MaskedHeaders } from '../../../src/extract/http/masked-headers.ts';
import { SecretMask } from '../../../src/extract/http/secret-mask.ts';
import { replyJson } from '../../../src/extract/reply/reply-json.ts';
import { BASE, collect, KEY, resource } from '../collect.ts';
import { useNock } from '../http/nock-guard.ts';

useNock();

const models = resource({ data_selector: 'data' });
const png = Buffer.from('89504e470d0a1a0a0000000d', 'hex');

describe('a reply that cannot be used', () => {
  it.each<[string, string | Buffer, string, string, RegExp]>([
    ['an HTML page', '<!DOCTYPE html><title>Hi</title>', 'text/html', 'is an HTML page, not JSON', /base_url/],
    ['XML', '<?xml version="1.0"?><a/>', 'application/xml', 'is XML, not JSON', /base_url/],
    ['an image without a type', png, '', 'is an image (image/png), not JSON', /format: binary/],
    [
      'truncated JSON',
      '{"data": [{"id": "a"}, {"id"',
      'application/json',
      'is cut short: its JSON ends after 28 bytes',
      /Run again/,
    ],
    [
      'truncated JSON with a long number',
      '{"data": [12345678901234567890',
      'application/json',
      'is cut short',
      /Run again/,
    ],
    ['JSON cut in a string', '{"data": ["abc', 'application/json', 'is cut short', /Run again/],
    ['an empty body', '', 'application/json', 'is empty', /allow_empty/],
    ['blanks', ' \n', 'application/json', 'is empty', /allow_empty/],
    ['other text', '{"data": [1,, 2]}', 'application/json', 'is not JSON', /base_url/],
    ['two values', '{"a":1} {"a":2}', 'application/json', 'is not JSON at character 8', /base_url/],
  ])('%s', async (_, body, type, message, hint) => {
    nock(BASE)
      .get('/models')
      .reply(200, body, type === '' ? {} : { 'content-type': type });
    const { error, records } = await collect(models);
    expect(error).toMatchObject({
      code: 'ReplyUnusable',
      exitCode: 5,
      message: expect.stringContaining(`The reply to GET /models ${message}`),
      hint: expect.stringMatching(hint),
    });
    expect(records).toEqual([]);
  });

  it('longer than a text can be says so', async () => {
    const reply = { request: 'GET /models', status: 200, headers: new Headers(), attempts: 1, sent: [] };
    const traced = { resource: 'models', method: 'GET', url: BASE, milliseconds: 1, bytes: 2 ** 29, startedAt: 0 };
    const mask = new SecretMask([], { count: () => undefined });
    const headers = new MaskedHeaders(reply.headers, mask);
    const answer = { ...reply, facts: { ...reply, ...traced, headers } };
    const body = Buffer.alloc(2 ** 29);
    const options = { exactNumbers: false, mask };
    await expect(replyJson({ ...answer, body, url: new URL(BASE) }, options)).rejects.toMatchObject({
      code: 'ReplyUnusable',
      message: 'The reply to GET /models is longer than a text can be, 512 MB',
    });
  });

  it('never shows a secret', async () => {
    nock(BASE).get('/models').reply(200, `${KEY} is no JSON`);
    const { error } = await collect(models);
    expect(error).toMatchObject({ code: 'ReplyUnusable' });
    expect(JSON.stringify(error)).not.toContain(KEY.slice(0, 12));
  });

  it('that is not UTF-8 is read, and noted', async () => {
    nock(BASE).get('/models').reply(200, Buffer.from('{"data": ["\xe9"]}', 'latin1'));
    const { records, outcome } = await collect(models);
    expect(records).toEqual(['\ufffd']);
    expect(outcome?.notes).toEqual([expect.stringContaining('not UTF-8')]);
  });
});

describe('a reply without records', () => {
  it.each<[string, number, string]>([
    ['204', 204, ''],
    ['an empty body', 200, ''],
    ['null', 200, 'null'],
    ['{}', 200, ' { } '],
    ['an object without the selected key', 200, '{"status": "none yet"}'],
    ['null under the selected key', 200, '{"data": null}'],
    ['{} under the selected key', 200, '{"data": {}}'],
  ])('%s is no error with allow_empty', async (_, status, body) => {
    nock(BASE).get('/models').reply(status, body);
    const { outcome, pages, error } = await collect(resource({ data_selector: 'data', allow_empty: true }));
    expect(error).toBeUndefined();
    expect(pages).toEqual([]);
    expect(outcome).toEqual({ status: 'ignored', records: 0, requests: 1, notes: ['the reply was empty'] });
  });

  it('[] is an extracted list that happens to be empty', async () => {
    nock(BASE).get('/models').reply(200, '{"data": []}');
    expect((await collect(resource({ data_selector: 'data', allow_empty: true }))).outcome).toMatchObject({
      status: 'extracted',
      records: 0,
    });
  });

  it.each<[string, string, string]>([
    ['$', 'null', 'found only null in the reply to GET /models, which is the value null'],
    ['$', '{}', 'found only an empty object in the reply to GET /models, which is an object without keys'],
    ['data', '{"data": null}', 'found only null in the reply to GET /models, which is an object with the keys data'],
    [
      'data',
      '{"data": {}}',
      'found only an empty object in the reply to GET /models, which is an object with the keys data',
    ],
    ['data', 'null', 'matched nothing in the reply to GET /models, which is the value null'],
    ['data[*]', '{"data": null}', 'found only null in the reply to GET /models, which is an object with the keys data'],
    ['data[*]', '{"dta": [1]}', 'matched nothing in the reply to GET /models, which is an object with the keys dta'],
  ])('%s in %s is an error without allow_empty', async (selector, body, message) => {
    nock(BASE).get('/models').reply(200, body);
    const { error, pages } = await collect(resource({ data_selector: selector }));
    expect(error).toMatchObject({
      code: 'SelectorFoundNothing',
      message: `The data selector \`${selector}\` ${message}`,
      hint: expect.stringContaining('allow_empty: true'),
    });
    expect(pages).toEqual([]);
  });

  it.each(['null', '{}'])('%s is an error where nothing says how to select', async (body) => {
    nock(BASE).get('/models').reply(200, body);
    expect((await collect(resource())).error).toMatchObject({ code: 'SelectorFoundNothing' });
  });

  it('null with a next cursor is an empty page in the middle with allow_empty', async () => {
    nock(BASE).get('/models').reply(200, { data: null, next: 'b' });
    nock(BASE)
      .get('/models?cursor=b')
      .reply(200, { data: [{ id: 1 }] });
    const paginator = { type: 'cursor', cursor_path: 'next', stop_after_empty_page: false } as const;
    const { records } = await collect(resource({ data_selector: 'data', allow_empty: true, paginator }));
    expect(records).toEqual([{ id: 1 }]);
  });

  it.each([
    ['null in the place of the list', 'data', { data: null }],
    ['null in the place of the items', 'data[*]', { data: null }],
    ['null as a whole', '$', null],
    ['items without what the selector names', 'data[*].lines[*]', { data: [{ id: 2 }] }],
  ])('%s is the end of a list that had records', async (_, selector, last) => {
    const records = [{ id: 1 }];
    const first =
      selector === '$' ? records : { data: selector === 'data[*].lines[*]' ? [{ lines: records }] : records };
    nock(BASE).get('/models?page=0').reply(200, JSON.stringify(first));
    nock(BASE).get('/models?page=1').reply(200, JSON.stringify(last));
    const paginator = { type: 'page_number', base_page: 0, stop_after_empty_page: true, maximum_page: 2 } as const;
    expect(await collect(resource({ data_selector: selector, paginator }))).toMatchObject({
      records,
      error: undefined,
    });
  });

  it('{} in the place of a list that had records is an error', async () => {
    nock(BASE)
      .get('/models?page=0')
      .reply(200, { data: [1] });
    nock(BASE).get('/models?page=1').reply(200, { data: {} });
    const paginator = { type: 'page_number', base_page: 0, stop_after_empty_page: true } as const;
    expect((await collect(resource({ data_selector: 'data', paginator }))).error).toMatchObject({
      code: 'SelectorFoundNothing',
    });
  });

  it('says what the items have where none has what the selector names', async () => {
    nock(BASE)
      .get('/models')
      .reply(200, { data: [{ id: 1, attrs: {} }] });
    expect((await collect(resource({ data_selector: '$.data[*].attributes' }))).error).toMatchObject({
      code: 'SelectorFoundNothing',
      message:
        'The data selector `$.data[*].attributes` matched nothing in the reply to GET /models: what it leads to first is an object with the keys id, attrs',
      facts: { keys: ['id', 'attrs'] },
    });
  });

  it.each([
    ['a list without elements', 'append', ['no records']],
    ['a list without elements', 'merge', ['no records']],
    // Loading says of it that the table is empty now.
    ['a list without elements', 'replace', []],
  ] as const)('%s is noted for %s', async (_, disposition, notes) => {
    nock(BASE).get('/models').reply(200, { data: [] });
    const { outcome } = await collect({ ...models, write_disposition: { disposition } });
    expect(outcome).toMatchObject({ status: 'extracted', records: 0, notes });
  });

  it('says which keys were there when the selector found none', async () => {
    nock(BASE)
      .get('/models')
      .reply(200, { name: 'dezgo', 'mo\u001bdels': [1], meta: { page: 1 } });
    expect((await collect(models)).error).toMatchObject({
      code: 'SelectorFoundNothing',
      message:
        'The data selector `data` matched nothing in the reply to GET /models, which is an object with the keys name, mo dels, meta {page}',
      hint: expect.stringContaining('perhaps `mo dels`'),
      facts: { keys: ['name', 'mo dels', 'meta'] },
    });
  });

  it('says what the reply itself calls an error with status 200', async () => {
    nock(BASE)
      .get('/models')
      .reply(200, { rows: null, errors: [{ message: 'No such field `nme`' }, { message: 'Twice' }] });
    expect((await collect(resource({ data_selector: 'data.models' }))).error).toMatchObject({
      code: 'SelectorFoundNothing',
      message:
        'The data selector `data.models` matched nothing in the reply to GET /models, which is an object with the keys rows, errors; it says: No such field `nme`: Twice',
      hint: 'The source itself calls that reply an error: correct the request.',
    });
  });

  it('says so of a list', async () => {
    nock(BASE).get('/models').reply(200, [1, 2]);
    expect((await collect(models)).error).toMatchObject({ message: expect.stringContaining('which is a list of 2') });
  });
});

describe('a resource without a data selector', () => {
  it('takes an object as one record, whatever lists it holds', async () => {
    const job = { id: 'x', tags: ['a'], images: [{ id: 1 }] };
    nock(BASE).get('/jobs/x').reply(200, job);
    expect((await collect(resource({ path: 'jobs/x' }))).records).toEqual([job]);
  });

  it('takes a list under a known key, and notes it', async () => {
    nock(BASE)
      .get('/models')
      .reply(200, { data: [{ id: 1 }] });
    const { records, outcome } = await collect(resource());
    expect(records).toEqual([{ id: 1 }]);
    expect(outcome?.notes).toEqual(['records were taken from `data` of the reply; set `data_selector` to settle it']);
  });

  it.each<[string, object, object]>([
    [
      'a paginator that is configured',
      { paginator: { type: 'cursor', cursor_path: 'after' } },
      { total: 2, orders: [{ id: 1 }] },
    ],
    ['what the reply says of its next page', {}, { next: null, orders: [{ id: 1 }] }],
  ])('takes the list of a reply that is a page by %s', async (_, endpoint, reply) => {
    nock(BASE).get('/models').reply(200, reply);
    const { records, outcome } = await collect(resource(endpoint));
    expect(records).toEqual([{ id: 1 }]);
    expect(outcome?.notes).toContain('records were taken from `orders` of the reply; set `data_selector` to settle it');
  });

  it('takes the whole object where the path names one entity', async () => {
    nock(BASE)
      .get('/jobs/7')
      .reply(200, { data: [{ id: 1 }], next: '/never' });
    expect((await collect(resource({ path: 'jobs/{id}', params: { id: 7 } }))).records).toEqual([
      { data: [{ id: 1 }], next: '/never' },
    ]);
  });
});

describe('response_actions', () => {
  const ignore404 = [{ status_code: 404, action: 'ignore' as const }];

  it('ignore a status', async () => {
    nock(BASE).get('/models').reply(404);
    expect((await collect(resource({ response_actions: ignore404 }))).outcome).toEqual({
      status: 'ignored',
      records: 0,
      requests: 1,
      notes: ['the reply was ignored (404)'],
    });
  });

  it('ignore a 500 without asking again', async () => {
    nock(BASE).get('/models').reply(500);
    const actions = [{ status_code: 500, action: 'ignore' as const }];
    expect((await collect(resource({ response_actions: actions }))).outcome).toMatchObject({ status: 'ignored' });
  });

  it.each([404, 410])('ignore one status of several: %i', async (status) => {
    nock(BASE).get('/models').reply(status);
    const actions = [{ status_code: [404, 410], action: 'ignore' as const }];
    expect((await collect(resource({ response_actions: actions }))).outcome).toMatchObject({ status: 'ignored' });
  });

  it.each([
    ['no transactions yet', 'ignored'],
    ['something else', undefined],
  ])('ignore a text within the body: %s', async (title, status) => {
    nock(BASE).get('/models').reply(400, { title });
    const actions = [{ status_code: 400, content: 'no transactions', action: 'ignore' as const }];
    expect((await collect(resource({ response_actions: actions }))).outcome?.status).toBe(status);
  });

  it('of an endpoint with fallbacks count for the last one only', async () => {
    nock(BASE).get('/models').reply(404);
    nock(BASE).get('/info').reply(404);
    const { outcome } = await collect(resource({ response_actions: ignore404, fallbacks: [{ path: 'info' }] }));
    expect(outcome).toMatchObject({ status: 'ignored', requests: 2 });
  });
});
