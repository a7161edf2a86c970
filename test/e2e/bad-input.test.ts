import { readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { key, type Project, type SmallConfig, smallConfig, smallProject, writeConfig } from '../support/project.ts';
import { fingerprint, query } from '../support/published.ts';
import { type Answering, closedPort, sendJson, useServer } from '../support/server.ts';

const models = { name: 'models', primary_key: 'id', write_disposition: 'merge' };
const endpoint = { path: 'models', data_selector: 'data' };
const good = { data: [{ id: 1, name: 'one', tags: ['a', 'b'] }], next: null };

interface Bad {
  readonly what: string;
  readonly answering: Answering;
  readonly code: number;
  /** Parts of the message, and of the hint. */
  readonly says: readonly RegExp[];
  readonly hint: RegExp;
  /** Requests that were sent. */
  readonly asked?: number;
  readonly endpoint?: object;
  readonly resource?: object;
  readonly config?: Partial<SmallConfig>;
}

const status =
  (code: number, type: string, body: string, headers: Record<string, string> = {}): Answering =>
  (_, response) =>
    void response.writeHead(code, { 'content-type': type, ...headers }).end(body);

const page = '<html><head><title>502 Bad Gateway</title></head><body>nginx</body></html>';
const cursor = { ...endpoint, paginator: { type: 'cursor', cursor_path: 'next', cursor_param: 'cursor' } };
const png = Buffer.from('89504e470d0a1a0a0000000d49484452', 'hex');

const table: readonly Bad[] = [
  ...(['merge', 'replace'] as const).flatMap((write_disposition) =>
    [{ data: null }, { data: {} }, null, {}].map((reply) => ({
      what: `${JSON.stringify(reply)} for ${write_disposition}`,
      answering: () => reply,
      code: 5,
      says: [/data selector `data` (found only|matched nothing)/, /GET \/models/],
      hint: /allow_empty: true/,
      resource: { write_disposition },
    })),
  ),
  {
    what: 'a wrong key (401 without a body)',
    answering: status(401, 'text/plain', ''),
    code: 4,
    says: [/GET \/models was refused \(401\)/, /header `X-Key` was sent/, /its value from environment SHOP_KEY/],
    hint: /Check the key in environment SHOP_KEY/,
    asked: 1,
  },
  {
    what: 'a key that may not do this (403)',
    answering: status(403, 'application/problem+json', '{"title":"Forbidden","detail":"No such right"}'),
    code: 4,
    says: [/\(403\)/, /header `X-Key`/, /Forbidden: No such right/],
    hint: /environment SHOP_KEY/,
    asked: 1,
  },
  {
    what: 'an account without money (402)',
    answering: status(402, 'application/json', '{"message":"Balance too low"}'),
    code: 8,
    says: [/cannot pay for GET \/models \(402\)/, /Balance too low/],
    hint: /Add credit to the account/,
    asked: 1,
  },
  {
    what: 'an HTML page with status 502, after all attempts',
    answering: status(502, 'text/html', page),
    code: 5,
    says: [/failed at the source \(502, 3 attempts\): 502 Bad Gateway/],
    hint: /Run again later/,
    asked: 3,
  },
  {
    what: 'an HTML page with status 200',
    answering: status(200, 'text/html', page),
    code: 5,
    says: [/GET \/models/, /HTML/],
    hint: /base_url/,
  },
  {
    what: 'truncated JSON',
    answering: status(200, 'application/json', JSON.stringify(good).slice(0, 30)),
    code: 5,
    says: [/GET \/models/, /is cut short: its JSON ends after 30 bytes/],
    hint: /Run again/,
  },
  {
    what: 'text that is no JSON at all',
    answering: status(200, 'application/json', '{"data": [{"id": 1,}]}'),
    code: 5,
    says: [/GET \/models/, /JSON/],
    hint: /./,
  },
  {
    what: 'an empty reply where records were expected',
    answering: status(204, 'application/json', ''),
    code: 5,
    says: [/GET \/models/, /empty|no body|nothing/i],
    hint: /allow_empty/,
  },
  {
    what: 'a data selector that finds nothing: the keys that were there are listed',
    answering: () => ({ items: [{ id: 1 }], total: 1, 'odd key': null }),
    code: 5,
    says: [/`data`/, /GET \/models/, /items/, /total/, /odd key/],
    hint: /data_selector/,
  },
  {
    what: 'an image instead of JSON',
    answering: (_, response) => void response.writeHead(200, { 'content-type': 'image/png' }).end(png),
    code: 5,
    says: [/GET \/models/, /image\/png/],
    hint: /./,
  },
  {
    what: 'an unknown path (404)',
    answering: () => undefined,
    code: 5,
    says: [/GET \/models was not found \(404\)/],
    hint: /path/,
    asked: 1,
  },
  {
    what: 'a connection that is cut in the middle of the body',
    answering: (_, response) => {
      response.writeHead(200, { 'content-type': 'application/json', 'content-length': 1000 });
      response.write('{"data": [', () => response.destroy());
    },
    code: 5,
    says: [/No answer to GET .*\/models \(3 attempts\)/],
    hint: /Run again later/,
    asked: 3,
  },
  {
    what: 'a reply that is too large',
    answering: () => ({ data: [{ id: 1, name: 'x'.repeat(5000) }] }),
    code: 5,
    says: [/larger than 2000 bytes/, /max_response_bytes/],
    hint: /max_response_bytes/,
    asked: 1,
    config: { client: { max_response_bytes: 2000 } },
  },
  {
    what: 'a cursor that leads back to a page that was read',
    answering: ({ query: asked }) => ({ data: [{ id: asked.get('cursor') ?? 'first' }], next: 'again' }),
    code: 5,
    says: [/GET \/models\?cursor=again/, /was read already|same as that to the request before/],
    hint: /paginator/,
    endpoint: cursor,
  },
  {
    what: 'a page that comes again under ever new cursors',
    answering: ({ query: asked }, response) =>
      // The next cursor stands in a header, so that the bodies are equal.
      void response
        .writeHead(200, { 'content-type': 'application/json', 'x-next': String(Number(asked.get('cursor') ?? 0) + 1) })
        .end(JSON.stringify({ data: good.data })),
    code: 5,
    says: [/same as that to the request before it/],
    hint: /paginator/,
    endpoint: { ...endpoint, paginator: { type: 'header_cursor', cursor_key: 'x-next', cursor_param: 'cursor' } },
    asked: 2,
  },
  {
    what: 'a source that wants a longer pause than is waited for',
    answering: status(429, 'application/json', '{}', { 'retry-after': '86400' }),
    code: 5,
    says: [/too busy for GET \/models \(429\)/, /asked again at \d{4}-\d\d-\d\dT/],
    hint: /Run again after .*max_delay/,
    asked: 1,
  },
  {
    what: '10,000 columns',
    answering: () => ({ data: [Object.fromEntries(Array.from({ length: 10_000 }, (_, n) => [`id${n}`, n]))] }),
    code: 7,
    says: [/Table models would have \d+ columns/, /`max_columns` allows 2000/, /from GET \/models/],
    hint: /data_type: json/,
    resource: { write_disposition: 'append' },
  },
  {
    what: 'a record without its key',
    answering: () => ({ data: [...good.data, { name: 'no id' }] }),
    code: 7,
    says: [/models/, /id/],
    hint: /primary_key/,
  },
  {
    what: 'a column that the contract does not allow',
    answering: () => ({ data: [{ id: 1, name: 'one', surprise: 'from another world' }] }),
    code: 7,
    says: [/`columns: freeze`/, /column surprise of table models/, /from another world/, /from GET \/models/],
    hint: /schema_contract/,
    resource: { schema_contract: { columns: 'freeze' } },
  },
];

/** The file that a first run with good replies leaves; made once. */
let goodFile: Buffer | undefined;

/** What a first run published, and a source that answers otherwise from then on. */
async function published(answering: Answering, bad: Partial<Bad> = {}) {
  const server = await useServer((asked, response) => (goodFile === undefined ? good : answering(asked, response)));
  if (goodFile === undefined) {
    const first = await smallProject(server.url, { resources: [{ ...models, endpoint }] });
    expect(await first.run()).toMatchObject({ code: 0 });
    goodFile = await readFile(first.file);
  }
  const config: SmallConfig = {
    ...bad.config,
    resources: [{ ...models, ...bad.resource, endpoint: bad.endpoint ?? endpoint }],
  };
  const project = await smallProject(server.url, config);
  await writeFile(project.file, goodFile);
  const asked = server.asked.length;
  return { project, before: fingerprint(project.file), config, askedSince: () => server.asked.slice(asked) };
}

/** The last line of stderr: message, and after a dash the hint. */
function failure(stderr: string): { message: string; hint: string } {
  const line = stderr.trimEnd().split('\n').at(-1) ?? '';
  const [, message = '', hint = ''] = /^error: (.*?) — (.*)$/.exec(line) ?? [];
  return { message, hint };
}

describe('bad input ends with its own message, hint and exit code, and nothing published changes', () => {
  it.each(table)('$what', async (bad) => {
    const { project, before, askedSince } = await published(bad.answering, bad);
    const { code, stdout, stderr } = await project.run();
    const { message, hint } = failure(stderr);
    expect({ code, stderr }).toEqual({ code: bad.code, stderr: expect.any(String) });
    for (const part of bad.says) expect(message).toMatch(part);
    expect(hint).toMatch(bad.hint);
    expect(stdout).toMatch(/^Pipeline small failed after .*: nothing was published$/m);
    if (bad.asked !== undefined) expect(askedSince()).toHaveLength(bad.asked);
    expect(fingerprint(project.file)).toBe(before);
    await expectNoSecret(project, stdout + stderr);
  });

  it('nobody listens there', async () => {
    const { project, before, config } = await published(() => good);
    const url = await closedPort();
    await writeConfig(project, smallConfig(url, config));
    const { code, stderr } = await project.run();
    expect(code).toBe(5);
    expect(failure(stderr).message).toContain(`No answer to GET ${url}/models (3 attempts): `);
    expect(failure(stderr).message).toContain('ECONNREFUSED');
    expect(failure(stderr).hint).toMatch(/base_url/);
    expect(fingerprint(project.file)).toBe(before);
  });

  it('a redirect to another host is followed without the key', async () => {
    const other = await useServer((_, response) => sendJson(response, 401, { title: 'Who are you?' }));
    const { project, before } = await published(
      (_, response) =>
        void response.writeHead(302, { location: `${other.url.replace('127.0.0.1', 'localhost')}/models` }).end(),
    );
    const { code, stderr } = await project.run();
    expect(code).toBe(4);
    expect(failure(stderr).message).toMatch(/no credentials were sent/);
    expect(failure(stderr).hint).toMatch(/redirect/);
    expect(other.asked).toHaveLength(1);
    expect(JSON.stringify(other.asked[0]?.headers)).not.toContain(key);
    expect(fingerprint(project.file)).toBe(before);
  });
});

describe('a key', () => {
  it('that a reply repeats is in no row, output, ledger or package, and the report counts it', async () => {
    const echo = { data: [{ id: 1, name: `you sent ${key}`, tags: [key, 'b'], [`named ${key}`]: 1 }], next: null };
    const { project } = await published(() => echo);
    const { code, stdout, stderr } = await project.run();
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
    expect(stdout).toMatch(/masked/);
    expect(await query(project.file, 'select name from models')).toEqual([{ name: 'you sent ***' }]);
    expect(await query(project.file, 'select value from models__tags order by _dlt_list_idx')).toEqual([
      { value: '***' },
      { value: 'b' },
    ]);
    await expectNoSecret(project, stdout + stderr);
  });

  it('that an error repeats is not in the message', async () => {
    const { project } = await published(status(400, 'application/json', JSON.stringify({ title: `Not for ${key}` })));
    const { code, stdout, stderr } = await project.run(['run', '--debug']);
    expect(code).toBe(5);
    expect(stderr).toMatch(/Not for \*\*\*/);
    await expectNoSecret(project, stdout + stderr);
  });

  it('that is missing is asked for with every place that was looked in', async () => {
    const { project, askedSince, before } = await published(() => good);
    const { code, stderr } = await project.run(['run'], { SHOP_KEY: '' });
    expect(code).toBe(2);
    for (const place of ['SOURCES__SHOP__API_KEY', 'SHOP_KEY', 'secrets.yaml']) expect(stderr).toContain(place);
    expect(askedSince()).toEqual([]);
    expect(fingerprint(project.file)).toBe(before);
  });
});

/** Neither in what was printed nor in any file, in pieces of a length that compression of short texts leaves whole. */
async function expectNoSecret({ cwd }: Project, output: string): Promise<void> {
  expect(output).not.toContain(key);
  const names = await readdir(cwd, { recursive: true, withFileTypes: true });
  const files = names.filter((entry) => entry.isFile()).map((entry) => join(entry.parentPath, entry.name));
  expect(files.length).toBeGreaterThan(2);
  for (const file of files)
    expect({ file, found: (await readFile(file)).includes(key) }).toEqual({ file, found: false });
}
