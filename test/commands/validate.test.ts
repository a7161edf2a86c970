import { chmod, mkdir, readdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it, test } from 'vitest';
import { shownWarning } from '../../src/commands/shown-warning.ts';
import { smallProject, smallYaml, yamlProject } from '../support/project.ts';
import { useServer } from '../support/server.ts';

describe('dezgo-elt validate', () => {
  it('prints what a run would request, and sends nothing', async () => {
    const { cwd, run } = await yamlProject();
    const { code, stdout, stderr } = await run(['validate'], { SHOP_KEY: 'k' });
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
    expect(stdout.split('\n')).toEqual([
      `Pipeline small loads into dataset data of ${join(cwd, 'file.duckdb')}`,
      '',
      'A run requests:',
      '  models  merge on id  GET http://127.0.0.1:9/models',
      '                       after 404: GET http://127.0.0.1:9/info',
      '',
      'Only when named (`dezgo-elt run RESOURCE`):',
      '  images  append  POST http://127.0.0.1:9/images/{id}',
      '',
    ]);
  });

  it('lists every problem at once, with its place, and exits with 2', async () => {
    const broken = smallYaml
      .replace('primary_key: id', 'primry_key: id')
      .replace('write_disposition: merge', 'write_disposition: mrege');
    const { run } = await yamlProject(broken);
    const { code, stdout, stderr } = await run(['validate'], { SHOP_KEY: 'k' });
    expect({ code, stdout }).toEqual({ code: 2, stdout: '' });
    expect(stderr).toMatch(/pipeline\.config\.yaml:\d+:\d+ .*primry_key.*primary_key/);
    expect(stderr).toMatch(/pipeline\.config\.yaml:\d+:\d+ .*mrege|pipeline\.config\.yaml:\d+:\d+ .*write_disposition/);
  });

  it('names every place where a missing secret was looked for', async () => {
    const { run } = await yamlProject();
    const { code, stderr } = await run(['validate']);
    expect(code).toBe(2);
    for (const place of ['SOURCES__SHOP__API_KEY', 'SHOP_KEY', 'secrets.yaml']) expect(stderr).toContain(place);
  });

  it('finds a secret in the file that --secrets names, and never prints it', async () => {
    const { cwd, run } = await yamlProject();
    await writeFile(join(cwd, 'other.yaml'), 'sources: { shop: { api_key: very-hidden-key } }\n');
    const { code, stdout, stderr } = await run(['validate', '--secrets', 'other.yaml', '--debug']);
    expect(code).toBe(0);
    expect(stdout + stderr).not.toContain('very-hidden-key');
  });

  it('shows no query of a URL, which might hold a secret', async () => {
    const { run } = await yamlProject(smallYaml.replace('path: models,', 'path: "models?token=abc",'));
    const { stdout } = await run(['validate'], { SHOP_KEY: 'k' });
    expect(stdout).toContain('GET http://127.0.0.1:9/models\n');
    expect(stdout).not.toContain('abc');
  });

  it('tells every folder that a run could not write, exit 6', async () => {
    const { cwd, run } = await yamlProject(smallYaml.replace('path: file.duckdb', 'path: none/file.duckdb'));
    await writeFile(join(cwd, '.dezgo-elt'), 'no folder');
    const { code, stdout, stderr } = await run(['validate'], { SHOP_KEY: 'k' });
    expect({ code, stdout }).toEqual({ code: 6, stdout: expect.stringContaining('A run requests:') });
    const lines = stderr.trimEnd().split('\n');
    expect(lines).toEqual([
      expect.stringMatching(/^error: The working folder cannot be used: .*\.dezgo-elt: .* — .*`pipeline\.working_dir`/),
      expect.stringMatching(/^error: The folder .*none of the file file\.duckdb does not exist\. — /),
    ]);
  });

  it('warns of hooks that would tell nobody, as doctor does, exit 0', async () => {
    const { url } = await useServer(() => ({}));
    const { run, cwd } = await smallProject(url, {
      resources: [{ name: 'models' }],
      pipeline: {
        notify: [
          { url: { secret: 'slack' } },
          { command: ['page-nobody'] },
          { command: ['sh'] },
          { command: ['./hook'] },
        ],
        ping: { url: { secret: 'ping' } },
        metrics_file: 'none/m.prom',
        openlineage: {
          url: 'https://example.test/',
          headers: { A: { secret: 'lineage' } },
          file: 'none/lineage.jsonl',
        },
      },
    });
    await writeFile(join(cwd, 'hook'), '');
    const env = { SOURCES__SHOP__PING: 'no address' };
    const expected = [
      ['notify[0].url', 'The secret `slack` was not found.'],
      ['ping.url', 'what environment SOURCES__SHOP__PING holds is no http address'],
      ['openlineage.headers.A', 'The secret `lineage` was not found.'],
      ['notify[1].command', 'there is no program `page-nobody` that can be started in `PATH`'],
      ['notify[3].command', 'there is no program `./hook` that can be started'],
      ['metrics_file', `${cwd}/none/m.prom cannot be written: there is no such file or folder (ENOENT)`],
      ['openlineage.file', `${cwd}/none/lineage.jsonl cannot be written: there is no such file or folder (ENOENT)`],
    ];
    const { code, stderr } = await run(['validate', '-q'], env);
    expect(code).toBe(0);
    expect(stderr.trimEnd().split('\n')).toEqual(
      expected.map(([key, message]) => expect.stringContaining(`warning: \`pipeline.${key}\`: ${message}`)),
    );
    const doctor = await run(['doctor', '-q', '--format', 'json'], env);
    const symptoms: { level: string; subject: string; message: string }[] = JSON.parse(doctor.stdout).symptoms;
    const warned = symptoms.filter(({ subject }) => subject.startsWith('pipeline.'));
    expect(warned).toEqual(
      expected.map(([key, message]) =>
        expect.objectContaining({
          level: 'warn',
          subject: `pipeline.${key}`,
          message: expect.stringContaining(message ?? ''),
        }),
      ),
    );
    await mkdir(join(cwd, 'none'));
    await chmod(join(cwd, 'hook'), 0o755);
    const left = await run(['validate', '-q'], env);
    expect(left.stderr.split('\n').filter((line) => /none|\.\/hook/.test(line))).toEqual([]);
    expect(await readdir(join(cwd, 'none'))).toEqual([]);
  });

  it('prints nothing with --quiet when all is well', async () => {
    const { run } = await yamlProject();
    expect(await run(['validate', '-q'], { SHOP_KEY: 'k' })).toEqual({
      code: 0,
      stdout: '',
      stderr: '',
    });
  });
});

test.each([
  [undefined, 'holds a secret'],
  ['/project/.env', '/project/.env holds a secret'],
  ['pipeline.config.yaml:3:5', 'pipeline.config.yaml:3:5  holds a secret'],
])('a warning about %s is one line: %s', (at, line) => {
  expect(shownWarning({ message: 'holds a secret', ...(at !== undefined && { at }) })).toBe(line);
});

describe('what a run of another destination would refuse at once, validate refuses', () => {
  const staging = { bucket_url: 's3://b/f' };
  const lake = { type: 'ducklake', extension_directory: 'no-extensions' };
  const account = { host: 'acme', database: 'd', username: 'u' };
  const databricks = { server_hostname: 'h', http_path: '/sql', catalog: 'c' };

  test.each([
    ['ExtensionMissing', lake, "DuckDB's extension `ducklake` is not installed"],
    ['a token', { type: 'databricks', credentials: databricks }, 'The secret `access_token` was not found'],
    [
      "a principal's secret",
      { type: 'databricks', credentials: { ...databricks, client_id: 'i' } },
      'The secret `client_secret` was not found',
    ],
    ['a password', { type: 'snowflake', credentials: account }, 'The secret `password` was not found'],
    [
      'a key',
      { type: 'snowflake', credentials: { ...account, authenticator: 'SNOWFLAKE_JWT' } },
      'The secret `private_key` was not found',
    ],
    [
      'an OAuth token',
      { type: 'snowflake', credentials: { ...account, authenticator: 'oauth' } },
      'The secret `token` was not found',
    ],
    [
      'the key of an account',
      { type: 'bigquery', credentials: { project_id: 'p', client_email: 'e@example.com' } },
      'The secret `private_key` was not found',
    ],
    [
      'a password of Redshift',
      { type: 'redshift', credentials: 'redshift://u@127.0.0.1:9/d', staging, staging_iam_role: 'default' },
      'The secret `password` was not found',
    ],
  ])('%s', async (_, destination, message) => {
    const resources = [{ name: 'models' }];
    const { run } = await smallProject('http://127.0.0.1:9', { resources, pipeline: { destination } });
    const { code, stderr } = await run(['validate']);
    expect({ code, stderr }).toEqual({ code: 2, stderr: expect.stringContaining(message) });
  });

  test.each([
    { type: 'snowflake', credentials: { ...account, private_key_path: 'k.p8' } },
    { type: 'snowflake', credentials: { ...account, authenticator: 'externalbrowser' } },
    { type: 'bigquery', credentials: { project_id: 'p' } },
    { type: 'postgres', credentials: 'postgresql://u@127.0.0.1:9/d' },
  ])('%j needs no secret', async (destination) => {
    const resources = [{ name: 'models' }];
    const { run } = await smallProject('http://127.0.0.1:9', { resources, pipeline: { destination } });
    expect((await run(['validate'])).stderr).not.toContain('was not found');
  });
});

test.each([
  ['postgres', 'postgresql://USER:PASSWORD@HOST:5432/DATABASE', 'HOST`, `__DATABASE`, `__USERNAME`, `__PASSWORD`'],
  ['snowflake', 'snowflake://USER:PASSWORD@ACCOUNT/DATABASE?', 'HOST`, `__DATABASE`, `__USERNAME`, `__PASSWORD`'],
  ['databricks', 'databricks://token:ACCESS_TOKEN@HOST?http_path=', 'SERVER_HOSTNAME`, `__HTTP_PATH`, `__CATALOG`'],
  ['bigquery', 'the JSON of the key file', 'PROJECT_ID` is all that it takes'],
  ['redshift', 'redshift://USER:PASSWORD@HOST:5439/DATABASE', 'HOST`, `__DATABASE`, `__USERNAME`, `__PASSWORD`'],
])(
  'without credentials of %s validate says in what form they are given, and prints no empty place',
  async (type, whole, parts) => {
    const staging = { bucket_url: 's3://b/f' };
    const destination = type === 'redshift' ? { type, staging, staging_iam_role: 'default' } : type;
    const auth = { type: 'bearer', token: { secret: 'api_key' } };
    const { run } = await smallProject('http://127.0.0.1:9', {
      resources: [{ name: 'models' }],
      pipeline: { destination },
      client: { auth },
    });
    const { code, stdout, stderr } = await run(['validate']);
    expect(code).toBe(2);
    expect(stdout).toContain(`of a \`${type}\` that is not known yet\n`);
    const [line = ''] = stderr.split('\n');
    expect(line).toContain('The secret `api_key` was not found');
    expect(line).toContain(`Set \`DESTINATION__${type.toUpperCase()}__CREDENTIALS\` to `);
    for (const part of [whole, `CREDENTIALS__${parts}`, `docs/${type}.md`]) expect(line).toContain(part);
    expect(line.includes("The destination's `project_id` is not known.")).toBe(type === 'bigquery');
  },
);
