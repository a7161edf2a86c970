import { expect, test } from 'vitest';
import { smallProject } from '../support/project.ts';
import { query } from '../support/published.ts';
import { useServer } from '../support/server.ts';
import { shared } from '../support/shared.ts';

const posts = [
  { id: 1, price: 12345678901234567890n, author: { name: 'Ann' }, tags: ['a', 'b'], email: 'a@b.c', state: 'open' },
  { id: 2, price: 5n, author: { name: 'Bo' }, tags: [], email: null, state: 'shut' },
];
const json = (value: unknown) =>
  JSON.stringify(value, (_, member) => (typeof member === 'bigint' ? `BIG${member}` : member)).replace(
    /"BIG(\d+)"/g,
    '$1',
  );

const resources = [
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
  const { url } = await useServer(({ path }, response) => {
    if (path !== '/posts') return undefined;
    response.writeHead(200, { 'content-type': 'application/json' }).end(json(posts));
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
