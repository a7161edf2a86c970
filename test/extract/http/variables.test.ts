import nock from 'nock';
import { describe, expect, it } from 'vitest';
import { apiKey, BASE, client, collect, KEY, resource } from '../collect.ts';
import { useNock } from './nock-guard.ts';

useNock();

const variables = { shop: 'acme & co', limit: 5, token: apiKey };
const open = { ...client, auth: undefined, variables };
const ok = { data: [{ id: 'a', said: KEY }] };

describe('variables', () => {
  it('are filled in everywhere, and keep their type alone in a body', async () => {
    nock('https://acme.example.test', { reqheaders: { 'x-one': `one ${KEY}`, 'x-two': 'two acme' } })
      .post('/v1/acme%20%26%20co/search?q=acme+%26+co&limit=5', { shop: 'acme & co!', limit: 5, deep: [KEY] })
      .reply(200, ok);
    const { records, error, traces } = await collect(
      resource({
        path: '{variables.shop}/search',
        method: 'POST',
        params: { q: '{variables.shop}', limit: '{variables.limit}' },
        headers: { 'X-Two': 'two {variables.host}' },
        json: { shop: '{variables.shop}!', limit: '{variables.limit}', deep: ['{variables.token}'] },
        data_selector: 'data',
      }),
      {
        client: {
          ...open,
          base_url: 'https://{variables.host}.example.test/v1/',
          headers: { 'X-One': 'one {variables.token}' },
          variables: { ...variables, host: 'acme' },
        },
      },
    );
    expect(error).toBeUndefined();
    expect(records).toEqual([{ id: 'a', said: '***' }]);
    expect(JSON.stringify(traces)).not.toContain(KEY);
  });

  it('that are secret stay with their host, whether in a parameter or a header', async () => {
    nock(BASE, { reqheaders: { 'x-token': `t ${KEY}` } })
      .get('/models')
      .query({ key: `k ${KEY}` })
      .reply(302, undefined, { location: 'https://other.example.test/models' });
    nock('https://other.example.test', { badheaders: ['x-token'] })
      .get('/models')
      .reply(200, ok);
    const what = { params: { key: 'k {variables.token}' }, headers: { 'X-Token': 't {variables.token}' } };
    const { error, traces } = await collect(resource({ data_selector: 'data', ...what }), { client: open });
    expect(error).toBeUndefined();
    expect(traces).toMatchObject([{ url: `${BASE}/models` }]);
  });

  it.each(['/models?page=2', `${BASE}/bot${KEY}/models?page=2`])(
    'that are secret in the address are put back into a link in which they were masked: %s',
    async (next) => {
      const api = nock(`${BASE}/bot${KEY}`);
      api.get('/models').reply(200, { ...ok, next: next.startsWith('/') ? `/bot${KEY}${next}` : next });
      api.get('/models').query({ page: 2 }).times(2).reply(200, ok);
      const what = resource({ data_selector: 'data', paginator: { type: 'json_link', next_url_path: 'next' } });
      const inAddress = { ...open, base_url: `${BASE}/bot{variables.token}/` };
      const { records, error, pages } = await collect(what, { client: inAddress });
      expect(error).toBeUndefined();
      expect(records).toHaveLength(2);
      expect(JSON.stringify(pages)).not.toContain(KEY);
      const continued = await collect(what, { client: inAddress, position: pages[0]?.position });
      expect(continued).toMatchObject({ error: undefined, records: [{ id: 'a' }] });
    },
  );

  it('in the last part of a path make no single entity of it', async () => {
    nock(BASE).get('/models/acme').reply(200, ok);
    const named = { ...open, variables: { shop: 'acme' } };
    const { records } = await collect(resource({ path: 'models/{variables.shop}' }), { client: named });
    expect(records).toEqual([{ id: 'a', said: '***' }]);
  });
});
