import { describe, expect, test } from 'vitest';
import { missingSecrets } from '../../src/config/missing-secrets.ts';
import { Secret } from '../../src/config/secret.ts';
import { load, problems, withResources } from './loading.ts';

const everywhere = withResources(
  '- name: search',
  '  endpoint:',
  '    method: POST',
  '    params: { key: { secret: in_query }, list: [a, { secret: in_list }] }',
  '    headers: { X-One: { secret: in_header } }',
  '    json: { deep: [{ token: { secret: in_body, env: BODY_TOKEN } }], client: { secret: plain, id: 5 } }',
  '    fallbacks: [{ path: b, json: { token: { secret: in_fallback } } }]',
  '- { name: form, endpoint: { method: POST, data: { token: { secret: in_form } } } }',
);
const names = ['in_query', 'in_list', 'in_header', 'in_body', 'in_fallback', 'in_form'];
const variableOf = (name: string) => `SOURCES__SHOP_API__${name.toUpperCase()}`;

describe('a reference to a secret', () => {
  test('is looked up wherever a value stands', async () => {
    const env = Object.fromEntries(names.map((name) => [variableOf(name), `value-of-${name}`]));
    const config = await load(everywhere, { env });
    expect(config.secrets.map((secret) => secret.reveal()).toSorted()).toEqual(
      names.map((name) => `value-of-${name}`).toSorted(),
    );
    expect(JSON.stringify(config)).not.toContain('value-of');
    expect(config.source.resources[0]?.endpoint?.json).toEqual({
      deep: [{ token: expect.any(Secret) }],
      client: { secret: 'plain', id: 5 },
    });
    expect(await missingSecrets(config)).toEqual([]);
  });

  test('that finds nothing is missing, of a fallback too, where its resource is wanted', async () => {
    const config = await load(everywhere, { env: { BODY_TOKEN: 'body' } });
    const missing = (await missingSecrets(config)).map(({ facts }) => facts.key);
    expect(missing.toSorted()).toEqual(names.filter((name) => name !== 'in_body').toSorted());
    expect((await missingSecrets(config, ['form'])).map(({ facts }) => facts.key)).toEqual(['in_form']);
  });

  test('can be overridden by the variable of its place, in a body too', async () => {
    const endpoint = 'SOURCES__SHOP_API__RESOURCES__SEARCH__ENDPOINT';
    const env = { [`${endpoint}__PARAMS__KEY`]: 'one', [`${endpoint}__JSON__CLIENT__ID`]: '6' };
    const { source } = await load(everywhere, { env });
    const [search] = source.resources;
    expect(search?.endpoint?.params?.key).toMatchObject({ origin: `environment ${endpoint}__PARAMS__KEY` });
    expect(search?.endpoint?.json).toMatchObject({ client: { id: 6 } });
  });

  test.each([
    ['{ secret: key, evn: KEY }', 'key.evn  unknown key, did you mean `env`?'],
    ['{ type: valeus, from: [] }', 'key.type  expected `values`, got `valeus`'],
    ['{ secret: 5 }', 'key.secret  expected text, got a whole number'],
  ])('that is mistyped is a problem: %s', async (param, message) => {
    const found = await problems(withResources(`- { name: a, endpoint: { params: { key: ${param} } } }`));
    expect(found).toEqual([expect.stringContaining(message)]);
  });
});

describe('auth', () => {
  const withAuth = (auth: string) => withResources('- a').replace('.com/ }', `.com/, auth: ${auth} }`);

  test.each([
    ['bearer', { type: 'bearer', token: expect.any(Secret) }],
    ['{ type: bearer }', { type: 'bearer', token: expect.any(Secret) }],
    ['{ token: { secret: token } }', { type: 'bearer', token: expect.any(Secret) }],
    ['http_basic', { type: 'http_basic', username: expect.any(Secret), password: expect.any(Secret) }],
    ['{ type: http_basic, username: me, password: "" }', { username: 'me', password: expect.any(Secret) }],
    ['{ type: api_key, name: X-Key }', { type: 'api_key', api_key: expect.any(Secret) }],
    ['{ type: api_key, name: X-Key, prefix: "Token " }', { prefix: 'Token ' }],
  ])('by a name, or without its secrets, looks them up as dlt does: %s', async (auth, expected) => {
    const env = Object.fromEntries(['token', 'username', 'password', 'api_key'].map((key) => [variableOf(key), 'x']));
    const config = await load(withAuth(auth), { env });
    expect(config.source.client?.auth).toMatchObject(expected);
    expect(await missingSecrets(config)).toEqual([]);
  });

  test.each(['none', 'null'])('of the client can be %s', async (auth) => {
    expect((await load(withAuth(auth))).source.client?.auth).toBeUndefined();
  });

  test.each([
    ['baerer', 'auth  expected one of `none`, `bearer`, `http_basic`'],
    ['api_key', 'auth.name  is required: expected text'],
    ['{ type: api_key, name: X, perfix: a }', 'auth.perfix  unknown key, did you mean `prefix`?'],
  ])('that is wrong says what was expected: %s', async (auth, message) => {
    expect(await problems(withAuth(auth))).toEqual([expect.stringContaining(message)]);
  });

  test('by a name can be overridden key by key', async () => {
    const env = { SOURCES__SHOP_API__CLIENT__AUTH__TOKEN: 'from-here' };
    const { secrets } = await load(withAuth('bearer'), { env });
    expect(secrets.map((secret) => secret.reveal())).toEqual(['from-here']);
  });
});
