import nock from 'nock';
import { describe, expect, it } from 'vitest';
import { fillPath } from '../../../src/extract/http/url.ts';
import { BASE, collect, KEY, resource } from '../collect.ts';
import { useNock } from './nock-guard.ts';

useNock();

const seeds = (url: string) => ({ seeds: [{ values: { 'resources.repos.url': url } }], sources: [] });
const tags = resource({ path: '{resources.repos.url}/tags', headers: { 'X-Own': 'mine' } }, 'tags');

describe('a path that begins with a placeholder', () => {
  it.each([
    ['{a}', 'x/y z', 'x/y z'],
    ['{a}/b', '/x?q=1', '/x?q=1/b'],
    ['{a}', 'https://api.example.test/x', 'https://api.example.test/x'],
    ['{a}/b', 'x?y', 'x%3Fy/b'],
    ['b/{a}', 'x/y', 'b/x%2Fy'],
    ['b/{a}', 'https://x', 'b/https%3A%2F%2Fx'],
    ['b/{a}', true, 'b/true'],
  ])('%s with %j', (path, a, filled) => {
    expect(fillPath(path, { a })).toBe(filled);
  });

  it('asks the URL that it stands for', async () => {
    nock(BASE, { reqheaders: { 'x-dezgo-key': KEY, 'x-own': 'mine' } })
      .get('/repos/7/tags')
      .reply(200, [{ id: 1 }]);
    expect((await collect(tags, { seeds: seeds(`${BASE}/repos/7`) })).records).toEqual([{ id: 1 }]);
  });

  it('sends credentials and its own headers only to the host of `base_url`', async () => {
    nock('https://other.example.test', { badheaders: ['x-dezgo-key', 'x-own'] })
      .get('/repos/7/tags')
      .reply(200, [{ id: 1 }]);
    expect((await collect(tags, { seeds: seeds('https://other.example.test/repos/7') })).records).toEqual([{ id: 1 }]);
  });

  it.each([
    ['https://me:pass@api.example.test', 'The URL of api.example.test holds a user name or password.'],
    ['https://[', '`https://[/tags` is no URL.'],
  ])('cannot be %s', async (url, message) => {
    expect((await collect(tags, { seeds: seeds(url) })).error).toMatchObject({ code: 'ConfigInvalid', message });
  });
});

describe('a path that ends with a placeholder', () => {
  const post = resource({ path: 'posts/{id}' });
  const one = { seeds: [{ values: { id: 1 } }], sources: [] };
  const client = {
    base_url: BASE,
    headers: {},
    timeout: 300_000,
    retry: { attempts: 1, backoff: 0, max_delay: 1000 },
    max_response_bytes: 1_000_000,
    concurrency: 1,
  };

  it.each([
    { type: 'offset', limit: 2, offset: 0, stop_after_empty_page: true } as const,
    { type: 'page_number', base_page: 0, stop_after_empty_page: true } as const,
  ])('asks for one page, though the client counts them: $type', async (paginator) => {
    nock(BASE).get('/posts/1').reply(200, { id: 1 });
    const { records, error } = await collect(post, { seeds: one, client: { ...client, paginator } });
    expect({ records, error }).toEqual({ records: [{ id: 1 }], error: undefined });
  });

  it('follows the links of the client, which end by themselves', async () => {
    nock(BASE).get('/posts/1').reply(200, { id: 1, next: '/posts/1?page=2' });
    nock(BASE).get('/posts/1?page=2').reply(200, { id: 2 });
    const paginator = { type: 'json_link', next_url_path: 'next' } as const;
    const { records, outcome } = await collect(post, { seeds: one, client: { ...client, paginator } });
    expect(records).toMatchObject([{ id: 1 }, { id: 2 }]);
    expect(outcome?.notes).toEqual([]);
  });

  it('is no list that lacks its link where there is none', async () => {
    nock(BASE).get('/posts/1').reply(200, { id: 1 });
    const paginator = { type: 'json_link', next_url_path: 'next' } as const;
    const { outcome } = await collect(post, { seeds: one, client: { ...client, paginator } });
    expect(outcome?.notes).toEqual([]);
  });

  it('has one before its query', async () => {
    nock(BASE)
      .get('/posts?of=1')
      .reply(200, { data: [{ id: 1 }], total: 1 });
    const { records } = await collect(resource({ path: 'posts?of={id}' }), { seeds: one });
    expect(records).toEqual([{ id: 1 }]);
  });
});
