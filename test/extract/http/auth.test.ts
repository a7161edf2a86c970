import nock from 'nock';
import { describe, expect, it } from 'vitest';
import type { AuthConfig } from '../../../src/config/grammar/auth-schema.ts';
import { Secret } from '../../../src/config/secret.ts';
import { accessToken } from '../../../src/extract/http/oauth-token.ts';
import { sessionFor } from '../../../src/extract/http/session.ts';
import { lookaheadFor } from '../../../src/extract/lookahead.ts';
import { findingsOf } from '../../support/findings.ts';
import { apiKey, BASE, client, collect, effectsNoting, KEY, NOW, resource } from '../collect.ts';
import { useNock } from './nock-guard.ts';

useNock();

const models = resource({ data_selector: 'data' });
const ok = { data: [{ id: 'a' }] };
const password = Secret.found('password', 'pass wörd', 'secrets.yaml');

function clientWith(auth: AuthConfig) {
  return { ...client, auth };
}

describe('auth', () => {
  it('api_key goes into the query where it should', async () => {
    nock(BASE).get('/models').query({ key: KEY }).reply(200, ok);
    const auth: AuthConfig = { type: 'api_key', name: 'key', location: 'query', api_key: apiKey };
    const { records, traces } = await collect(models, { client: clientWith(auth) });
    expect(records).toEqual(ok.data);
    expect(JSON.stringify(traces)).not.toContain(KEY);
  });

  it('bearer', async () => {
    nock(BASE, { reqheaders: { authorization: `Bearer ${KEY}` } })
      .get('/models')
      .reply(200, ok);
    expect(await collect(models, { client: clientWith({ type: 'bearer', token: apiKey }) })).toMatchObject({
      error: undefined,
    });
  });

  it('http_basic, whose header is masked where a reply repeats it', async () => {
    const encoded = Buffer.from('user:pass wörd').toString('base64');
    nock(BASE, { reqheaders: { authorization: `Basic ${encoded}` } })
      .get('/models')
      .reply(200, { data: [{ echo: `Basic ${encoded}` }] });
    const auth: AuthConfig = { type: 'http_basic', username: 'user', password };
    const { records, masked } = await collect(models, { client: clientWith(auth), secrets: [password] });
    expect(records).toEqual([{ echo: 'Basic ***' }]);
    expect(masked).toBe(1);
  });

  it('http_basic with an empty password, the key as user name', async () => {
    nock(BASE, { reqheaders: { authorization: `Basic ${Buffer.from(`${KEY}:`).toString('base64')}` } })
      .get('/models')
      .reply(200, ok);
    const auth: AuthConfig = { type: 'http_basic', username: apiKey, password: Secret.found('password', '', 'a test') };
    expect(await collect(models, { client: clientWith(auth) })).toMatchObject({ error: undefined });
  });

  it('of the endpoint replaces that of the client', async () => {
    nock(BASE, { reqheaders: { authorization: 'Bearer other-token' }, badheaders: ['X-Dezgo-Key'] })
      .get('/models')
      .reply(200, ok);
    const token = Secret.found('t', 'other-token', 'a test');
    expect(await collect(resource({ data_selector: 'data', auth: { type: 'bearer', token } }))).toMatchObject({
      error: undefined,
    });
  });

  it('of the endpoint can be none at all', async () => {
    nock(BASE, { badheaders: ['X-Dezgo-Key'] })
      .get('/models')
      .reply(200, ok);
    expect(await collect(resource({ data_selector: 'data', auth: 'none' }))).toMatchObject({ error: undefined });
  });

  it('sends the headers of client and endpoint, those of the endpoint last', async () => {
    nock(BASE, { reqheaders: { accept: 'text/x', 'x-a': '1', 'x-b': 'endpoint', 'x-secret': KEY } })
      .get('/models')
      .reply(200, ok);
    const headers = { Accept: 'text/x', 'X-A': '1', 'X-B': 'client', 'X-Secret': apiKey };
    const { error } = await collect(resource({ headers: { 'x-b': 'endpoint' } }), { client: { ...client, headers } });
    expect(error).toBeUndefined();
  });

  it('a missing secret is named before anything is sent', async () => {
    const missing = Secret.missing('api_key', ['environment DEZGO_API_KEY']);
    const auth: AuthConfig = { type: 'api_key', name: 'X-Dezgo-Key', location: 'header', api_key: missing };
    expect(await collect(models, { client: clientWith(auth) })).toMatchObject({
      error: { code: 'SecretMissing' },
      traces: [],
    });
  });

  it.each(['two\nlines', 'snow☃'])('a key that no header may hold is refused without showing it: %j', async (value) => {
    const secret = Secret.found('api_key', value, 'secrets.yaml');
    const auth: AuthConfig = { type: 'api_key', name: 'X-Dezgo-Key', location: 'header', api_key: secret };
    const { error } = await collect(models, { client: clientWith(auth) });
    expect(error).toMatchObject({
      code: 'ConfigInvalid',
      message: expect.stringContaining('The header `X-Dezgo-Key` cannot be sent'),
      hint: expect.stringContaining('secrets.yaml'),
    });
    expect(String((error as Error).message)).not.toContain(value);
  });
});

describe('oauth2_client_credentials', () => {
  const oauth = (): AuthConfig => ({
    type: 'oauth2_client_credentials',
    access_token_url: 'https://login.example.test/token',
    client_id: 'me',
    client_secret: Secret.found('client_secret', 'client-secret', 'secrets.yaml'),
    access_token_request_data: { scope: 'read', assertion: Secret.found('assertion', 'signed', 'secrets.yaml') },
    default_token_expiration: 3_600_000,
  });
  const form = {
    client_id: 'me',
    client_secret: 'client-secret',
    grant_type: 'client_credentials',
    scope: 'read',
    assertion: 'signed',
  };
  const pages = resource({ data_selector: 'data', paginator: { type: 'json_link', next_url_path: 'next' } });

  it('asks for a token once and masks it', async () => {
    nock('https://login.example.test').post('/token', form).reply(200, { access_token: 'the-token', expires_in: 60 });
    const api = nock(BASE, { reqheaders: { authorization: 'Bearer the-token' } });
    api.get('/models').reply(200, { data: [{ echo: 'the-token' }], next: '/models/2' });
    api.get('/models/2').reply(200, ok);
    api.get('/models').reply(200, ok);
    const auth = oauth();
    const { records, error } = await collect(pages, { client: clientWith(auth) });
    expect(error).toBeUndefined();
    expect(records).toEqual([{ echo: '***' }, { id: 'a' }]);
    expect(await collect(pages, { client: clientWith(auth) })).toMatchObject({ records: ok.data });
  });

  it.each([
    ['the last ten seconds of a minute', '60', 49_000, 51_000],
    ['the second half of ten seconds', 10, 4_000, 6_000],
  ])('asks again in %s', async (_, expires_in, early, late) => {
    let now = NOW;
    const effects = { ...effectsNoting([]), now: () => now };
    const auth = oauth();
    const login = nock('https://login.example.test');
    for (const [token, at] of [
      ['first', 0],
      ['first', early],
      ['second', late],
    ] as const) {
      now = NOW + at;
      if (at !== early) login.post('/token').reply(200, { access_token: `${token}-token`, expires_in });
      nock(BASE, { reqheaders: { authorization: `Bearer ${token}-token` } })
        .get('/models')
        .reply(200, ok);
      expect(await collect(models, { client: clientWith(auth), effects })).toMatchObject({ error: undefined });
    }
  });

  it.each(['GET', 'POST'] as const)(
    'gets another token once when a %s is refused with one that should be good',
    async (method) => {
      const login = nock('https://login.example.test');
      for (const token of ['old', 'new']) {
        login.post('/token').reply(200, { access_token: `${token}-token`, expires_in: 3600 });
        nock(BASE, { reqheaders: { authorization: `Bearer ${token}-token` } })
          .intercept('/models', method)
          .reply(token === 'old' ? 401 : 200, ok);
      }
      const what = resource({ data_selector: 'data', method });
      const { records, traces, error } = await collect(what, { client: clientWith(oauth()) });
      expect(error).toBeUndefined();
      expect(records).toEqual(ok.data);
      expect(traces.map(({ status, attempts }) => [status, attempts])).toEqual([
        [200, 1],
        [200, 1],
        [200, 2],
      ]);
    },
  );

  it('asks again where whoever asked was given up', async () => {
    const reply = (status: number, body: object) => ({ status, headers: new Headers({ 'retry-after': '0' }), body });
    const replies = [reply(503, {}), reply(200, { access_token: 'second' })];
    const transport = async () => {
      const { body, ...rest } = replies.shift() ?? reply(400, {});
      return { ...rest, body: Buffer.from(JSON.stringify(body)) };
    };
    const stop = new AbortController();
    const sleep = (_: number, signal?: AbortSignal) =>
      new Promise<void>((_resolve, reject) => {
        signal?.addEventListener('abort', () => reject(signal.reason));
        stop.abort();
      });
    const effects = { ...effectsNoting([]), sleep, transport };
    const { traffic } = lookaheadFor({ concurrency: 2 }, effects);
    const session = (signal: AbortSignal) =>
      sessionFor('models', { effects, signal, secrets: [], findings: findingsOf({}), exactNumbers: false }, traffic, 1);
    const config = oauth();
    if (config.type !== 'oauth2_client_credentials') throw new Error('another kind');
    const [first, second] = [
      accessToken(config, session(stop.signal)),
      accessToken(config, session(new AbortController().signal)),
    ];
    await expect(first).rejects.toMatchObject({ code: 'Interrupted' });
    expect(await second).toBe('second');
  });

  it('is refused when another token does not help', async () => {
    nock('https://login.example.test').post('/token').times(2).reply(200, { access_token: 'the-token' });
    nock(BASE).get('/models').times(2).reply(401);
    expect((await collect(models, { client: clientWith(oauth()) })).error).toMatchObject({
      code: 'SourceRefused',
      message: 'GET /models was refused (401); the header `Authorization` was sent, its value from secrets.yaml',
    });
  });

  it('is unavailable, not refused, when the token service is, however often it is asked', async () => {
    nock('https://login.example.test').post('/token').times(3).reply(429);
    expect((await collect(models, { client: clientWith(oauth()) })).error).toMatchObject({
      code: 'SourceThrottled',
      message: expect.stringContaining('POST /token'),
    });
  });

  it('names the client that is refused', async () => {
    nock('https://login.example.test').post('/token').reply(401, { error: 'invalid_client' });
    expect((await collect(models, { client: clientWith(oauth()) })).error).toMatchObject({
      code: 'SourceRefused',
      message: expect.stringContaining('No access token for the client `me`: POST /token was refused (401)'),
      hint: expect.stringContaining('secrets.yaml'),
    });
  });

  it.each(['no json', { access_token: '' }, { access_token: 'two\nlines' }])(
    'says when the reply holds no token: %j',
    async (reply) => {
      nock('https://login.example.test').post('/token').reply(200, reply);
      expect((await collect(models, { client: clientWith(oauth()) })).error).toMatchObject({ code: 'ReplyUnusable' });
    },
  );

  it('does not carry its secret to another host', async () => {
    nock('https://login.example.test').post('/token').reply(307, '', { location: 'https://evil.example.test/token' });
    expect((await collect(models, { client: clientWith(oauth()) })).error).toMatchObject({
      code: 'ReplyUnusable',
      message: expect.stringContaining('leads to another host, evil.example.test'),
    });
  });
});
