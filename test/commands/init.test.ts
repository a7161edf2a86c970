import { lstat, mkdir, readdir, readFile, symlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { PipelineError } from '../../src/errors.ts';
import { key, projectIn } from '../support/project.ts';
import { query } from '../support/published.ts';
import { useSandbox } from '../support/sandbox.ts';
import { closedPort, sendJson, useServer } from '../support/server.ts';
import { tempFolder } from '../support/temp-folder.ts';
import { runCommand } from '../support/terminal.ts';

const emptyFolder = async () => projectIn(await tempFolder(), 'x.duckdb', {});
const read = (folder: string, name: string) => readFile(join(folder, name), 'utf8');

test('init makes a project that validate takes, says what comes next, and leaves it alone the second time', async () => {
  const project = await emptyFolder();
  const made = await project.run(['init']);
  expect(made).toMatchObject({ code: 0, stderr: '' });
  expect(made.stdout).toContain('npx dezgo-elt validate');
  expect((await readdir(project.cwd)).sort()).toEqual(['.gitignore', 'pipeline.config.yaml', 'secrets.example.yaml']);
  const config = await read(project.cwd, 'pipeline.config.yaml');
  expect(config).toMatch(
    /^# yaml-language-server: \$schema=\.\/node_modules\/dezgo-elt\/dist\/config\.schema\.json\n#\n# The Dezgo API/,
  );
  expect(await project.run(['validate'], { DEZGO_API_KEY: key })).toMatchObject({ code: 0, stderr: '' });
  const again = await project.run(['init', '--format', 'json']);
  expect(JSON.parse(again.stdout)).toMatchObject({
    folder: project.cwd,
    written: [],
    ignoreLines: 0,
    source: null,
    exitCode: 0,
  });
  expect(JSON.parse(again.stdout).kept).toHaveLength(2);
});

test('where something else is there nothing is written, and it is named', async () => {
  const project = await emptyFolder();
  await mkdir(join(project.cwd, 'shop'));
  await writeFile(join(project.cwd, 'shop/secrets.example.yaml'), 'mine');
  const refused = await project.run(['init', 'shop', '--example', 'segmind']);
  const path = join(project.cwd, 'shop/secrets.example.yaml');
  expect(refused).toMatchObject({
    code: 2,
    stdout: '',
    stderr: expect.stringContaining(`Nothing was written, because ${path} is there already.`),
  });
  expect(await readdir(join(project.cwd, 'shop'))).toEqual(['secrets.example.yaml']);
  expect(await read(project.cwd, 'shop/secrets.example.yaml')).toBe('mine');
  await symlink('/nowhere/at/all', join(project.cwd, 'pipeline.config.yaml'));
  expect(await project.run(['init'])).toMatchObject({ code: 2, stdout: '' });
  await writeFile(join(project.cwd, 'file'), '');
  expect(await project.run(['init', 'file/below'])).toMatchObject({
    code: 2,
    stderr: expect.stringContaining('cannot be written'),
  });
});

test('a .gitignore keeps every byte and gets what it lacks; a link is left alone', async () => {
  const project = await emptyFolder();
  await writeFile(join(project.cwd, '.gitignore'), '/secrets.yaml\r\n.env\r\nmine');
  await project.run(['init', '--example', 'rapidapi']);
  const text = await read(project.cwd, '.gitignore');
  expect(text).toMatch(/^\/secrets\.yaml\r\n\.env\r\nmine\r\n\r\n# dezgo-elt\r\n\.dlt\/\r\n/);
  expect(text.match(/secrets\.yaml/g)).toHaveLength(1);
  const other = await emptyFolder();
  await symlink(join(project.cwd, '.gitignore'), join(other.cwd, '.gitignore'));
  const { stdout } = await other.run(['init']);
  expect(stdout).toContain('is no ordinary file: left alone');
  expect(stdout).not.toContain('git ignores');
  expect((await lstat(join(other.cwd, '.gitignore'))).isSymbolicLink()).toBe(true);
  expect(await read(project.cwd, '.gitignore')).toBe(text);
});

test('an assistant gets its files, also in a project that is there; those of a person stay', async () => {
  const project = await emptyFolder();
  await writeFile(join(project.cwd, 'AGENTS.md'), 'mine');
  await writeFile(join(project.cwd, 'pipeline.config.yaml'), 'mine, too');
  const { code, stdout } = await project.run(['init', '--agent', 'claude']);
  expect(code).toBe(0);
  expect((await readdir(project.cwd)).sort()).toEqual([
    '.claude',
    '.gitignore',
    '.mcp.json',
    'AGENTS.md',
    'CLAUDE.md',
    'pipeline.config.yaml',
  ]);
  expect(stdout).not.toContain('secrets.example.yaml');
  expect(stdout).toMatch(/AGENTS\.md +there already, left as it is/);
  expect(await read(project.cwd, 'AGENTS.md')).toBe('mine');
  expect(await read(project.cwd, 'pipeline.config.yaml')).toBe('mine, too');
  expect(JSON.parse(await read(project.cwd, '.mcp.json'))).toMatchObject({
    mcpServers: { 'dezgo-elt': { command: 'npx' } },
  });
  expect((await project.run(['init', '--agent', 'claude'])).stdout).not.toContain('Add to');
  await writeFile(join(project.cwd, '.mcp.json'), '{ "mcpServers": {} }');
  const lacks = await project.run(['init', '--agent', 'claude']);
  expect(lacks.stdout).toMatch(/Add to \.mcp\.json:\n\{\n {2}"mcpServers": \{\n {4}"dezgo-elt": \{/);
  expect(await read(project.cwd, '.mcp.json')).toBe('{ "mcpServers": {} }');
});

test('what is made of the OpenAPI document of the stand-in loads its lists without an edit, sampled or not', async () => {
  const sandbox = await useSandbox();
  const address = `${sandbox.url}/openapi.json`;
  for (const more of [[], ['--sample']]) {
    const project = projectIn(await tempFolder(), 'dezgo_api_stand_in_pipeline.duckdb', {
      SOURCES__DEZGO_API_STAND_IN_SOURCE__API_KEY: sandbox.key,
    });
    expect(await project.run(['init', '--from-openapi', address, ...more])).toMatchObject({
      code: 0,
      stderr: expect.not.stringContaining('error'),
    });
    expect(await project.run(['run', '--quiet'])).toEqual({ code: 0, stdout: '', stderr: '' });
    const counts = 'select (select count(*) from models) as models, (select count(*) from paged) as paged';
    const [row] = await query(project.file, counts, 'dezgo_api_stand_in_data');
    expect(Number(row?.models)).toBeGreaterThan(5);
    expect(row?.paged).toEqual(row?.models);
    const config = await read(project.cwd, 'pipeline.config.yaml');
    expect(config).toContain('cursor_param: cursor');
    expect(config).not.toMatch(/method: POST/);
    expect(await read(project.cwd, 'secrets.example.yaml')).toContain(
      '  dezgo_api_stand_in_source:\n    api_key: <set me up!>\n',
    );
  }
});

test('a sample asks each list once, by GET, with the key, and corrects what the document had wrong', async () => {
  const answers: Readonly<Record<string, unknown>> = {
    '/v1/orders': { result: { rows: [{ id: 1 }, { id: 2 }] }, paging: { next_page_url: null } },
    '/v1/orders/1/lines': [{ sku: 'a' }],
    '/v1/hidden': undefined,
  };
  const server = await useServer(({ path }) => answers[path]);
  const reply = (schema: object) => ({
    responses: { 200: { description: '', content: { 'application/json': { schema } } } },
  });
  const list = (name: string) => ({
    type: 'array',
    items: { type: 'object', properties: { [name]: { type: 'string' } } },
  });
  const document = {
    openapi: '3.1.0',
    info: { title: 'Shop' },
    servers: [{ url: `${server.url}/v1` }],
    components: { securitySchemes: { token: { type: 'http', scheme: 'bearer' } } },
    paths: {
      '/orders': { get: reply({ type: 'object', properties: { orders: list('id') } }), post: reply({}) },
      '/orders/{id}/lines': { get: reply(list('sku')) },
      '/hidden': { get: reply(list('id')) },
    },
  };
  const project = projectIn(await tempFolder({ 'openapi.json': JSON.stringify(document) }), 'x', {});
  const sampled = ['init', '--from-openapi', 'openapi.json', '--sample'];
  expect(await project.run(sampled)).toMatchObject({
    code: 2,
    stderr: expect.stringContaining('SOURCES__SHOP_SOURCE__TOKEN'),
  });
  expect(await readdir(project.cwd)).toEqual(['openapi.json']);
  expect(await project.run(sampled, { SOURCES__SHOP_SOURCE__TOKEN: key })).toMatchObject({ code: 0 });
  expect(server.asked.map(({ method, path, headers }) => [method, path, headers.authorization])).toEqual([
    ['GET', '/v1/orders', `Bearer ${key}`],
    ['GET', '/v1/hidden', `Bearer ${key}`],
  ]);
  const config = await read(project.cwd, 'pipeline.config.yaml');
  expect(config).toContain('data_selector: result.rows');
  expect(config).toContain('next_url_path: paging.next_page_url');
  expect(config).toMatch(/# asked for once: .*404.*\n +selected: false/);
  expect(config).not.toContain(key);
});

const tokenDocument = (url: string, paths: readonly string[]) =>
  JSON.stringify({
    openapi: '3.1.0',
    info: { title: 'Shop' },
    servers: [{ url }],
    components: { securitySchemes: { token: { type: 'http', scheme: 'bearer' } } },
    security: [{ token: [] }],
    paths: Object.fromEntries(
      paths.map((path) => [
        path,
        {
          get: {
            ...(path === '/open' && { security: [] }),
            ...(path === '/orders' && { parameters: [{ name: 'limit', in: 'query', schema: { type: 'integer' } }] }),
            responses: {
              200: {
                description: '',
                content: {
                  'application/json': {
                    schema: { type: 'array', items: { type: 'object', properties: { id: { type: 'string' } } } },
                  },
                },
              },
            },
          },
        },
      ]),
    ),
  });

test('a sample whose key is refused, or that nobody answers, writes nothing; then the right key replaces what init wrote alone', async () => {
  const server = await useServer(({ path, headers }, response) => {
    if (path === '/open') return [{ id: 1 }];
    if (headers.authorization !== `Bearer ${key}`) return sendJson(response, 401, {});
    return path === '/admins' ? sendJson(response, 403, {}) : { orders: [{ id: 1 }] };
  });
  const text = tokenDocument(server.url, ['/orders', '/admins', '/open']);
  const down = tokenDocument(await closedPort(), ['/orders']);
  const project = projectIn(await tempFolder({ 'api.json': text, 'down.json': down }), 'x', {
    RUNTIME__REQUEST_BACKOFF_FACTOR: '0.01',
  });
  const from = (document: string) => ['init', 'shop', '--from-openapi', document];
  const token = (value: string) => ({ SOURCES__SHOP_SOURCE__TOKEN: value });
  const missing = await project.run([...from('api.json'), '--sample']);
  expect(missing).toMatchObject({ code: 2, stderr: expect.stringContaining('`export SOURCES__SHOP_SOURCE__TOKEN=…`') });
  expect(missing.stderr).not.toContain('secrets.example.yaml');
  expect(await project.run([...from('api.json'), '--sample'], token('wrong'))).toMatchObject({
    code: 4,
    stdout: '',
    stderr: expect.stringMatching(/was refused \(401\)[\s\S]*Nothing was written/),
  });
  expect(await project.run([...from('down.json'), '--sample'], token(key))).toMatchObject({ code: 5, stdout: '' });
  expect(await readdir(project.cwd)).toEqual(['api.json', 'down.json']);
  expect(await project.run(from('api.json'))).toMatchObject({
    code: 0,
    stdout: expect.stringContaining('1 list may be read to its first page only: see `paginator:` in the file.'),
  });
  await writeFile(join(project.cwd, 'shop/secrets.yaml'), `sources: { shop_source: { token: ${key} } }`, {
    mode: 0o600,
  });
  const { code, stdout } = await project.run([...from('api.json'), '--sample']);
  expect(code).toBe(0);
  expect(stdout).toContain('replaced: it was as init wrote it');
  expect(stdout).toContain('The sample sent 3 requests: 1 selector corrected (orders), 1 list refused (admins).');
  expect(await read(project.cwd, 'shop/pipeline.config.yaml')).toContain('data_selector: orders');
  await writeFile(join(project.cwd, 'shop/pipeline.config.yaml'), 'mine');
  expect(await project.run([...from('api.json'), '--sample'])).toMatchObject({ code: 2 });
  expect((await readdir(join(project.cwd, 'shop'))).sort()).toEqual([
    '.gitignore',
    'pipeline.config.yaml',
    'secrets.example.yaml',
    'secrets.yaml',
  ]);
});

test.each([
  ['Swagger 2.0', '{ "swagger": "2.0", "paths": {} }', 'is a document of Swagger 2.0; expected OpenAPI 3.0 or 3.1.'],
  ['no OpenAPI', 'a: 1', 'is no OpenAPI document: it has no `openapi: 3.…`.'],
  ['broken JSON', '{ "openapi": ', 'api.yaml:1:14 is no JSON: '],
  ['broken YAML', 'openapi: 3.0.0\npaths:\n  /a: [1', 'api.yaml:3:9 is no JSON or YAML: '],
  ['a list', '[1]', 'is no OpenAPI document: it is a list.'],
  ['a page', '<!DOCTYPE html>\n<html>', 'api.yaml is a page of HTML, no OpenAPI document.'],
  ['XML', '<?xml version="1.0"?>', 'api.yaml is XML, no OpenAPI document.'],
  ['empty', ' \n', 'api.yaml is empty.'],
  ['a later version', 'openapi: 4.0.0', 'says that it is of OpenAPI 4.0.0; expected 3.0 or 3.1.'],
  ['no paths', 'openapi: 3.0.0', 'has no paths.'],
  ['nothing to get', 'openapi: 3.0.0\npaths: { /a: { post: {} } }', 'has no GET operation.'],
  [
    'paths elsewhere',
    'openapi: 3.0.0\npaths: { /a: { $ref: "b.yaml#/a" } }',
    'its paths are in other documents, which are not fetched: b.yaml#/a.',
  ],
  ['a circle', 'openapi: 3.0.0\npaths: { /a: { $ref: "#/paths/~1a" } }', 'has no GET operation.'],
  [
    'aliases that multiply',
    `openapi: 3.0.0\na: &a [x,x,x,x,x,x,x,x,x,x]\nb: &b [${'*a,'.repeat(50)}]\nc: &c [${'*b,'.repeat(50)}]\npaths: [${'*c,'.repeat(50)}]`,
    'Excessive alias count',
  ],
  ['more than 20 MB', ' '.repeat(20_000_001), 'it is larger than 20 MB.'],
])('a document that is %s is a clear error, and nothing is written', async (_, text, message) => {
  const project = projectIn(await tempFolder({ 'api.yaml': text }), 'x', {});
  const { code, stdout, stderr } = await project.run(['init', 'new', '--from-openapi', 'api.yaml']);
  expect({ code, stdout }).toEqual({ code: 2, stdout: '' });
  expect(stderr).toContain(message);
  expect(await readdir(project.cwd)).toEqual(['api.yaml']);
});

test.each([
  ['', '--from-openapi names nothing.'],
  ['ftp://example.com/api.json', 'ftp:// is not asked for an OpenAPI document.'],
  ['gone.yaml', 'The OpenAPI document gone.yaml cannot be read'],
])('a document cannot be named %j', async (from, message) => {
  const project = await emptyFolder();
  const { code, stderr } = await project.run(['init', '--from-openapi', from]);
  expect(code).toBe(2);
  expect(stderr).toContain(message);
});

test('whoever stops it while it waits is told that nothing was written', async () => {
  const stop = new AbortController();
  const signal = 'SIGTERM';
  const server = await useServer(() => {
    stop.abort(
      new PipelineError({
        code: 'Terminated',
        message: 'The run was stopped.',
        hint: '',
        facts: { signal },
      }),
    );
    return new Promise(() => undefined);
  });
  const cwd = await tempFolder();
  const args = ['init', '--from-openapi', `${server.url}/api?key=SECRET`, '--progress', 'log'];
  const { code, stdout, stderr } = await runCommand(args, { cwd, signal: stop.signal });
  expect({ code, stdout }).toEqual({ code: 143, stdout: '' });
  expect(stderr).toContain(`asking ${server.url}/api\n`);
  expect(stderr).toContain('init was stopped by SIGTERM. Nothing was written.');
  expect(await readdir(cwd)).toEqual([]);
});

test('an address that answers with something else, leads elsewhere or sends too much is a clear error', async () => {
  const server = await useServer(({ path }, response) => {
    const leads = { '/file': 'file:///etc/passwd', '/user': 'http://u:p@127.0.0.1/', '/round': '/round' } as const;
    const to = Object.entries(leads).find(([from]) => from === path)?.[1];
    if (to !== undefined) return response.writeHead(302, { location: to }).end();
    if (path === '/private') return response.writeHead(401).end();
    if (path === '/large') return response.writeHead(200).end(Buffer.alloc(20_000_001, 32));
    if (path === '/image') return response.writeHead(200).end(Buffer.from([0x89, 0x50, 0xff]));
    return undefined;
  });
  const project = await emptyFolder();
  const cases = {
    '/file': [2, 'is no address of the web'],
    '/user': [2, 'it holds a user name or password'],
    '/round': [2, 'it leads on more than 5 times'],
    '/private?key=SECRET': [4, 'answered 401.'],
    '/none': [5, 'answered 404.'],
    '/large': [2, 'it is larger than 20 MB'],
    '/image': [2, 'it is not text in UTF-8'],
  } as const;
  for (const [path, [code, message]] of Object.entries(cases)) {
    const result = await project.run(['init', '--from-openapi', `${server.url}${path}`]);
    expect(result, path).toMatchObject({ code, stdout: '', stderr: expect.stringContaining(message) });
    expect(result.stderr).not.toContain('SECRET');
  }
  expect(await readdir(project.cwd)).toEqual([]);
});
