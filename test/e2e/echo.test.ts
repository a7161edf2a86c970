import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { echoed, echoes, leaksIn } from '../support/echoes.ts';
import { smallConfig, writeConfig } from '../support/project.ts';
import { query, tables } from '../support/published.ts';
import { type Answering, useServer } from '../support/server.ts';
import { shared } from '../support/shared.ts';
import { tempFolder } from '../support/temp-folder.ts';
import { runCommand } from '../support/terminal.ts';

/** What a command prints, on stdout and stderr. */
async function printed(cwd: string, args: readonly string[]): Promise<{ code: number | null; text: string }> {
  const env = { KEY: echoed.key, PASSWORD: echoed.password, RUNTIME__REQUEST_MAX_ATTEMPTS: '1' };
  const { code, stdout, stderr } = await runCommand([...args, '--debug', '--progress', 'log'], { cwd, env });
  return { code, text: stdout + stderr };
}

/** A project that sends both secrets to a server that repeats them. */
async function projectWith(answering: Answering, endpoints: readonly (object | undefined)[]) {
  const server = await useServer(answering);
  const cwd = await tempFolder();
  const client = {
    auth: { type: 'http_basic', username: echoed.user, password: { secret: 'password', env: 'PASSWORD' } },
    headers: { 'X-Extra': { secret: 'key', env: 'KEY' } },
  };
  const resources = endpoints.map((endpoint, index) => ({
    name: `models${index}`,
    endpoint: { path: 'models', data_selector: 'data', ...endpoint },
  }));
  await writeConfig({ cwd }, smallConfig(server.url, { resources, client }));
  return { cwd, server };
}

/** The files below a folder that hold a part of a secret as it is. */
async function filesWithLeaks(cwd: string): Promise<string[]> {
  const entries = await readdir(cwd, { recursive: true, withFileTypes: true });
  const files = entries.filter((entry) => entry.isFile()).map((entry) => join(entry.parentPath, entry.name));
  expect(files.length).toBeGreaterThan(1);
  const contents = await Promise.all(files.map((file) => readFile(file, 'latin1')));
  return files.filter((_, index) => leaksIn(contents[index] ?? '').length > 0);
}

async function everythingIn(file: string): Promise<string> {
  const cells = await Promise.all(
    (await tables(file)).map((table) => query(file, `select columns(*)::varchar from "${table}"`)),
  );
  return JSON.stringify(cells);
}

const failures: readonly (readonly [what: string, answering: Answering, endpoint?: object])[] = [
  [
    'an error',
    (_, response) => void response.writeHead(401).end(`{"detail": "not ${echoed.password}, ${echoed.key}"}`),
  ],
  ['broken JSON', (_, response) => void response.end(`{"data": [{"${echoed.key}": ,`)],
  ['a content type', (_, response) => void response.writeHead(200, { 'content-type': `image/${echoed.key}` }).end('x')],
  [
    'a redirect',
    (_, response) => void response.writeHead(302, { location: `http://${echoed.key}.localhost:9/` }).end(),
  ],
  [
    'a redirect with a user',
    (_, response) => void response.writeHead(302, { location: `http://${echoed.key}@x/` }).end(),
  ],
  ['other keys', () => ({ [echoed.key]: 1 })],
  [
    'a next link',
    ({ path }) => (path === '/models' ? { data: [1], next: `/${echoed.key}` } : undefined),
    { paginator: 'json_link' },
  ],
];

/** One project in which a run fails in each of the ways, and what it leaves in the end. */
const failed = shared(async () => {
  let answering: Answering = () => undefined;
  const { cwd, server } = await projectWith(
    (asked, response) => answering(asked, response),
    failures.map(([, , endpoint]) => endpoint),
  );
  const runs: { code: number | null; text: string; sent: unknown }[] = [];
  for (const [index, [, fails]] of failures.entries()) {
    answering = fails;
    const before = server.asked.length;
    const run = await printed(cwd, ['run', `models${index}`]);
    runs.push({ ...run, sent: server.asked[before]?.headers['x-extra'] });
  }
  const { text: info } = await printed(cwd, ['info', '--format', 'json']);
  return { runs, info, leaks: await filesWithLeaks(cwd) };
});

describe('a run whose source repeats its secrets', () => {
  it('leaves none of them in the file, in packages, in the ledger or in what it prints', async () => {
    const records = [0, 1, 2]
      .flatMap(echoes)
      .map(([name, text], id) => ({ id, name, text, list: [{ text }], [text]: id }));
    const { cwd } = await projectWith(
      ({ path }) => ({ data: records, next: path === '/models' ? `/${echoed.key}` : null }),
      [{ paginator: 'json_link' }],
    );
    const { code, text } = await printed(cwd, ['run', '--format', 'json']);
    expect({ code, text }).toMatchObject({ code: 0, text: expect.stringContaining('secrets masked in replies') });
    const rows = await everythingIn(join(cwd, 'file.duckdb'));
    expect(rows).toContain('basic as it is');
    for (const left of [text, rows, (await printed(cwd, ['info'])).text, (await printed(cwd, ['schema'])).text])
      expect(leaksIn(left)).toEqual([]);
    expect(await filesWithLeaks(cwd)).toEqual([]);
  });

  it.each(failures.map(([what], index) => [what, index] as const))(
    'that fails by %s prints and keeps none of them',
    async (_, index) => {
      const { runs, info, leaks } = await failed();
      expect([4, 5]).toContain(runs[index]?.code);
      expect(runs[index]?.sent).toBe(echoed.key);
      expect(leaksIn(runs[index]?.text ?? '')).toEqual([]);
      expect(leaksIn(info)).toEqual([]);
      expect(leaks).toEqual([]);
    },
  );
});
