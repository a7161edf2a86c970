import { describe, expect, test } from 'vitest';
import { missingSecrets } from '../../src/config/missing-secrets.ts';
import { Secret } from '../../src/config/secret.ts';
import { baseUrlOf, shownText } from '../../src/config/variables.ts';
import { load, problems } from './loading.ts';

interface Parts {
  readonly url?: string;
  readonly headers?: string;
  readonly endpoint?: string;
}

function withVariables(variables: string, { url = 'https://api.example.com/', headers = '{}', endpoint = 'a' }: Parts) {
  return [
    'pipeline: { name: shop }',
    'source:',
    '  name: shop_api',
    `  client: { base_url: "${url}", headers: ${headers}, variables: ${variables} }`,
    '  resources:',
    `    - { name: a, endpoint: ${endpoint} }`,
    '',
  ].join('\n');
}

describe('a variable', () => {
  const yaml = withVariables('{ shop: acme, limit: 5, token: { secret: t } }', {
    url: 'https://{variables.shop}.example.com/{variables.token}/',
    endpoint: '{ path: "{variables.limit}/x" }',
  });

  test('stands in `base_url`, which is shown without its secrets', async () => {
    const { source } = await load(yaml, { env: { SOURCES__SHOP_API__T: 'hidden-token' } });
    if (source.client === undefined) throw new Error('no client');
    expect(baseUrlOf(source.client)).toBe('https://acme.example.com/hidden-token/');
    expect(shownText(source.client.base_url, source.client)).toBe('https://acme.example.com/{variables.token}/');
    expect(JSON.stringify(source)).not.toContain('hidden');
  });

  test('is overridden by the environment, a number by a number', async () => {
    const variables = 'SOURCES__SHOP_API__CLIENT__VARIABLES';
    const env = { [`${variables}__SHOP`]: 'other', [`${variables}__LIMIT`]: '7', [`${variables}__TOKEN`]: 'from-env' };
    const { source, secrets } = await load(yaml, { env });
    expect(source.client?.variables).toMatchObject({ shop: 'other', limit: 7 });
    expect(secrets.map((secret) => secret.reveal())).toEqual(['from-env']);
  });

  test('stands in a header that carries a key, too, as do values, and in no secret', async () => {
    const headers = '{ Authorization: "Token {variables.token}", X-Api-Key: "{c0ffee00-11-22}" }';
    const endpoint = '{ headers: { X-Token: "for {id}" }, params: { id: { type: values, from: [{ list: [1] }] } } }';
    const { source } = await load(withVariables('{ token: { secret: t } }', { headers, endpoint }));
    expect(source.client?.headers).toEqual({
      Authorization: 'Token {variables.token}',
      'X-Api-Key': expect.any(Secret),
    });
    expect(source.resources[0]?.endpoint?.headers).toEqual({ 'X-Token': 'for {id}' });
    const inSecret = { endpoint: '{ auth: { token: "{variables.token}" } }' };
    expect(await problems(withVariables('{ token: { secret: t } }', inSecret))).toEqual([
      expect.stringContaining('auth.token  a variable cannot stand here: expected `{ secret: KEY }`'),
    ]);
  });

  test('that is a missing secret is missing where it is used', async () => {
    expect((await missingSecrets(await load(yaml))).map(({ facts }) => facts.key)).toEqual(['t']);
    expect(await missingSecrets(await load(withVariables('{ token: { secret: t } }', {})))).toEqual([]);
    const inBody = { endpoint: '{ method: POST, json: { a: ["{variables.token}"] } }' };
    expect(await missingSecrets(await load(withVariables('{ token: { secret: t } }', inBody)))).toHaveLength(1);
  });

  test('that is called as a secret and holds a text is one, with a warning', async () => {
    const { secrets, warnings } = await load(withVariables('{ api_token: abcdefgh, sort_key: created_at }', {}));
    expect(secrets.map((secret) => secret.reveal())).toEqual(['abcdefgh']);
    expect(warnings).toEqual([
      expect.objectContaining({
        message: expect.stringContaining('`source.client.variables.api_token` holds a secret'),
      }),
    ]);
  });

  const unknown = '`{variables.shpo}`: there is no such variable, did you mean `{variables.shop}`?';
  test.each([
    [{ url: 'https://{variables.shpo}.example.com/' }, `client.base_url  ${unknown}`],
    [{ headers: '{ X-Shop: "a {variables.shpo}" }' }, `client.headers.X-Shop  ${unknown}`],
    [{ endpoint: '"{variables.shpo}/a"' }, `endpoint  ${unknown}`],
    [{ endpoint: '{ params: { a: ["{variables.shpo}"] } }' }, `endpoint.params.a[0]  ${unknown}`],
    [{ endpoint: '{ headers: { X-A: "{variables.shpo}" } }' }, `endpoint.headers.X-A  ${unknown}`],
    [{ endpoint: '{ method: POST, json: { a: ["x {variables.shpo}"] } }' }, `endpoint.json.a[0]  ${unknown}`],
    [{ endpoint: '{ method: POST, data: "{variables.shpo}" }' }, `endpoint.data  ${unknown}`],
    [{ endpoint: '{ fallbacks: [{ path: "{variables.shpo}" }] }' }, `fallbacks[0].path  ${unknown}`],
    [
      { endpoint: '"{variables.language}/a"' },
      'endpoint  `{variables.language}`: there is no such variable, add `source.client.variables: { language: … }`',
    ],
    [
      { endpoint: '{ method: POST, json: { a: "{variables.shop} {x}" } }' },
      'json.a  braces beside a placeholder have to be doubled: expected `{variables.shop} {{x}}`',
    ],
    [
      { url: 'https://{variables.shop} x/' },
      'client.base_url  expected a URL such as `https://api.example.com/` with the variables filled in, and `https://acme x/` is none',
    ],
    [{ url: '{variables.shop}/v1' }, 'and `acme/v1` is none'],
  ])('that is wrong is a problem: %j', async (parts, message) => {
    expect(await problems(withVariables('{ shop: acme }', parts))).toEqual([expect.stringContaining(message)]);
  });

  test('of a wrong address that is a secret is not shown', async () => {
    const yaml = withVariables('{ host: { secret: t } }', { url: '{variables.host}/v1' });
    expect(await problems(yaml, { env: { SOURCES__SHOP_API__T: 'no-address' } })).toEqual([
      expect.stringMatching(/with the variables filled in, and what it becomes is none$/),
    ]);
  });
});
