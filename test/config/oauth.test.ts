import path from 'node:path';
import { describe, expect, test } from 'vitest';
import { loadConfig } from '../../src/config/load-config.ts';
import { missingSecrets } from '../../src/config/missing-secrets.ts';
import { tempFolder } from '../support/temp-folder.ts';
import { problems, withResources } from './loading.ts';

const refresh = (more = '') =>
  `{ type: oauth2_refresh_token, access_token_url: "https://login.example.com/token", client_id: me, refresh_token_file: tokens/shop.json${more} }`;
const other = refresh(', refresh_token: { secret: other }').replace('shop.json', 'other.json');
const withAuth = (auth: string) => withResources(`- { name: a, endpoint: { auth: ${auth} } }`);

describe('the auth of resources', () => {
  test('is one where it is the same, a file beside the configuration, and another where its secrets differ', async () => {
    const cwd = await tempFolder({
      'pipeline.config.yaml': withResources(
        `- { name: a, endpoint: { auth: ${refresh()} } }`,
        `- { name: b, endpoint: { auth: ${refresh()}, fallbacks: [{ path: x, auth: ${refresh()} }] } }`,
        `- { name: c, endpoint: { auth: ${other} } }`,
      ),
    });
    const env = { SOURCES__SHOP_API__REFRESH_TOKEN: 'token', SOURCES__SHOP_API__OTHER: 'other' };
    const config = await loadConfig('pipeline.config.yaml', { cwd, env });
    const [a, b, c] = config.source.resources.map(({ endpoint }) => endpoint);
    expect(a?.auth).toMatchObject({ refresh_token_file: path.join(cwd, 'tokens', 'shop.json') });
    expect(b?.auth).toBe(a?.auth);
    expect(b?.fallbacks?.[0]?.auth).toBe(a?.auth);
    expect(c?.auth).not.toBe(a?.auth);
    expect(await missingSecrets(config)).toEqual([]);
  });

  test('cannot share the file of another', async () => {
    const same = other.replace('other.json', 'shop.json');
    const found = await problems(
      withResources(
        `- { name: a, endpoint: { auth: ${refresh()} } }`,
        `- { name: b, endpoint: { auth: ${refresh()}, fallbacks: [{ path: x, auth: ${same} }] } }`,
      ),
    );
    expect(found).toEqual([
      expect.stringContaining(
        'fallbacks[0].auth.refresh_token_file  `tokens/shop.json` already keeps the refresh token of another `auth`',
      ),
    ]);
  });

  test.each([
    [refresh(', client_auth: header'), 'auth.client_auth  expected one of `body`, `basic`, got `header`'],
    [refresh(', refresh_tokens_file: x'), 'auth.refresh_tokens_file  unknown key, did you mean `refresh_token_file`?'],
    [refresh(', access_token_path: "data["'), 'auth.access_token_path  '],
    [refresh().replace('https://login', 'login'), 'auth.access_token_url  expected a URL such as'],
    [
      refresh().replace('login.example', '{variables.shop}'),
      'auth.access_token_url  `{variables.shop}`: there is no such variable, add `source.client.variables: { shop: … }`',
    ],
    ['{ type: oauth2_client_credentials, access_token_path: a }', 'auth.access_token_url  is required'],
  ])('that is wrong is a problem: %s', async (auth, message) => {
    expect(await problems(withAuth(auth))).toContainEqual(expect.stringContaining(message));
  });
});
