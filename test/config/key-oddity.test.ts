import { describe, expect, it } from 'vitest';
import { missingSecrets } from '../../src/config/missing-secrets.ts';
import { load, withResources } from './loading.ts';

const bearer = withResources('- orders').replace('.com/ }', '.com/, auth: { token: { secret: token, env: KEY } } }');
const withAuth = (auth: string) => withResources('- orders').replace('.com/ }', `.com/, auth: ${auth} }`);
const header = (name: string) => withAuth(`{ type: api_key, name: ${name}, api_key: { secret: api_key, env: KEY } }`);

describe('a key', () => {
  it.each([
    ['"abcd1234"', 'begins or ends with a quotation mark'],
    ["'abcd1234'", 'begins or ends with a quotation mark'],
    ['“abcd1234”', 'begins or ends with a quotation mark'],
    ['abcd1234"', 'begins or ends with a quotation mark'],
    [' abcd1234', 'begins or ends with a blank'],
    ['abcd1234\u00a0', 'begins or ends with a blank'],
    ['abcd\n1234', 'holds a line break'],
    ['abcd\u200b1234', 'holds a character that cannot be seen'],
    ['abcd…1234', 'holds `…`, as if it were cut short'],
    ['Bearer abcd1234', 'begins with `Bearer`'],
    ['x-key: abcd1234', 'begins with the name of its header'],
  ])('like %j is warned about, with its place and without its text', async (value, odd) => {
    const { warnings } = await load(header('X-Key'), { env: { KEY: value } });
    expect(warnings).toEqual([
      {
        at: expect.stringMatching(/^pipeline\.config\.yaml:4:\d+$/),
        message: `\`source.client.auth.api_key\`: the value from environment KEY ${odd}`,
      },
    ]);
  });

  it.each(['abcd1234', 'ab"cd', 'a b', 'ab==', 'X-Other: a', 'Bearerabcd', 'SG_5a4d'])(
    'like %j is not',
    async (value) => {
      expect((await load(header('X-Key'), { env: { KEY: value } })).warnings).toEqual([]);
    },
  );

  it('may bring its scheme where nothing else does', async () => {
    const env = { KEY: 'Bearer abcd1234' };
    expect((await load(header('Authorization'), { env })).warnings).toEqual([]);
    expect((await load(bearer, { env })).warnings).toMatchObject([
      { message: expect.stringContaining('begins with `Bearer`, which is sent already') },
    ]);
    const quoted = { KEY: 'Bearer "abcd1234"' };
    expect((await load(header('Authorization'), { env: quoted })).warnings).toHaveLength(1);
  });

  it.each(['"your-key-here"', 'your-api-key', '<key>', 'SG_xxxxxxxx', 'replace-with-key', '"<set me up!>"'])(
    'that is %s is missing, and the page where keys are made is named',
    async (value) => {
      const yaml = bearer.replace('auth:', 'links: { keys: "https://example.com/keys" }, auth:');
      const [missing] = await missingSecrets(await load(yaml, { env: { KEY: value } }));
      expect(missing).toMatchObject({
        message: expect.stringContaining('environment KEY (it still holds a placeholder)'),
        hint: expect.stringContaining('Keys are made at https://example.com/keys.'),
      });
    },
  );
});

describe('an address', () => {
  const versioned = (resource: string) => withResources(resource).replace('.com/ }', '.com/v1 }');

  it.each([
    ['- v1/orders', ['endpoint']],
    ['- { name: orders, endpoint: /V1/orders?x=1 }', ['endpoint']],
    ['- { name: orders, endpoint: { path: orders, fallbacks: [{ path: v1 }] } }', ['fallbacks']],
    ['- { name: orders, endpoint: { path: v1x/orders } }', []],
    ['- { name: orders, endpoint: { path: orders/v1 } }', []],
    ['- { name: orders, endpoint: "https://other.example.com/v1/orders" }', []],
  ])('with the version twice (%s) is warned about', async (resource, places) => {
    const { warnings } = await load(versioned(resource));
    expect(warnings.map(({ message }) => message)).toEqual(
      places.map(() => expect.stringMatching(/: `base_url` ends with `v1` as well: the address is `…\/v1\/v1…`$/i)),
    );
  });
});
