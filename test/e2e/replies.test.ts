import { gzipSync } from 'node:zlib';
import { expect, test } from 'vitest';
import { smallProject } from '../support/project.ts';
import { query } from '../support/published.ts';
import { sendJson, useServer } from '../support/server.ts';
import { shared } from '../support/shared.ts';
import { zipOf } from '../support/zip.ts';

const posts = [
  { id: 1, price: 12345678901234567890n, author: { name: 'Ann' }, tags: ['a', 'b'], email: 'a@b.c', state: 'open' },
  { id: 2, price: 5n, author: { name: 'Bo' }, tags: [], email: null, state: 'shut' },
];
const json = (value: unknown) =>
  JSON.stringify(value, (_, member) => (typeof member === 'bigint' ? `BIG${member}` : member)).replace(
    /"BIG(\d+)"/g,
    '$1',
  );

/** By their path: type and bytes. */
const files: Readonly<Record<string, readonly [type: string, body: string | Buffer]>> = {
  '/posts': ['application/json', json(posts)],
  '/prices': ['text/csv', Buffer.from('id;price;note\n1;12345678901234.5678;\n2;0.1;"\xe9;"\n', 'latin1')],
  '/events.ndjson.gz': ['application/octet-stream', gzipSync('{"id":12345678901234567890}\n{"id":2,"of":{"a":1}}\n')],
  '/all.zip': ['application/zip', zipOf({ 'a.csv': 'id\n1\n', 'b.csv': 'id\n2\n' })],
  '/robots.txt': ['text/plain', 'Disallow: /\n'],
};

const resources = [
  {
    name: 'prices',
    endpoint: { path: 'prices', csv: { delimiter: ';', encoding: 'latin1' } },
    columns: { price: { data_type: 'decimal', precision: 18, scale: 4 }, id: { data_type: 'bigint' } },
  },
  { name: 'events', endpoint: { path: 'events.ndjson.gz' } },
  { name: 'zipped', endpoint: { path: 'all.zip' } },
  { name: 'robots', endpoint: { path: 'robots.txt', format: 'text' } },
  {
    name: 'children',
    endpoint: { path: 'tags/{resources.steps.tags}', params: { email: '{resources.steps.email}' } },
    include_from_parent: ['words', 'more'],
    processing_steps: [{ set: { tag: '{resources.steps.tags}', less: { sql: '_steps_more - 1' } } }],
  },
  {
    name: 'rules',
    endpoint: {
      path: 'jobs/{id}',
      params: { id: { type: 'values', from: [{ list: ['gone', 'slow', 'last', 'never'] }] } },
      response_actions: [
        { status_code: '4xx', content: 'gone', action: 'ignore' },
        { json_path: 'status', equals: 'running', action: 'retry', wait: '10ms' },
        { json_path: 'status', equals: 'enough', action: 'stop' },
      ],
    },
  },
  {
    name: 'steps',
    endpoint: 'posts',
    processing_steps: [
      { filter: "state = 'open' and price > 12345678901234567889" },
      { set: { source: 'blog', words: { sql: 'json_array_length(tags)' }, more: { sql: 'price + 1' } } },
      { explode: 'tags' },
      { mask: { email: 'redact' } },
      { exclude: ['state'] },
    ],
  },
];

const loaded = shared(async () => {
  let asked = 0;
  const { url } = await useServer(({ path, query }, response) => {
    if (path === '/jobs/gone') return sendJson(response, 410, { title: 'gone' });
    if (path === '/jobs/slow') return { id: 'slow', status: asked++ === 0 ? 'running' : 'done' };
    if (path === '/jobs/last') return { status: 'enough' };
    if (path.startsWith('/tags/')) return { email: query.get('email') };
    const [type, body] = files[path] ?? [];
    if (type === undefined) return undefined;
    response.writeHead(200, { 'content-type': type }).end(body);
    return undefined;
  });
  const project = await smallProject(url, { resources });
  return { ...(await project.run()), file: project.file };
});

test('a run of every kind of reply succeeds', async () => {
  expect(await loaded()).toMatchObject({ code: 0 });
});

test('records are loaded as their steps leave them, numbers exact', async () => {
  const { file, stdout } = await loaded();
  const rows = await query(
    file,
    'select id, price, more, author__name, tags, email, source, words from steps order by tags',
  );
  const rest = {
    id: 1n,
    price: posts[0]?.price,
    more: 12345678901234567891n,
    author__name: 'Ann',
    email: '***',
    source: 'blog',
    words: 2n,
  };
  expect(rows).toEqual([
    { ...rest, tags: 'a' },
    { ...rest, tags: 'b' },
  ]);
  expect(stdout).toContain('kept 1 of 2 records');
});

test('rules ignore, ask again and stop', async () => {
  const { file, stdout } = await loaded();
  expect(await query(file, 'select id, status from rules')).toEqual([{ id: 'slow', status: 'done' }]);
  expect(stdout).toContain('1 of 4 ids was ignored (410)');
  expect(stdout).toContain('`response_actions` stopped it at GET /jobs/last (200), 2 of 4 ids were not read');
});

test('files are read whatever they are packed in', async () => {
  const { file } = await loaded();
  const texts = (sql: string) => query(file, sql).then((rows) => rows.map((row) => Object.values(row).map(String)));
  expect(await texts('select id, price, note from prices order by id')).toEqual([
    ['1', '12345678901234.5678', 'null'],
    ['2', '0.1000', 'é;'],
  ]);
  expect(await texts('select id, of__a from events order by id')).toEqual([
    ['2', '1'],
    ['12345678901234567890', 'null'],
  ]);
  expect(await texts('select id from zipped order by id')).toEqual([['1'], ['2']]);
  expect(await texts('select value from robots')).toEqual([['Disallow: /\n']]);
});

test('children see of a parent what its steps leave, and their own steps what they include of it', async () => {
  const { file } = await loaded();
  expect(await query(file, 'select tag, email, _steps_words, less from children order by tag')).toEqual(
    ['a', 'b'].map((tag) => ({ tag, email: '***', _steps_words: 2n, less: posts[0]?.price })),
  );
});
