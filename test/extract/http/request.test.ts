import { join } from 'node:path';
import nock from 'nock';
import { describe, expect, it } from 'vitest';
import { FileReference } from '../../../src/config/file-reference.ts';
import { tempFolder } from '../../support/temp-folder.ts';
import { BASE, collect, type EndpointParts, resource } from '../collect.ts';
import { useNock } from './nock-guard.ts';

useNock();

function post(more: EndpointParts) {
  return resource({ path: 'generate', method: 'POST', data_selector: '$', ...more });
}

describe('the body of a POST', () => {
  it('is JSON, null members and all', async () => {
    nock(BASE, { reqheaders: { 'content-type': 'application/json' } })
      .post('/generate', { prompt: 'ü', seed: null, size: [1, 2] })
      .reply(200, { id: 1 });
    expect((await collect(post({ json: { prompt: 'ü', seed: null, size: [1, 2] } }))).records).toEqual([{ id: 1 }]);
  });

  it('is a form', async () => {
    nock(BASE, { reqheaders: { 'content-type': 'application/x-www-form-urlencoded' } })
      .post('/generate', 'a=x+y&yes=True')
      .reply(200, { id: 1 });
    expect((await collect(post({ data: { a: 'x y', yes: true, none: null } }))).records).toEqual([{ id: 1 }]);
  });

  it('is text as it stands, with the type that its headers name', async () => {
    nock(BASE, { reqheaders: { 'content-type': 'text/csv' } })
      .post('/generate', 'a,b')
      .reply(200, { id: 1 });
    const endpoint = { data: 'a,b', headers: { 'Content-Type': 'text/csv' } };
    expect((await collect(post(endpoint))).records).toEqual([{ id: 1 }]);
  });

  it('is a form of several parts where it has files, the same bytes for the same fields', async () => {
    const folder = await tempFolder({ 'sea "1".png': 'PNG\r\n--x', 'notes.bin': 'n' });
    const bodies: Buffer[] = [];
    const sent: Promise<FormData>[] = [];
    const data = {
      image: new FileReference({ file: join(folder, '{id}.png') }),
      strength: 0.5,
      text: 'ü\r\n{id}',
      none: null,
      yes: true,
      notes: new FileReference({ file: join(folder, 'notes.bin'), content_type: 'text/x-notes', filename: '{id}.txt' }),
    };
    const params = { id: { type: 'values' as const, from: [{ list: ['sea "1"'] }] } };
    const replies = [503, 200];
    const { records, traces } = await collect(post({ data, params, idempotent: true }), {
      transport: async ({ body, headers }) => {
        bodies.push(Buffer.from(body ?? ''));
        sent.push(new Response(Buffer.from(body ?? ''), { headers }).formData());
        return { status: replies.shift() ?? 500, headers: new Headers(), body: Buffer.from('{"id": 1}') };
      },
    });
    expect(records).toEqual([{ id: 1 }]);
    expect(bodies[1]?.equals(bodies[0] ?? Buffer.alloc(0))).toBe(true);
    const form = await sent[0];
    expect([...(form?.keys() ?? [])]).toEqual(['image', 'strength', 'text', 'yes', 'notes']);
    expect([form?.get('strength'), form?.get('text'), form?.get('yes')]).toEqual(['0.5', 'ü\r\nsea "1"', 'True']);
    const fileOf = async (name: string) => {
      const file = form?.get(name);
      return file instanceof File ? [file.name, file.type, await file.text()] : file;
    };
    expect(await fileOf('image')).toEqual(['sea "1".png', 'image/png', 'PNG\r\n--x']);
    expect(await fileOf('notes')).toEqual(['sea "1".txt', 'text/x-notes', 'n']);
    expect(JSON.stringify(traces)).not.toContain('PNG');
  });

  it('has files as base64 in JSON', async () => {
    const folder = await tempFolder({ 'a.webp': 'ä', 'b.raw': 'b' });
    const file = (name: string, data_url?: boolean) => new FileReference({ file: join(folder, name), data_url });
    nock(BASE)
      .post('/generate', { images: ['w6Q=', 'data:application/octet-stream;base64,Yg=='], first: { file: 'a.webp' } })
      .reply(200, { id: 1 });
    const json = { images: [file('a.webp'), file('b.raw', true)], first: { file: 'a.webp' } };
    expect((await collect(post({ json }))).records).toEqual([{ id: 1 }]);
  });

  it.each([
    ['nothing.png', 'nothing.png: there is no such file or folder (ENOENT).'],
    ['folder', 'folder: it is a folder.'],
    ['empty.png', 'empty.png: it is empty.'],
    ['images/{id}', 'secrets.yaml: it is not below '],
  ])('with the file %s is no request at all', async (file, message) => {
    const folder = await tempFolder({ 'empty.png': '', 'secrets.yaml': 'x', 'folder/x': 'x', 'images/x': 'x' });
    const params = { id: { type: 'values' as const, from: [{ list: ['x', '../secrets.yaml'] }] } };
    const data = { image: new FileReference({ file: join(folder, file) }) };
    const { error, traces } = await collect(post({ data, ...(file.includes('{') && { params }) }));
    expect(error).toMatchObject({ code: 'ConfigInvalid', message: expect.stringContaining(message) });
    expect(String(error)).toContain('`models` cannot send the file ');
    expect(traces).toEqual([]);
  });

  it('may be missing', async () => {
    nock(BASE, { badheaders: ['content-type'] })
      .post('/generate', '')
      .reply(200, { id: 1 });
    expect((await collect(post({}))).records).toEqual([{ id: 1 }]);
  });

  it.each<[string, EndpointParts, string]>([
    ['json and data at once', { json: {}, data: 'x' }, 'has both `json` and `data`'],
    ['a body of a GET', { method: 'GET', json: {} }, 'has a request body, but its method is GET'],
    [
      'a place in the body that is no object',
      {
        json: { at: 5 },
        paginator: { type: 'cursor', cursor_path: 'next', cursor_body_path: 'at.cursor', stop_after_empty_page: false },
      },
      'has no place for `at.cursor`',
    ],
  ])('refuses %s', async (_, endpoint, message) => {
    if (endpoint.paginator !== undefined) nock(BASE).post('/generate').reply(200, { next: 'x' });
    expect((await collect(post(endpoint))).error).toMatchObject({
      code: 'ConfigInvalid',
      message: expect.stringContaining(message),
    });
  });
});

describe('a request', () => {
  it('asks for JSON first, and takes what else there is', async () => {
    nock(BASE, { reqheaders: { accept: 'application/json, */*;q=0.5' } })
      .get('/models')
      .reply(200, [{ id: 1 }]);
    expect(await collect(resource())).toMatchObject({ error: undefined });
  });
});

describe('braces outside of the path', () => {
  const doubled = 'a {{b}} {{"c": {{}}}}';
  const single = 'a {b} {"c": {}}';

  it('that are doubled are sent single', async () => {
    nock(BASE, { reqheaders: { 'x-a': single } })
      .post('/generate', { a: [single, { b: single }], n: 1 })
      .query({ q: single, r: [single, 2] })
      .reply(200, { id: 1 });
    nock(BASE)
      .post('/generate', new URLSearchParams({ a: single }).toString())
      .reply(200, { id: 2 });
    nock(BASE).post('/generate', single).reply(200, { id: 3 });
    const params = { q: doubled, r: [doubled, 2] };
    const json = { a: [doubled, { b: doubled }], n: 1 };
    expect((await collect(post({ params, json, headers: { 'X-A': doubled } }))).records).toEqual([{ id: 1 }]);
    expect((await collect(post({ data: { a: doubled } }))).records).toEqual([{ id: 2 }]);
    expect((await collect(post({ data: doubled }))).records).toEqual([{ id: 3 }]);
  });

  it('that are single are sent as they were written', async () => {
    const query = '{ jobs(where: {a: {b: 1}}) { id } }';
    nock(BASE).post('/generate', { query }).query({ q: '{"a":{"b":1}}' }).reply(200, { id: 1 });
    expect((await collect(post({ params: { q: '{"a":{"b":1}}' }, json: { query } }))).records).toEqual([{ id: 1 }]);
  });
});

describe('a placeholder for one of several values', () => {
  const id = (...list: (string | number)[]) => ({ type: 'values' as const, from: [{ list }] });

  it('is filled in wherever a text stands; alone in `json` its value keeps its type', async () => {
    for (const value of [7, '8']) {
      nock(BASE, { reqheaders: { 'x-id': `id ${value}` } })
        .post('/generate', { id: value, text: `{"id": ${value}}`, list: [value] })
        .query({ q: `${value}`, r: [`a${value}`, 2] })
        .reply(200, { id: value });
    }
    const params = { id: id(7, '8'), q: '{id}', r: ['a{id}', 2] };
    const json = { id: '{id}', text: '{{"id": {id}}}', list: ['{id}'] };
    const { records, error } = await collect(post({ params, json, headers: { 'X-Id': 'id {id}' } }));
    expect(error).toBeUndefined();
    expect(records).toEqual([{ id: 7 }, { id: '8' }]);
  });

  it('is filled in in a form and in a text body', async () => {
    nock(BASE)
      .post('/generate', new URLSearchParams({ id: 'a b&c' }).toString())
      .reply(200, { id: 1 });
    nock(BASE).post('/generate', 'the id a b&c').reply(200, { id: 2 });
    const params = { id: id('a b&c') };
    expect((await collect(post({ params, data: { id: '{id}' } }))).records).toEqual([{ id: 1 }]);
    expect((await collect(post({ params, data: 'the id {id}' }))).records).toEqual([{ id: 2 }]);
  });

  it('can stand in the path and elsewhere; a fixed parameter is filled in in the path only', async () => {
    nock(BASE).get('/jobs/7/5').query({ of: '7', as: '{n}' }).reply(200, { id: 7 });
    const params = { id: id(7), n: 5, of: '{id}', as: '{n}' };
    expect((await collect(resource({ path: 'jobs/{id}/{n}', params }))).records).toEqual([{ id: 7 }]);
  });

  it('with a value that no header can hold is an error that shows none of it', async () => {
    const { error } = await collect(resource({ params: { id: id('two\nlines') }, headers: { 'X-Id': '{id}' } }));
    expect(error).toMatchObject({ code: 'ConfigInvalid', message: expect.not.stringContaining('lines') });
  });
});

describe('the address of a request', () => {
  it('has the parameters, and those of the path in their place', async () => {
    nock(BASE).get('/jobs/5?fields=a&fields=b&all=False').reply(200, { id: 5 });
    const params = { id: 5, fields: ['a', 'b'], all: false, none: null };
    expect((await collect(resource({ path: '/jobs/{id}', params }))).records).toEqual([{ id: 5 }]);
  });

  it('without a value for a place in the path is an error before any request', async () => {
    expect(await collect(resource({ path: 'jobs/{id}' }))).toMatchObject({
      error: { code: 'ConfigInvalid' },
      traces: [],
    });
  });

  it('on another host goes without the key of the client', async () => {
    nock('https://other.example.test', { badheaders: ['X-Dezgo-Key'] })
      .get('/m')
      .reply(200, [{ id: 1 }]);
    expect(await collect(resource({ path: 'https://other.example.test/m' }))).toMatchObject({ error: undefined });
  });
});

describe('a fallback', () => {
  it('inherits what it does not set', async () => {
    nock(BASE).get('/models?kind=x').reply(404);
    nock(BASE).get('/info?kind=x').reply(404);
    nock(BASE)
      .get('/list')
      .reply(200, { items: [{ id: 1 }] });
    const fallbacks = [{ path: 'info' }, { path: 'list', params: {}, data_selector: 'items' }];
    const { records, outcome } = await collect(resource({ data_selector: 'data', params: { kind: 'x' }, fallbacks }));
    expect(records).toEqual([{ id: 1 }]);
    expect(outcome).toMatchObject({ requests: 3, notes: ['`list` answered instead of `models` (404)'] });
  });

  it('is not tried for another failure than 404', async () => {
    nock(BASE).get('/models').reply(403);
    const { error } = await collect(resource({ fallbacks: [{ path: 'info' }] }));
    expect(error).toMatchObject({ code: 'SourceRefused' });
  });

  it('is not tried when a later page is missing', async () => {
    nock(BASE)
      .get('/models')
      .reply(200, { data: [1], next: '/models/2' });
    nock(BASE).get('/models/2').reply(404);
    const { error, records } = await collect(resource({ data_selector: 'data', fallbacks: [{ path: 'info' }] }));
    expect(error).toMatchObject({ message: 'GET /models/2 was not found (404)' });
    expect(records).toEqual([1]);
  });
});
