import nock from 'nock';
import { describe, expect, it } from 'vitest';
import { resolveValues } from '../../src/extract/param-values.ts';
import { BASE, collect, resource } from './collect.ts';
import { useNock } from './http/nock-guard.ts';

useNock();

const list = [
  { id: 1, region: 'eu' },
  { id: 2, region: 'us', more: true },
  { id: 1, region: 'eu' },
  { id: 3, region: '' },
];
const shop = { type: 'values' as const, from: [{ list }] };

describe('values that are mappings', () => {
  it('stand by their columns wherever a placeholder names them, one request for each that differs', async () => {
    for (const [id, region] of [
      [1, 'eu'],
      [2, 'us'],
    ])
      nock(BASE, { reqheaders: { 'x-region': `${region}` } })
        .post(`/shops/${id}?in=${region}`, { id, text: `${region}-${id}` })
        .reply(200, [{ id }]);
    const endpoint = {
      path: 'shops/{shop.id}',
      method: 'POST' as const,
      params: { shop, in: '{shop.region}' },
      headers: { 'X-Region': '{shop.region}' },
      json: { id: '{shop.id}', text: '{shop.region}-{shop.id}' },
    };
    expect((await collect(resource(endpoint))).records).toEqual([{ id: 1 }, { id: 2 }]);
  });

  it('are the columns of a query, of which the first can be named as the whole', async () => {
    const from = [{ query: 'select id, region from shops' }];
    const asked: unknown[] = [];
    const endpoint = { path: '{shop}/{shop.region}', params: { shop: { type: 'values' as const, from } } };
    const { seeds } = await resolveValues(endpoint, {
      env: {},
      queryIds: async () => [],
      queryRows: async (sql, columns) => {
        asked.push([sql, columns]);
        return [
          { '': 7, region: 'eu' },
          { '': 8, region: null },
        ];
      },
    });
    expect(asked).toEqual([['select id, region from shops', ['', 'region']]]);
    expect(seeds).toEqual([{ values: { shop: 7, 'shop.region': 'eu' } }]);
  });
});
