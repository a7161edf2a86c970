import nock from 'nock';
import { describe, expect, it } from 'vitest';
import type { AuthConfig } from '../../../src/config/grammar/auth-schema.ts';
import { Secret } from '../../../src/config/secret.ts';
import { apiKey, BASE, client, collect, KEY, resource } from '../collect.ts';
import { useNock } from './nock-guard.ts';

useNock();

const second = Secret.found('second', 'second+secret value', 'secrets.yaml');
const secrets = [apiKey, second];
const open = { ...client, auth: undefined };
const echo = { data: [{ id: 'a', said: `${KEY} and second+secret value` }] };
const masked = [{ id: 'a', said: '*** and ***' }];

describe('a secret', () => {
  it('goes into the query, and with every page to the same host, whatever a link makes of it', async () => {
    nock(BASE)
      .get('/models')
      .query({ limit: 2, key: KEY, both: [KEY, 'second+secret value'] })
      .reply(200, { ...echo, next: `${BASE}/models?page=2&key=${KEY}` });
    nock(BASE)
      .get('/models')
      .query({ page: 2, key: KEY, both: [KEY, 'second+secret value'] })
      .reply(302, undefined, { location: 'https://other.example.test/models?page=2' });
    nock('https://other.example.test').get('/models').query({ page: 2 }).reply(200, echo);
    const { records, error, pages, traces } = await collect(
      resource({
        data_selector: 'data',
        params: { limit: 2, key: apiKey, both: [apiKey, second] },
        paginator: { type: 'json_link', next_url_path: 'next' },
      }),
      { client: open, secrets },
    );
    expect(error).toBeUndefined();
    expect(records).toEqual([...masked, ...masked]);
    expect(traces.map(({ url }) => url)).toEqual([`${BASE}/models?limit=2`, `${BASE}/models?page=2&key=***`]);
    expect(JSON.stringify({ pages, traces })).not.toMatch(/DEZGO-0011|second.secret/);
  });

  it('goes into the path where a placeholder names it', async () => {
    nock(BASE).get(`/bot${KEY}/models`).reply(404);
    const { error, traces } = await collect(resource({ path: 'bot{token}/models', params: { token: apiKey } }), {
      client: open,
    });
    expect(error).toMatchObject({ message: 'GET /bot***/models was not found (404)' });
    expect(traces).toMatchObject([{ url: `${BASE}/bot***/models` }]);
  });

  it.each([
    [
      { json: { a: 1, deep: [{ token: apiKey }, second] } },
      JSON.stringify({ a: 1, deep: [{ token: KEY }, 'second+secret value'] }),
    ],
    [{ data: { a: 'b', token: second } }, 'a=b&token=second%2Bsecret+value'],
  ])('goes into the body of a POST', async (body, sent) => {
    const bodies: string[] = [];
    nock(BASE)
      .post('/models', (given: unknown) => {
        bodies.push(typeof given === 'string' ? given : JSON.stringify(given));
        return true;
      })
      .reply(200, echo);
    const models = resource({ method: 'POST', data_selector: 'data', ...body });
    const { records } = await collect(models, { client: open, secrets });
    expect(records).toEqual(masked);
    expect(bodies).toEqual([sent.startsWith('a=') ? JSON.stringify({ a: 'b', token: 'second+secret value' }) : sent]);
  });

  it('that is missing is named before anything is sent', async () => {
    const missing = Secret.missing('token', ['environment TOKEN']);
    for (const parts of [{ params: { token: missing } }, { method: 'POST', json: { a: [missing] } }] as const) {
      const { error, traces } = await collect(resource(parts), { client: open });
      expect(error).toMatchObject({ code: 'SecretMissing' });
      expect(traces.map(({ attempts }) => attempts)).not.toContain(1);
    }
  });
});

describe('api_key', () => {
  it.each(['header', 'query'] as const)('can have a prefix in the %s', async (location) => {
    const auth: AuthConfig = { type: 'api_key', name: 'x-token', location, prefix: 'Token ', api_key: apiKey };
    if (location === 'header')
      nock(BASE, { reqheaders: { 'x-token': `Token ${KEY}` } })
        .get('/models')
        .reply(200, echo);
    else
      nock(BASE)
        .get('/models')
        .query({ 'x-token': `Token ${KEY}` })
        .reply(200, echo);
    const { error } = await collect(resource({ data_selector: 'data' }), { client: { ...client, auth } });
    expect(error).toBeUndefined();
  });
});
