import path from 'node:path';
import { describe, expect, test } from 'vitest';
import { type LoadOptions, loadConfig } from '../../src/config/load-config.ts';
import { missingSecrets } from '../../src/config/missing-secrets.ts';
import type { PipelineConfig } from '../../src/config/pipeline-config.ts';
import { Secret } from '../../src/config/secret.ts';
import { tempFolder } from '../support/temp-folder.ts';
import { problems } from './loading.ts';

const withDestination = (destination: string) =>
  `pipeline: { name: shop, destination: ${destination} }\nsource: { name: shop_api, client: { base_url: "https://api.example.com/" }, resources: [orders] }\n`;

const url = 'postgresql://loader:pass-word@db.example.com:5433/shop';

/** Loaded from a folder of its own, with these files beside it. */
async function loaded(destination: string, env = {}, files = {}, options: LoadOptions = {}) {
  const cwd = await tempFolder({ 'pipeline.config.yaml': withDestination(destination), ...files });
  return { cwd, config: await loadConfig('pipeline.config.yaml', { cwd, env, ...options }) };
}

/** Its settings with what is secret in the open. */
function shown({ pipeline }: PipelineConfig): unknown {
  return open(pipeline.destination);
}

function open(value: unknown): unknown {
  if (value instanceof Secret) return value.isMissing ? undefined : value.reveal();
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([key, member]) => [key, open(member)]));
}

const parts = {
  host: 'db.example.com',
  port: 5433,
  database: 'shop',
  username: 'loader',
  password: 'pass-word',
  sslmode: 'verify-full',
};

describe('where a PostgreSQL server is', () => {
  const credentials = 'DESTINATION__POSTGRES__CREDENTIALS';

  test.each<[string, string, Record<string, string>, Record<string, string>]>([
    ['in a connection string', `{ type: postgres, credentials: "${url}" }`, {}, {}],
    [
      'in the driver form of SQLAlchemy',
      `{ type: postgres, credentials: "${url.replace('ql:', 'ql+psycopg2:')}" }`,
      {},
      {},
    ],
    [
      'in parts',
      '{ type: postgres, credentials: { host: db.example.com, port: 5433, database: shop, username: loader, password: pass-word } }',
      {},
      {},
    ],
    ['in a variable', 'postgres', { [credentials]: url }, {}],
    [
      'in variables of its parts',
      'postgres',
      {
        [`${credentials}__HOST`]: 'db.example.com',
        [`${credentials}__PORT`]: '5433',
        [`${credentials}__DATABASE`]: 'shop',
        [`${credentials}__USERNAME`]: 'loader',
        [`${credentials}__PASSWORD`]: 'pass-word',
      },
      {},
    ],
    [
      'in a string without the password, which is in a variable',
      `{ type: postgres, credentials: "${url.replace(':pass-word', '')}" }`,
      { [`${credentials}__PASSWORD`]: 'pass-word' },
      {},
    ],
    [
      'in a variable, over the parts of the file',
      '{ type: postgres, credentials: { host: other, username: me } }',
      { [credentials]: url },
      {},
    ],
    [
      'in a variable, which another corrects',
      'postgres',
      { [credentials]: url.replace('5433', '1'), [`${credentials}__PORT`]: '5433' },
      {},
    ],
    ['in .env', 'postgres', {}, { '.env': `${credentials}=${url}\n` }],
    ['in secrets.yaml', 'postgres', {}, { 'secrets.yaml': `destination: { postgres: { credentials: "${url}" } }\n` }],
    [
      'in parts of secrets.yaml',
      'postgres',
      {},
      {
        'secrets.yaml':
          'destination: { postgres: { credentials: { host: db.example.com, port: 5433, database: shop, username: loader, password: pass-word } } }\n',
      },
    ],
    [
      'in secrets.toml of dlt',
      'postgres',
      {},
      {
        '.dlt/secrets.toml':
          '[destination.postgres.credentials]\nhost = "db.example.com"\nport = 5433\ndatabase = "shop"\nusername = "loader"\npassword = "pass-word"\n',
      },
    ],
    [
      'in a string of secrets.toml',
      'postgres',
      {},
      { '.dlt/secrets.toml': `[destination.postgres]\ncredentials = "${url}"\n` },
    ],
    ['by the name of the kind in a variable', 'duckdb', { PIPELINE__DESTINATION: 'postgres', [credentials]: url }, {}],
  ])('%s', async (_, destination, env, files) => {
    const { config, cwd } = await loaded(destination, env, files);
    expect(shown(config)).toMatchObject({ type: 'postgres', credentials: parts, create_indexes: false });
    expect(shown(config)).toMatchObject({ files_dir: path.join(cwd, 'files') });
    expect(await missingSecrets(config)).toEqual([]);
    expect(config.secrets.map((secret) => secret.reveal())).toContain('pass-word');
    expect(JSON.stringify(config)).not.toContain('pass-word');
  });

  test.each<[string, object]>([
    ['postgres://u:p%40ss%2Fw%25@h/d', { password: 'p@ss/w%', host: 'h', database: 'd', port: 5432 }],
    ['postgresql://u:a:b/c?d#e@h/d', { password: 'a:b/c?d#e', host: 'h', database: 'd' }],
    ['postgresql://u:100%@h/d', { password: '100%' }],
    ['postgresql://u:p@[::1]:5433/d', { host: '::1', port: 5433, sslmode: 'prefer' }],
    ['postgresql://u:p@[2001:db8::1]/d', { host: '2001:db8::1', sslmode: 'verify-full' }],
    ['postgresql://u@%2Fvar%2Frun%2Fpostgresql/d', { host: '/var/run/postgresql', sslmode: 'prefer' }],
    ['postgresql://u@/d?host=/var/run/postgresql', { host: '/var/run/postgresql' }],
    ['postgresql://u:p@127.0.0.1/d', { host: '127.0.0.1', sslmode: 'prefer', connect_timeout: 15_000 }],
    ['postgresql://u:p@h/d?sslmode=require&connect_timeout=3', { sslmode: 'require', connect_timeout: 3000 }],
    ['postgresql://h:1234/d?user=u&password=p', { host: 'h', port: 1234, username: 'u', password: 'p' }],
    ['postgresql://u@h/d', { password: undefined }],
  ])('%s', async (text, expected) => {
    const { config } = await loaded('postgres', { DESTINATION__POSTGRES__CREDENTIALS: text });
    expect(shown(config)).toMatchObject({ credentials: expected });
  });

  test('what is no address stays where a variable has all of one', async () => {
    const { config } = await loaded('{ type: postgres, credentials: { host: other, sslmode: require } }', {
      DESTINATION__POSTGRES__CREDENTIALS: url,
    });
    expect(shown(config)).toMatchObject({ credentials: { ...parts, sslmode: 'require' } });
  });
});

test('a password in the file is warned of, an address without one is not, and neither are characters that no header takes', async () => {
  const warnings = async (credentials: string, env = {}) =>
    (await loaded(`{ type: postgres, credentials: ${credentials} }`, env)).config.warnings.map(
      ({ message }) => message,
    );
  expect(await warnings(`"${url}"`)).toEqual([
    '`pipeline.destination.credentials` holds a secret as plain text: write `{ secret: credentials }` and put the value in secrets.yaml or the environment',
  ]);
  const bare = url.replace(':pass-word', '');
  expect(await warnings(`"${bare}"`, { DESTINATION__POSTGRES__CREDENTIALS__PASSWORD: ' pä ss ' })).toEqual([]);
  expect((await loaded(`{ type: postgres, credentials: "${bare}" }`)).config.secrets).toEqual([]);
});

describe('what is missing', () => {
  test('is told with every place, and hinders nothing that asks no server', async () => {
    const { config } = await loaded('postgres');
    const [error] = await missingSecrets(config);
    expect(error).toMatchObject({ code: 'SecretMissing', exitCode: 2 });
    expect(error?.message).toMatch(
      /^The secret `credentials` was not found\. Looked in: environment DESTINATION__POSTGRES__CREDENTIALS; `destination\.postgres\.credentials` in .*secrets\.yaml$/,
    );
  });

  test('a password that is asked for is', async () => {
    const { config } = await loaded(
      '{ type: postgres, credentials: { host: h, database: d, username: u, password: { secret: password } } }',
    );
    const [error] = await missingSecrets(config);
    expect(error?.message).toMatch(
      /environment DESTINATION__POSTGRES__CREDENTIALS__PASSWORD; `destination\.postgres\.credentials\.password` in/,
    );
  });
});

describe('a problem of a destination', () => {
  const inParts = (text: string) => `{ type: postgres, credentials: { host: h, database: d, username: u, ${text} } }`;

  test.each([
    [
      '{ type: postgres, credentials: "mysql://u:p@h/d" }',
      'expected a connection string that begins with `postgresql://` or `postgres://`',
    ],
    [
      '{ type: postgres, credentials: "host=h dbname=d" }',
      'expected a connection string: `postgresql://user:password@host:port/database`',
    ],
    [
      '{ type: postgres, credentials: "postgres://u:a@b@h/d" }',
      'a user name or password with `@` is written `%40` in a connection string',
    ],
    [
      '{ type: postgres, credentials: "postgres://u:p@ss?secret@h/d" }',
      'a user name or password with `@` is written `%40` in a connection string',
    ],
    [
      '{ type: postgres, credentials: "postgres://u:p@ss?se=cret@h/d" }',
      'a user name or password with `@` is written `%40` in a connection string',
    ],
    ['{ type: postgres, credentials: "postgres://u:p@h" }', 'needs `database`'],
    ['{ type: postgres, credentials: "postgres://h/d" }', 'needs `username`'],
    ['{ type: postgres, credentials: "postgres://u:p@h:0/d" }', 'expected a port from 1 to 65535'],
    ['{ type: postgres, credentials: "postgres://u:p@h:x/d" }', 'expected a port from 1 to 65535'],
    ['{ type: postgres, credentials: "postgres://u:p@a,b/d" }', 'expected one host'],
    [
      '{ type: postgres, credentials: "postgres://u:p@h/d?sslmod=require" }',
      'unknown parameter `sslmod` of a connection string, did you mean `sslmode`?',
    ],
    [
      '{ type: postgres, credentials: "postgres://u:p@h/d?sslmode=yes" }',
      'expected `sslmode` to be one of disable, prefer, require, verify-ca, verify-full',
    ],
    ['{ type: postgres, credentials: { host: h } }', 'needs `database` and `username`'],
    ['{ type: postgres, credentials: "" }', 'expected text that is not empty'],
    ['{ type: postgres, credentials: 5 }', 'expected'],
    ['{ type: postgres, credentials: [a] }', 'expected'],
    [inParts('hots: x'), 'unknown key, did you mean `host`?'],
    [inParts('port: 70000'), 'expected at most 65535'],
    [inParts('port: many'), 'expected a number, got text'],
    [inParts('sslmode: on'), 'expected one of `disable`, `prefer`'],
    [inParts('password: 5'), 'expected'],
    ['{ type: postgres, path: a.duckdb }', 'unknown key'],
    ['{ type: postgers }', 'did you mean `postgres`?'],
    ['filesystem', 'is required: a folder'],
    [
      '{ type: filesystem, bucket_url: s3://b, credentials: { aws_access_key: k } }',
      'unknown key, did you mean `aws_access_key_id`?',
    ],
    ['{ type: ducklake, catalog: "mysql://u@h/d" }', 'expected a connection string that begins with'],
  ])('%s', async (destination, message) => {
    const found = await problems(withDestination(destination));
    expect(found.join('\n')).toContain(message);
    expect(found).toHaveLength(1);
    expect(found.join('\n')).not.toContain('u:p@');
  });
});

describe('a DuckLake', () => {
  test('has its catalogue and its files beside the configuration', async () => {
    const { config, cwd } = await loaded('ducklake');
    expect(shown(config)).toMatchObject({
      catalog: { type: 'duckdb', path: path.join(cwd, 'shop.ducklake') },
      data_path: path.join(cwd, 'shop.ducklake.files'),
      files_dir: path.join(cwd, 'files'),
    });
    expect(config.nameLimit).toBeUndefined();
  });

  test.each<[string, Record<string, string>, object]>([
    [
      '{ type: ducklake, catalog: "sqlite:lake.sqlite", data_path: s3://bucket/lake }',
      {},
      { catalog: { type: 'sqlite' }, data_path: 's3://bucket/lake' },
    ],
    [
      'ducklake',
      {
        DESTINATION__DUCKLAKE__CREDENTIALS__CATALOG: url.replace('postgresql', 'postgres'),
        DESTINATION__DUCKLAKE__CREDENTIALS__STORAGE: 's3://bucket/lake',
        DESTINATION__DUCKLAKE__CREDENTIALS__STORAGE__CREDENTIALS__AWS_ACCESS_KEY_ID: 'key',
        DESTINATION__DUCKLAKE__CREDENTIALS__STORAGE__CREDENTIALS__AWS_SECRET_ACCESS_KEY: 'the-secret',
        DESTINATION__DUCKLAKE__CREDENTIALS__DUCKLAKE_NAME: 'lake',
      },
      {
        catalog: { type: 'postgres', credentials: parts },
        data_path: 's3://bucket/lake',
        storage_credentials: { aws_access_key_id: 'key', aws_secret_access_key: 'the-secret' },
        ducklake_name: 'lake',
        metadata_schema: 'lake',
      },
    ],
    [
      'ducklake',
      { DESTINATION__DUCKLAKE__CREDENTIALS__CATALOG: 'sqlite:///lake.sqlite' },
      { catalog: { type: 'sqlite' } },
    ],
    [
      '{ type: ducklake, catalog: { host: db.example.com, port: 5433, database: shop, username: loader } }',
      { DESTINATION__DUCKLAKE__CREDENTIALS__CATALOG__PASSWORD: 'pass-word' },
      { catalog: { credentials: parts } },
    ],
  ])('%s %j', async (destination, env, expected) => {
    const { config } = await loaded(destination, env);
    expect(shown(config)).toMatchObject(expected);
    expect(config.warnings).toEqual([]);
  });
});

describe('a filesystem', () => {
  test.each<[string, Record<string, string>, Record<string, string>, object]>([
    [
      '{ type: filesystem, bucket_url: data }',
      {},
      {},
      { layout: '{table_name}/{load_id}.{file_id}.{ext}', manifest: false },
    ],
    ['filesystem', { DESTINATION__FILESYSTEM__BUCKET_URL: 's3://bucket' }, {}, { bucket_url: 's3://bucket' }],
    [
      'filesystem',
      {},
      {
        '.dlt/config.toml': '[destination.filesystem]\nbucket_url = "s3://bucket"\n',
        '.dlt/secrets.toml':
          '[destination.filesystem.credentials]\naws_access_key_id = "key"\naws_secret_access_key = "the-secret"\nendpoint_url = "http://127.0.0.1:9000"\n',
      },
      { bucket_url: 's3://bucket', credentials: { aws_access_key_id: 'key', aws_secret_access_key: 'the-secret' } },
    ],
    [
      '{ type: filesystem, bucket_url: "az://container" }',
      {},
      {
        'secrets.yaml':
          'destination: { filesystem: { credentials: { azure_storage_account_name: a, azure_storage_account_key: the-secret } } }\n',
      },
      { credentials: { azure_storage_account_name: 'a', azure_storage_account_key: 'the-secret' } },
    ],
  ])('%s %j %j', async (destination, env, files, expected) => {
    const { config } = await loaded(destination, env, files);
    expect(shown(config)).toMatchObject(expected);
    expect(JSON.stringify(config)).not.toContain('the-secret');
  });

  test('of this machine is a folder', async () => {
    const { config, cwd } = await loaded('{ type: filesystem, bucket_url: "file:///lake" }');
    expect(shown(config)).toMatchObject({ bucket_url: '/lake' });
    const relative = await loaded('{ type: filesystem, bucket_url: lake }');
    expect(shown(relative.config)).toMatchObject({ bucket_url: path.join(relative.cwd, 'lake') });
    expect(cwd).not.toBe(relative.cwd);
  });
});

test('a limit of names holds for the dataset and the tables, as with dlt', async () => {
  const long = 'The quick brown fox jumps over the lazy dog and runs away from it, twice';
  const { config } = await loaded(`{ type: postgres, credentials: "${url}" }, dataset_name: My-Data`);
  expect(config.pipeline.dataset_name).toBe('my_data');
  const other = await loaded(`{ type: postgres, credentials: "${url}" }, dataset_name: "${long}"`);
  expect(other.config.pipeline.dataset_name).toBe('the_quick_brown_fox_jumps_oveagwciw_and_runs_away_from_it_twice');
});

describe('Redshift', () => {
  const server = 'host: h, database: d, username: u';

  test('is told its bucket as dlt tells it, by variables too', async () => {
    const { config } = await loaded('redshift', {
      DESTINATION__REDSHIFT__CREDENTIALS: 'redshift://u:pass-word@h/d',
      DESTINATION__REDSHIFT__STAGING__BUCKET_URL: 's3://bucket/rows',
      DESTINATION__REDSHIFT__STAGING_IAM_ROLE: 'default',
    });
    expect(shown(config)).toMatchObject({
      credentials: { host: 'h', port: 5439, sslmode: 'verify-full' },
      staging: { bucket_url: 's3://bucket/rows' },
      staging_iam_role: 'default',
    });
  });

  test.each([
    ['', 'needs `bucket_url: s3://bucket/folder`'],
    ['staging: { bucket_url: gs://bucket }, staging_iam_role: default', 'expected `s3://bucket/folder`'],
    ['staging: { bucket_url: s3://bucket }', 'expected `staging_iam_role`, or `aws_access_key_id`'],
  ])('needs a bucket that Redshift may read: %s', async (staging, message) => {
    await expect(loaded(`{ type: redshift, credentials: { ${server} }, ${staging} }`)).rejects.toThrow(message);
  });
});

test.each([
  ['filesystm', '{ type: filesystm }'],
  ['filesystm', '{ type: filesystm, bucket_url: out }'],
  ['filesystm', '{ type: filesystm, path: out }'],
  ['snowflke', '{ type: snowflke, credentials: { host: h } }'],
])('%s of %s is compared with the names of all kinds', async (word, destination) => {
  const [problem = '', ...others] = await problems(withDestination(destination));
  expect(others).toEqual([]);
  expect(problem).toMatch(/expected one of `duckdb`, .*`filesystem`.*`snowflake`/);
  expect(problem).toMatch(
    new RegExp(`got \`${word}\`, did you mean \`${word === 'filesystm' ? 'filesystem' : 'snowflake'}\``),
  );
});

test('what to do about merges, which files do not take, is said once', async () => {
  const merging = ['a', 'b', 'c'].map(
    (name) =>
      `{ name: ${name}, primary_key: id, write_disposition: { disposition: merge, ${name === 'a' ? '' : 'delete_missing: soft'} } }`,
  );
  const yaml = withDestination('{ type: filesystem, bucket_url: out }').replace('[orders]', `[${merging.join(', ')}]`);
  const [first, ...others] = await problems(yaml);
  expect(first).toMatch(
    /resources\.a\.write_disposition .*`merge` is not possible: .*`append`.*leave out `pipeline\.views`/,
  );
  expect(others).toEqual(
    ['b', 'c'].map((name) =>
      expect.stringMatching(`resources\\.${name}\\.write_disposition .*\`merge\` is not possible, as above$`),
    ),
  );
});
