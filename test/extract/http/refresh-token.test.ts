import { readdir, readFile, stat, writeFile } from 'node:fs/promises';
import { hostname } from 'node:os';
import { join } from 'node:path';
import nock from 'nock';
import { describe, expect, it } from 'vitest';
import type { AuthConfig } from '../../../src/config/grammar/auth-schema.ts';
import { Secret } from '../../../src/config/secret.ts';
import { lookaheadFor } from '../../../src/extract/lookahead.ts';
import { tempFolder } from '../../support/temp-folder.ts';
import { BASE, client, collect, effectsNoting, resource } from '../collect.ts';
import { useNock } from './nock-guard.ts';

useNock();

const LOGIN = 'https://login.example.test';
const ok = { data: [{ id: 'a' }] };
const models = resource({ data_selector: 'data' });
const clientSecret = Secret.found('client_secret', 'client/secret', 'secrets.yaml');

type Refresh = Extract<AuthConfig, { type: 'oauth2_refresh_token' }>;

function refresh(parts: Partial<Refresh> = {}, token = 'first-refresh-token'): Refresh {
  return {
    type: 'oauth2_refresh_token',
    access_token_url: `${LOGIN}/token`,
    client_id: 'me',
    client_secret: clientSecret,
    refresh_token: Secret.found('refresh_token', token, 'environment REFRESH_TOKEN'),
    access_token_request_data: {},
    default_token_expiration: 3_600_000,
    ...parts,
  };
}

/** A token service that takes each refresh token once, and gives the next; an API that takes what it gave last. */
function rotating(given: string[], from = 'first-refresh-token'): void {
  let current = from;
  nock(LOGIN)
    .post('/token')
    .times(given.length)
    .reply((_, body) => {
      if (new URLSearchParams(String(body)).get('refresh_token') !== current) return [400, { error: 'invalid_grant' }];
      current = given.shift() ?? '';
      return [200, { access_token: `access-of-${current}`, expires_in: 3600, refresh_token: current }];
    });
}

function api(token: string, status = 200): void {
  nock(BASE, { reqheaders: { authorization: `Bearer ${token}` } })
    .get('/models')
    .reply(status, ok);
}

const run = (auth: AuthConfig) =>
  collect(models, {
    client: { ...client, auth },
    secrets: [clientSecret, ...(auth.type === 'oauth2_refresh_token' ? [auth.refresh_token] : [])],
  });

describe('oauth2_refresh_token', () => {
  it('asks with its fields, and reads the reply where it is told to', async () => {
    nock(LOGIN)
      .post('/token', {
        grant_type: 'refresh_token',
        refresh_token: 'first-refresh-token',
        client_id: 'me',
        client_secret: 'client/secret',
        scope: 'read write',
        audience: 'api',
      })
      .reply(200, { result: { token: 'inner-token', lives: '60' }, refresh_token: 'first-refresh-token' });
    api('inner-token');
    const paths = { access_token_path: 'result.token', expires_in_path: 'result.lives' };
    const { error } = await run(
      refresh({ scope: 'read write', access_token_request_data: { audience: 'api' }, ...paths }),
    );
    expect(error).toBeUndefined();
  });

  it('keeps a new refresh token for its owner alone, before it is used, and begins with it the next time', async () => {
    const file = join(await tempFolder(), 'tokens', 'refresh.json');
    rotating(['second-refresh-token', 'third-refresh-token']);
    api('access-of-second-refresh-token');
    expect(await run(refresh({ refresh_token_file: file }))).toMatchObject({ error: undefined });
    expect(await readFile(file, 'utf8')).toContain('second-refresh-token');
    expect((await stat(file)).mode & 0o777).toBe(0o600);
    expect(await readdir(join(file, '..'))).toEqual(['refresh.json']);
    api('access-of-third-refresh-token');
    expect(await run(refresh({ refresh_token_file: file }))).toMatchObject({ error: undefined });
    expect(await readFile(file, 'utf8')).not.toMatch(/first|second|client/);
  });

  it('keeps it even where the access token that came with it is refused, or missing', async () => {
    const file = join(await tempFolder(), 'refresh.json');
    nock(LOGIN).post('/token').reply(200, { refresh_token: 'second-refresh-token' });
    expect((await run(refresh({ refresh_token_file: file }))).error).toMatchObject({ code: 'ReplyUnusable' });
    expect(await readFile(file, 'utf8')).toContain('second-refresh-token');
  });

  it('begins with a changed token of the secrets, whatever the file holds', async () => {
    const file = join(await tempFolder(), 'refresh.json');
    rotating(['second-refresh-token']);
    api('access-of-second-refresh-token');
    await run(refresh({ refresh_token_file: file }));
    rotating(['new-second-token'], 'new-first-token');
    api('access-of-new-second-token');
    expect(await run(refresh({ refresh_token_file: file }, 'new-first-token'))).toMatchObject({ error: undefined });
    expect(await readFile(file, 'utf8')).toContain('new-second-token');
  });

  it('is an error where a new one comes and there is no file for it', async () => {
    rotating(['second-refresh-token']);
    const { error, traces } = await run(refresh());
    expect(error).toMatchObject({
      code: 'ConfigInvalid',
      message: `\`${LOGIN}/token\` gave a new refresh token in place of the one before, and there is no \`refresh_token_file\` to keep it in.`,
      hint: expect.stringContaining('put a new refresh token into environment REFRESH_TOKEN'),
    });
    expect(JSON.stringify([error, String(error), traces])).not.toMatch(/second-refresh|first-refresh|access-of/);
  });

  it.each([
    ['a file that no run wrote', '{"refresh_token": 5}'],
    ['a file that is no JSON', 'first-refresh-token'],
  ])('is an error that shows nothing for %s', async (_, text) => {
    const file = join(await tempFolder(), 'refresh.json');
    await writeFile(file, text);
    const { error } = await run(refresh({ refresh_token_file: file }));
    expect(error).toMatchObject({
      code: 'ConfigInvalid',
      message: expect.stringContaining('was not written by a run'),
    });
    expect(JSON.stringify(error)).not.toContain('first-refresh');
  });

  it('finds out that nothing can be kept before it uses the token up', async () => {
    const folder = await tempFolder({ file: '' });
    const { error } = await run(refresh({ refresh_token_file: join(folder, 'file', 'refresh.json') }));
    expect(error).toMatchObject({ code: 'DestinationFailed', hint: expect.stringContaining('`refresh_token_file`') });
  });

  it('tells a refused token from a failed service, and sends none again that may be used up', async () => {
    const file = join(await tempFolder(), 'refresh.json');
    nock(LOGIN).post('/token').reply(400, { error: 'invalid_grant', said: 'first-refresh-token' });
    expect((await run(refresh({ refresh_token_file: file }))).error).toMatchObject({
      code: 'SourceRefused',
      message: 'No access token for the client `me`: POST /token was answered with status 400: invalid_grant',
      hint: expect.stringContaining(
        `put a new refresh token into environment REFRESH_TOKEN; that of ${file} then counts`,
      ),
    });
    nock(LOGIN).post('/token').reply(502);
    expect((await run(refresh({ refresh_token_file: file }))).error).toMatchObject({ code: 'SourceUnavailable' });
    nock(LOGIN).post('/token').reply(502);
    nock(LOGIN).post('/token').reply(200, { access_token: 'token-after-failure' });
    api('token-after-failure');
    expect((await run(refresh())).error).toBeUndefined();
  });

  it('is asked once by all who need it, renewed once after a 401, and asked one after another by runs that share a file', async () => {
    const file = join(await tempFolder(), 'refresh.json');
    await writeFile(`${file}.lock`, `4194399 ${hostname()} 0 1`); // of a process that is gone
    rotating(['token-2', 'token-3', 'token-4']);
    const effects = effectsNoting([]);
    const auth = refresh({ refresh_token_file: file });
    const ids = ['a', 'b', 'c', 'd'];
    nock(BASE, { reqheaders: { authorization: 'Bearer access-of-token-2' } })
      .get(/models/)
      .times(ids.length)
      .reply(401);
    nock(BASE, { reqheaders: { authorization: /access-of-token-[34]/ } })
      .get(/models/)
      .times(ids.length + 1)
      .reply(200, ok);
    const many = resource({
      path: 'models/{id}',
      data_selector: 'data',
      params: { id: { type: 'values', from: [{ list: ids }] } },
    });
    const parallel = { client: { ...client, auth }, lookahead: lookaheadFor({ concurrency: 4 }, effects) };
    const first = await collect(many, parallel);
    expect(first).toMatchObject({ error: undefined, records: ids.map(() => ({ id: 'a' })) });
    expect(first.traces.filter(({ method }) => method === 'POST')).toHaveLength(2);
    expect(await run(refresh({ refresh_token_file: file }))).toMatchObject({ error: undefined });
    expect(await readFile(file, 'utf8')).toContain('token-4');
    const others = ['token-5', 'token-6'];
    rotating([...others], 'token-4');
    for (const token of others) api(`access-of-${token}`);
    const both = await Promise.all([0, 1].map(() => run(refresh({ refresh_token_file: file }))));
    expect(both.map(({ error }) => error)).toEqual([undefined, undefined]);
  });
});

describe('client_auth: basic', () => {
  it('sends id and secret in a header, to the token service alone', async () => {
    const encoded = Buffer.from('me%26you:client%2Fsecret').toString('base64');
    nock(LOGIN, { reqheaders: { authorization: `Basic ${encoded}` } })
      .post('/token', { grant_type: 'client_credentials', scope: 'read' })
      .reply(200, { access_token: 'the-token' });
    nock(BASE, { reqheaders: { authorization: 'Bearer the-token' } })
      .get('/models')
      .reply(200, { data: [{ echo: `Basic ${encoded}` }] });
    const { type: _, refresh_token: _token, ...shared } = refresh();
    const auth: AuthConfig = {
      ...shared,
      type: 'oauth2_client_credentials',
      client_id: 'me&you',
      client_secret: clientSecret,
      client_auth: 'basic',
      scope: 'read',
    };
    const { records, error } = await run(auth);
    expect(error).toBeUndefined();
    expect(records).toEqual([{ echo: 'Basic ***' }]);
  });

  it('does not carry the header to another host', async () => {
    nock(LOGIN).post('/token').reply(303, undefined, { location: 'https://evil.example.test/' });
    nock('https://evil.example.test', { badheaders: ['authorization'] })
      .get('/')
      .reply(401);
    const { error } = await run(refresh({ client_auth: 'basic' }));
    expect(error).toMatchObject({ code: 'SourceRefused' });
  });
});

describe('variables', () => {
  it('stand in the address and the fields of a token service, and in a user name', async () => {
    nock('https://acme.example.test')
      .post('/token', /assertion=acme/)
      .reply(200, { access_token: 'the-token' });
    api('the-token');
    const variables = { shop: 'acme' };
    const auth = refresh({
      access_token_url: 'https://{variables.shop}.example.test/token',
      access_token_request_data: { assertion: '{variables.shop}' },
    });
    expect(await collect(models, { client: { ...client, auth, variables } })).toMatchObject({ error: undefined });
    const basic = Buffer.from('acme/token:x').toString('base64');
    nock(BASE, { reqheaders: { authorization: `Basic ${basic}` } })
      .get('/models')
      .reply(200, ok);
    const password = Secret.found('password', 'x', 'secrets.yaml');
    const user: AuthConfig = { type: 'http_basic', username: '{variables.shop}/token', password };
    expect(await collect(models, { client: { ...client, auth: user, variables } })).toMatchObject({ error: undefined });
  });
});
