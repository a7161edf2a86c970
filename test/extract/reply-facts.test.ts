import nock from 'nock';
import { expect, test } from 'vitest';
import { BASE, collect, KEY, NOW, resource } from './collect.ts';
import { useNock } from './http/nock-guard.ts';

useNock();

test('a page knows of its reply what the last attempt said, and how long all took', async () => {
  nock(BASE).get('/models').reply(503, '', { 'x-balance': '1', 'Retry-After': '1' });
  nock(BASE)
    .get('/models')
    .reply(200, [{ id: 'a' }], { 'X-Balance': '2', 'X-Key': `of ${KEY}` });
  const { pages } = await collect(resource());
  expect(pages[0]?.reply).toMatchObject({
    resource: 'models',
    method: 'GET',
    url: `${BASE}/models`,
    status: 200,
    attempts: 2,
    startedAt: NOW,
    milliseconds: 0,
  });
  const headers = pages[0]?.reply?.headers;
  expect(headers?.names().map((name) => [name, headers.get(name)])).toEqual([
    ['content-type', 'application/json'],
    ['x-balance', '2'],
    ['x-key', 'of ***'],
  ]);
});
