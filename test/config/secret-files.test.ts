import { chmod } from 'node:fs/promises';
import path from 'node:path';
import { inspect } from 'node:util';
import { describe, expect, test } from 'vitest';
import { type LoadOptions, loadConfig } from '../../src/config/load-config.ts';
import { missingSecrets } from '../../src/config/missing-secrets.ts';
import { tempFolder } from '../support/temp-folder.ts';
import { failure, withResources } from './loading.ts';

const yaml = withResources('- orders').replace(
  '.com/ }',
  '.com/, auth: { type: api_key, name: X-Key, api_key: { secret: api_key, env: SHOP_KEY } } }',
);

/** The configuration beside these files, and the folder. */
async function beside(files: Readonly<Record<string, string>>, options: LoadOptions = {}, config = yaml) {
  const cwd = await tempFolder({ 'pipeline.config.yaml': config, ...files });
  for (const file of Object.keys(files)) await chmod(path.join(cwd, file), 0o600);
  return { cwd, config: await loadConfig('pipeline.config.yaml', { cwd, env: {}, ...options }) };
}

/** The key that a run would send, and what people and programs are told. */
async function keyIn(files: Readonly<Record<string, string>>, options: LoadOptions = {}, config = yaml) {
  const loaded = await beside(files, options, config);
  const missing = await missingSecrets(loaded.config);
  const auth = loaded.config.source.client?.auth;
  if (auth?.type !== 'api_key') throw new Error('expected an API key');
  return { ...loaded, missing, key: auth.api_key };
}

const secretsYaml = 'sources: { shop_api: { api_key: from-yaml } }\n';
const secretsToml = '[sources.shop_api]\napi_key = "from-toml"\n';

describe('a secret beside the configuration', () => {
  test.each<[string, Record<string, string>, Record<string, string>, string]>([
    [
      '.env, by the name of dlt',
      { '.env': 'SHOP_KEY=short-name\nSOURCES__SHOP_API__API_KEY=long-name\n' },
      {},
      'long-name',
    ],
    [
      '.env, which the environment overrides',
      { '.env': 'SHOP_KEY=from-env-file\n' },
      { SHOP_KEY: 'of-process' },
      'of-process',
    ],
    ['.env, where the environment is empty', { '.env': 'export SHOP_KEY="a # b"\n' }, { SHOP_KEY: '' }, 'a # b'],
    ['.env, before secrets.yaml', { '.env': 'SHOP_KEY=from-env', 'secrets.yaml': secretsYaml }, {}, 'from-env'],
    [
      'secrets.yaml, where .env holds a placeholder',
      { '.env': 'SHOP_KEY=<set me up!>', 'secrets.yaml': secretsYaml },
      {},
      'from-yaml',
    ],
    ['secrets.yaml, before .dlt', { 'secrets.yaml': secretsYaml, '.dlt/secrets.toml': secretsToml }, {}, 'from-yaml'],
    ['.dlt/secrets.toml', { '.dlt/secrets.toml': secretsToml }, {}, 'from-toml'],
    [
      '.dlt/secrets.toml, without the name of the source',
      { '.dlt/secrets.toml': 'api_key = "of-none"\n[sources]\napi_key = "of-all"' },
      {},
      'of-all',
    ],
    [
      '.dlt/secrets.toml, below the module of a source',
      { '.dlt/secrets.toml': '[sources]\nx = 1\n[sources.shop.shop_api]\napi_key = "of-module"' },
      {},
      'of-module',
    ],
    [
      '.dlt/secrets.toml, below the pipeline, first',
      { '.dlt/secrets.toml': `${secretsToml}[shop]\napi_key = "of-pipeline"` },
      {},
      'of-pipeline',
    ],
    [
      '.dlt/secrets.toml, a number of many digits',
      { '.dlt/secrets.toml': '[sources.shop_api]\napi_key = 9007199254740993' },
      {},
      '9007199254740993',
    ],
  ])('comes from %s', async (_, files, env, expected) => {
    const { key, config } = await keyIn(files, { env });
    expect(key.reveal()).toBe(expected);
    expect(JSON.stringify(config) + inspect(config, { depth: 9 })).not.toContain(expected);
    expect(config.warnings).toEqual([]);
  });

  test('says where it is from', async () => {
    const { key, cwd } = await keyIn({ '.env': 'SHOP_KEY=k' });
    expect(key.origin).toBe(`SHOP_KEY in ${path.join(cwd, '.env')}`);
    const dlt = await keyIn({ '.dlt/secrets.toml': '[sources]\napi_key = "b"' });
    expect(dlt.key.origin).toBe(`\`sources.api_key\` in ${path.join(dlt.cwd, '.dlt', 'secrets.toml')}`);
  });

  test('that is nowhere names every place, in order', async () => {
    const files = { '.env': 'SHOP_KEY=changeme\n', '.dlt/secrets.toml': '', '.dlt/config.toml': secretsToml };
    const { cwd, missing } = await keyIn(files);
    const at = (file: string) => path.join(cwd, file);
    expect(missing.map(({ message }) => message)).toEqual([
      `The secret \`api_key\` was not found. Looked in: ${[
        'environment SOURCES__SHOP_API__API_KEY',
        'environment SHOP_KEY',
        `SHOP_KEY in ${at('.env')} (it still holds a placeholder)`,
        `\`sources.shop_api.api_key\` in ${at('secrets.yaml')}`,
        `\`sources.shop_api.api_key\` in ${at('.dlt/secrets.toml')}`,
        `\`sources.shop_api.api_key\` in ${at('.dlt/config.toml')} (it is there, but secrets belong in secrets.toml: dlt refuses it too)`,
      ].join('; ')}`,
    ]);
  });

  test.skipIf(process.platform === 'win32')(
    'in a file that others can read is a warning, once it is used',
    async () => {
      const files = { '.env': 'SHOP_KEY=k\n', 'secrets.yaml': secretsYaml };
      const { cwd } = await beside(files);
      const warningsAt = async (mode: number, env = {}) => {
        for (const file of Object.keys(files)) await chmod(path.join(cwd, file), mode);
        const { warnings } = await loadConfig('pipeline.config.yaml', { cwd, env });
        return warnings;
      };
      expect(await warningsAt(0o644)).toEqual([
        {
          at: path.join(cwd, '.env'),
          message:
            'holds secrets, and other users of this machine can read it (mode 0644): `chmod 600` closes it to them',
        },
      ]);
      expect(await warningsAt(0o600)).toEqual([]);
      expect(await warningsAt(0o644, { SHOP_KEY: 'real' })).toEqual([]);
    },
  );

  test('that is no TOML is a problem without a word of what it holds', async () => {
    const error = await failure(keyIn({ '.dlt/secrets.toml': '[sources.shop_api]\napi_key = hunter2\n' }));
    expect(error).toMatchObject({ code: 'ConfigInvalid', exitCode: 2 });
    expect(error.message).toMatch(/secrets\.toml:2:\d+ {2}is not valid TOML\.$/);
    expect(JSON.stringify(error) + inspect(error)).not.toContain('hunter2');
  });
});

describe('.env', () => {
  test('holds what the environment can: settings too, with their place in problems and warnings', async () => {
    const { config } = await beside({ '.env': 'PIPELINE__DATASET_NAME=other\nPIPELINE__NMAE=x\n' });
    expect(config.pipeline.dataset_name).toBe('other');
    expect(config.warnings).toEqual([
      {
        at: expect.stringMatching(/^PIPELINE__NMAE in .*\.env$/),
        message: 'addresses nothing here and is ignored, did you mean `PIPELINE__NAME`?',
      },
    ]);
    const error = await failure(beside({ '.env': 'PIPELINE__KEEP_PACKAGES=many\n' }));
    expect(error.message).toMatch(/PIPELINE__KEEP_PACKAGES in .*\.env {2}pipeline\.keep_packages {2}expected/);
  });

  test('that cannot be read is a problem', async () => {
    const error = await failure(beside({ '.env/x': '' }));
    expect(error).toMatchObject({
      code: 'ConfigNotFound',
      message: expect.stringContaining('.env cannot be read: it is a folder'),
    });
  });
});

describe("dlt's files", () => {
  const config =
    '[destination.duckdb]\ncredentials = "duckdb:///of-dlt.duckdb"\n[runtime]\nrequest_timeout = 7\nlog_level = "INFO"\n';

  test('fill in what the configuration does not say', async () => {
    const { cwd, config: loaded } = await beside({ '.dlt/config.toml': config });
    expect(loaded.pipeline.destination).toMatchObject({ path: path.join(cwd, 'of-dlt.duckdb') });
    expect(loaded.source.client?.timeout).toBe(7000);
    expect(loaded.warnings).toEqual([]);
  });

  test('do not override it, nor the environment', async () => {
    const { cwd, config: loaded } = await beside(
      { '.dlt/config.toml': config },
      { env: { RUNTIME__REQUEST_TIMEOUT: '9' } },
      yaml.replace('pipeline: {', 'pipeline: { destination: { type: duckdb, path: mine.duckdb },'),
    );
    expect(loaded.pipeline.destination).toMatchObject({ path: path.join(cwd, 'mine.duckdb') });
    expect(loaded.source.client?.timeout).toBe(9000);
  });
});

describe('a command for secrets', () => {
  const printing = (code: string) => JSON.stringify([process.execPath, '-e', code]);
  const all = (code: string, more = '') => `${yaml}\nsecrets: { command: ${printing(code)}${more} }\n`;
  const own = (code: string) => yaml.replace('env: SHOP_KEY', `command: ${printing(code)}`);

  test.each([
    ['JSON by the key', 'console.log(JSON.stringify({ api_key: "k" }))'],
    ['JSON as secrets.yaml has it', 'console.log(JSON.stringify({ sources: { shop_api: { api_key: "k" } } }))'],
    ['YAML by the source', 'console.log("shop_api:\\n  api_key: k")'],
    ['lines', 'console.log("# of a vault\\n\\nexport OTHER=1\\nAPI_KEY=\\"k\\"")'],
    ['lines by the name of the variable', 'console.log("SHOP_KEY=k")'],
  ])('prints %s', async (_, code) => {
    const { key, config, missing } = await keyIn({}, {}, all(code));
    expect(missing).toEqual([]);
    expect([key.reveal(), config.secrets.map((secret) => secret.reveal())]).toEqual(['k', ['k']]);
    expect(key.origin).toMatch(/^the output of `.*node/);
  });

  test('of one secret prints it alone; it gets the environment, and starts in the folder of the configuration', async () => {
    const code = 'console.log([process.env.TOKEN, require("node:fs").existsSync("pipeline.config.yaml")].join())';
    const { key } = await keyIn({ '.env': 'TOKEN=from-env-file' }, {}, own(code));
    expect(key.reveal()).toBe('from-env-file,true');
  });

  test('is started only for a run that needs it, and once', async () => {
    const code =
      'require("node:fs").appendFileSync("started", "x"); console.log(JSON.stringify({ api_key: "k", two: "t" }))';
    const two = all(code).replace('auth:', 'headers: { X-Two: { secret: two } }, auth:');
    const { cwd, config } = await beside({}, {}, two);
    const { readFile } = await import('node:fs/promises');
    const started = () => readFile(path.join(cwd, 'started'), 'utf8').catch(() => '');
    expect(config.secrets.map(({ isMissing }) => isMissing)).toEqual([true, true]);
    expect(await started()).toBe('');
    expect(await missingSecrets(config)).toEqual([]);
    expect(config.secrets.map((secret) => secret.reveal())).toEqual(['t', 'k']);
    expect(await started()).toBe('x');
    const known = await beside({}, { env: { SHOP_KEY: 'a', SOURCES__SHOP_API__TWO: 'b' } }, all('process.exit(1)'));
    expect(await missingSecrets(known.config)).toEqual([]);
  });

  test.each([
    [
      'ends with a failure',
      'console.log(["hunt", "er2-value"].join("")); console.error("no access to", ["hunt", "er2-value"].join(""), "\\u001b[31m"); process.exit(3)',
      'it ended with exit code 3, and said: no access to ***',
    ],
    ['is killed', 'process.kill(process.pid, "SIGKILL")', 'it was ended by SIGKILL'],
    [
      'prints something else',
      'console.log(["hunt", "er2-value"].join(""))',
      'Secrets cannot be read in the output of `',
    ],
    [
      'prints without end',
      'const s = "x".repeat(99999); setInterval(() => process.stdout.write(s))',
      'it printed more than 1 MB',
    ],
    ['hangs', 'setInterval(() => {}, 1000)', 'it took longer than 0.3 s'],
  ])('that %s is named, and never what it printed', async (name, code, message) => {
    const { missing } = await keyIn({}, {}, all(code, name === 'hangs' ? ', timeout: 300ms' : ''));
    expect(missing).toMatchObject([{ code: 'SecretCommandFailed', exitCode: 2 }]);
    const [error] = missing;
    expect(error?.message).toContain(message);
    expect(error?.message).not.toContain('hunter2');
  });

  test('that is not there, or prints nothing of the key, says so', async () => {
    const absent = await keyIn({}, {}, `${yaml}\nsecrets: { command: [no-such-vault, read] }\n`);
    expect(absent.missing[0]?.message).toBe(
      'The command for secrets, `no-such-vault read`, gave none: it cannot be started: there is no such file or folder (ENOENT)',
    );
    const other = await keyIn({}, {}, all('console.log(JSON.stringify({ apikey: "k" }))'));
    expect(other.missing[0]?.message).toMatch(
      /Looked in: environment SOURCES__SHOP_API__API_KEY; .*; `api_key` in the output of `/,
    );
  });

  test.each([
    ['secrets: { command: op read }', /secrets\.command {2}expected a list: the program, then its arguments/],
    ['secrets: { command: [] }', /secrets\.command {2}expected/],
    ['secrets: { comand: [op] }', /secrets\.comand {2}unknown key, did you mean `command`/],
  ])('that is written wrong is a problem: %s', async (text, expected) => {
    expect((await failure(beside({}, {}, `${yaml}\n${text}\n`))).message).toMatch(expected);
  });
});
