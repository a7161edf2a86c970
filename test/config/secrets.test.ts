import path from 'node:path';
import { inspect } from 'node:util';
import { describe, expect, test } from 'vitest';
import { type LoadOptions, loadConfig } from '../../src/config/load-config.ts';
import { missingSecrets } from '../../src/config/missing-secrets.ts';
import { tempFolder } from '../support/temp-folder.ts';
import { failure, load, problems, withResources } from './loading.ts';

const yaml = withResources('- orders').replace(
  '.com/ }',
  '.com/, auth: { type: api_key, name: X-Key, api_key: { secret: api_key, env: SHOP_KEY } } }',
);
const secretsYaml = 'sources: { shop_api: { api_key: from-file } }\n';

async function keyOf(files: Readonly<Record<string, string>>, options: LoadOptions) {
  const cwd = await tempFolder({ 'pipeline.config.yaml': yaml, ...files });
  const { source } = await loadConfig('pipeline.config.yaml', { cwd, env: {}, ...options });
  const auth = source.client?.auth;
  if (auth?.type !== 'api_key') throw new Error('expected an API key');
  return auth.api_key;
}

const env = { SOURCES__SHOP_API__API_KEY: 'from-dlt-name', SHOP_KEY: 'from-short-name' };

describe('a secret', () => {
  test.each([
    ['first from the variable with the name of dlt', env, 'from-dlt-name'],
    ['then from the variable that `env` names', { ...env, SOURCES__SHOP_API__API_KEY: '' }, 'from-short-name'],
    ['then from secrets.yaml', { SOURCES__SHOP_API__API_KEY: '', SHOP_KEY: '  ' }, 'from-file'],
  ])('comes %s', async (_, variables, expected) => {
    const secret = await keyOf({ 'secrets.yaml': secretsYaml }, { env: variables });
    expect(secret.reveal()).toBe(expected);
  });

  test('says where it was found', async () => {
    const inFile = await keyOf({ 'secrets.yaml': secretsYaml }, {});
    expect(inFile.origin).toMatch(/^`sources\.shop_api\.api_key` in .*secrets\.yaml$/);
    expect((await keyOf({}, { env })).origin).toBe('environment SOURCES__SHOP_API__API_KEY');
  });

  test('cannot be printed, also as a part of the configuration', async () => {
    const config = await load(yaml, { env });
    const texts = [JSON.stringify(config), inspect(config, { depth: 9 }), `${config.secrets[0]}`];
    expect(texts.join()).not.toContain('from-dlt-name');
    expect(config.secrets.map((secret) => secret.reveal())).toEqual(['from-dlt-name']);
  });

  test('keeps its text: no number, no date, no line end of a file', async () => {
    const secret = await keyOf({ 'secrets.yaml': 'sources: { shop_api: { api_key: 0123456789012345678901 } }' }, {});
    expect(secret.reveal()).toBe('0123456789012345678901');
    expect((await keyOf({}, { env: { SHOP_KEY: 'abc\n' } })).reveal()).toBe('abc');
  });

  test('can stand in a header', async () => {
    const config = await load(yaml.replace('auth:', 'headers: { X-Host: h, X-Two: { secret: two } }, auth:'), {
      env: { ...env, SOURCES__SHOP_API__TWO: 'second' },
    });
    expect(JSON.stringify(config.source.client?.headers)).toBe('{"X-Host":"h","X-Two":"***"}');
    expect(config.secrets.map((secret) => secret.reveal())).toEqual(['second', 'from-dlt-name']);
  });
});

describe('a missing secret', () => {
  test('is no problem until it is needed, and then names every place', async () => {
    const cwd = await tempFolder({ 'pipeline.config.yaml': yaml });
    const [error, ...others] = await missingSecrets(await loadConfig('pipeline.config.yaml', { cwd, env: {} }));
    expect(others).toEqual([]);
    expect(error).toMatchObject({ code: 'SecretMissing', exitCode: 2 });
    expect(error?.message).toBe(
      'The secret `api_key` was not found. Looked in: environment SOURCES__SHOP_API__API_KEY; environment SHOP_KEY; ' +
        `\`sources.shop_api.api_key\` in ${path.join(cwd, 'secrets.yaml')}`,
    );
    const secret = await keyOf({}, {});
    expect(() => secret.reveal()).toThrow('Looked in: environment SOURCES__SHOP_API__API_KEY');
  });

  test.each([
    '<set me up!>',
    'YOUR_API_KEY',
    'your-api-key-here',
    'insert your key',
    'changeme',
    'xxxxxxxx',
    'DEZGO-XXXXXXXX',
    // biome-ignore lint/suspicious/noTemplateCurlyInString: what people write who expect variables in YAML
    '${DEZGO_API_KEY}',
    'TODO',
  ])('is one that holds a placeholder such as `%s`', async (placeholder) => {
    const secret = await keyOf({}, { env: { SHOP_KEY: placeholder } });
    expect(secret.isMissing).toBe(true);
    expect(secret.missingError().message).toContain('environment SHOP_KEY (it still holds a placeholder)');
  });

  test.each(['DEZGO-0A1B2C', 'yourk3y', 'x', 'secret-9f', 'sk_live_key_your'])('is not `%s`', async (value) => {
    expect((await keyOf({}, { env: { SHOP_KEY: value } })).reveal()).toBe(value);
  });

  test('a placeholder does not hide the real value in a later place', async () => {
    const secret = await keyOf({ 'secrets.yaml': secretsYaml }, { env: { SHOP_KEY: '<set me up!>' } });
    expect(secret.reveal()).toBe('from-file');
  });

  test('counts only where a request would need it', async () => {
    const own = '{ auth: { token: { secret: token } } }';
    const oauth =
      '{ type: oauth2_client_credentials, access_token_url: "https://x/", client_id: { secret: id }, client_secret: { secret: s }, access_token_request_data: { scope: all, assertion: { secret: proof } } }';
    const config = await load(
      withResources(
        `- { name: a, endpoint: ${own} }`,
        '- { name: b, selected: false }',
        `- { name: c, selected: false, endpoint: { fallbacks: [{ path: x, auth: { type: http_basic, username: u, password: { secret: password } } }] } }`,
        '- { name: d, selected: false, endpoint: { headers: { X-A: { secret: a } }, fallbacks: [{ headers: { X-B: { secret: b } } }] } }',
        `- { name: e, selected: false, endpoint: { auth: ${oauth} } }`,
      ).replace('.com/ }', '.com/, auth: { type: bearer, token: { secret: main } } }'),
    );
    const keys = async (names?: string[]) => (await missingSecrets(config, names)).map(({ facts }) => facts.key);
    expect(await keys()).toEqual(['token']);
    expect(await keys(['b'])).toEqual(['main']);
    expect(await keys(['c'])).toEqual(['main', 'password']);
    expect(await keys(['b', 'a'])).toEqual(['token', 'main']);
    expect(await keys(['d'])).toEqual(['main', 'a', 'b']);
    expect(await keys(['e'])).toEqual(['id', 's', 'proof']);
  });
});

describe('a secret as plain text', () => {
  test('is accepted with a warning that names its place', async () => {
    const config = await load(yaml.replace('{ secret: api_key, env: SHOP_KEY }', 'plain-key'));
    expect(config.secrets.map((secret) => secret.reveal())).toEqual(['plain-key']);
    expect(config.warnings).toEqual([
      {
        at: 'pipeline.config.yaml:4:85',
        message:
          '`source.client.auth.api_key` holds a secret as plain text: write `{ secret: api_key }` and put the value in secrets.yaml or the environment',
      },
    ]);
    expect(JSON.stringify(config.warnings)).not.toContain('plain-key');
  });

  test('in a header that carries a key by its name is one too, wherever it is written', async () => {
    const headers = '{ Authorization: Bearer plain-key, X-Tenant: "acme & sons", X-Token-Kind: jwt }';
    const config = await load(yaml.replace('auth:', `headers: ${headers}, auth:`), {
      env: { SOURCES__SHOP_API__CLIENT__HEADERS__AUTHORIZATION: 'Bearer other-key', SHOP_KEY: 'the-key' },
    });
    expect(JSON.stringify(config.source.client?.headers)).toBe(
      '{"Authorization":"***","X-Tenant":"acme & sons","X-Token-Kind":"jwt"}',
    );
    expect(config.secrets.map((secret) => secret.reveal())).toEqual(['Bearer other-key', 'the-key']);
    expect(config.warnings).toEqual([]);
    const inFile = await load(yaml.replace('auth:', `headers: ${headers}, auth:`), { env });
    expect(inFile.warnings).toMatchObject([
      { message: expect.stringContaining('client.headers.Authorization` holds a') },
    ]);
  });

  test('is nothing to warn of where it is empty: an API may take its key as user name', async () => {
    const basic = '{ type: http_basic, username: { secret: api_key, env: SHOP_KEY }, password: "" }';
    const config = await load(withResources('- a').replace('.com/ }', `.com/, auth: ${basic} }`), {
      env: { SHOP_KEY: 'the-key' },
    });
    expect(config.warnings).toEqual([]);
    expect(await missingSecrets(config)).toEqual([]);
    const { auth } = config.source.client ?? {};
    expect(auth?.type === 'http_basic' && [String(auth.username), auth.password.reveal()]).toEqual(['***', '']);
  });

  test('in a variable is as good as any secret of the environment', async () => {
    const config = await load(yaml, { env: { SOURCES__SHOP_API__CLIENT__AUTH__API_KEY: 'from-variable' } });
    expect(config.secrets.map((secret) => secret.reveal())).toEqual(['from-variable']);
    expect(config.warnings).toEqual([]);
  });
});

describe('secrets.yaml', () => {
  test('can stand elsewhere', async () => {
    const secret = await keyOf({ 'keys/mine.yaml': secretsYaml }, { secretsFile: 'keys/mine.yaml' });
    expect(secret.reveal()).toBe('from-file');
  });

  test('must be there when it was asked for by name', async () => {
    const error = await failure(keyOf({}, { secretsFile: 'keys/mine.yaml' }));
    expect(error).toMatchObject({ code: 'ConfigNotFound' });
    expect(error.message).toMatch(
      /The secrets file .*keys[/\\]mine\.yaml cannot be read: there is no such file or folder \(ENOENT\)/,
    );
  });

  test('that is not YAML is reported without a word of what it holds', async () => {
    const error = await failure(
      keyOf({ 'secrets.yaml': 'sources:\n  shop_api: { api_key: hunter2\n}: hunter3: [' }, {}),
    );
    expect(error.code).toBe('ConfigInvalid');
    expect(error.message).toMatch(/^secrets\.yaml:\d+:\d+ {2}is not valid YAML/);
    expect(JSON.stringify(error) + inspect(error)).not.toContain('hunter');
  });

  test.each([
    ['an alias', 'sources: { shop_api: { api_key: *hunter2 } }', 'secrets.yaml:1:24', 'BAD_ALIAS'],
    ['a tag', 'sources: { shop_api: { api_key: !hunter2 x } }', 'secrets.yaml:1:33', 'TAG_RESOLVE_FAILED'],
    ['a key twice', 'hunter2: 1\nhunter2: 2', 'secrets.yaml:2:1', 'DUPLICATE_KEY'],
    ['100,000 levels', '['.repeat(100_000), 'secrets.yaml:1:', 'RESOURCE_EXHAUSTION'],
    ['an alias that holds itself', 'sources: &a\n  shop_api: *a', 'secrets.yaml:2:3', 'TOO_DEEP'],
    [
      'aliases that multiply one another',
      Array.from(
        { length: 12 },
        (_, at) => `l${at}: &l${at} [${`${at === 0 ? 'x' : `*l${at - 1}`},`.repeat(10)}]`,
      ).join('\n'),
      'secrets.yaml:1:',
      'TOO_LARGE',
    ],
  ])('that holds %s is refused without a word of what it holds', async (_, text, place, code) => {
    const error = await failure(keyOf({ 'secrets.yaml': text }, {}));
    expect(error).toMatchObject({ code: 'ConfigInvalid', exitCode: 2 });
    expect(error.message).toMatch(new RegExp(`^${place}.*is not valid YAML \\(${code}\\)\\.$`));
    expect(error.hint).toMatch(
      ['RESOURCE_EXHAUSTION', 'TOO_DEEP', 'TOO_LARGE'].includes(code) ? /too many levels/ : /in quotes/,
    );
    expect(JSON.stringify(error) + inspect(error)).not.toContain('hunter');
  });

  test.each(['', 'sources:', 'sources: { shop_api: [] }', 'sources: { shop_api: { api_key: { x: 1 } } }', 'hello'])(
    'that holds no key, `%s`, leaves the secret missing',
    async (text) => {
      expect((await keyOf({ 'secrets.yaml': text }, {})).isMissing).toBe(true);
    },
  );

  test('a reference with a mistyped key is a problem', async () => {
    expect(await problems(yaml.replace('secret: api_key', 'secrt: api_key'))).toContainEqual(
      expect.stringContaining('api_key.secrt  unknown key, did you mean `secret`?'),
    );
  });
});
