import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import type { ConfigFileInput } from '../../src/config/grammar/config-schema.ts';
import { realEffects } from '../../src/effects.ts';
import { runPipeline } from '../../src/pipeline.ts';
import { readTable } from '../../src/read-table.ts';
import type { Trace } from '../../src/trace.ts';
import { useServer } from '../support/server.ts';
import { tempFolder } from '../support/temp-folder.ts';

type Resource = ConfigFileInput['source']['resources'][number];

interface Blog {
  /** Ends, as a run that is killed does, when it asks for `until`. */
  run(resources?: readonly string[], until?: string): Promise<Trace>;
  /** What the last run asked for, in its order. */
  readonly asked: readonly string[];
  /** Rows without dlt's columns; undefined where there is no such table. */
  rows(table: string): Promise<unknown[] | undefined>;
}

const blog: Readonly<Record<string, unknown>> = {
  '/users?page=0': { items: [{ login: 'ann' }, { login: 'bob' }], pages: 2 },
  '/users?page=1': { items: [{ login: 'cy' }], pages: 2 },
  '/users/ann/posts': [{ id: 1, author: { name: 'Ann' } }, { id: 2 }],
  '/users/bob/posts': [],
  '/users/cy/posts': [{ id: 3, author: { name: null } }],
  '/posts/1/comments?from=1': [{ text: 'a' }, { text: 'b' }],
  '/posts/2/comments?from=2': [{ text: 'c' }],
  '/posts/3/comments?from=3': [{ text: 'd' }],
};

const users: Resource = {
  name: 'users',
  endpoint: { path: 'users', data_selector: 'items', paginator: { type: 'page_number', total_path: 'pages' } },
};
const posts: Resource = { name: 'posts', endpoint: 'users/{resources.users.login}/posts' };
const comments: Resource = {
  name: 'comments',
  endpoint: {
    path: 'posts/{id}/comments',
    params: { id: { type: 'resolve', resource: 'posts', field: 'id' }, from: '{id}' },
    data_selector: '$',
  },
  include_from_parent: ['id', 'author.name', { from: 'author.name', as: 'author' }],
};

async function useBlog(
  resources: readonly Resource[],
  { concurrency = 1, answers = blog, ...pipeline } = {},
): Promise<Blog> {
  const folder = await tempFolder();
  let asked: string[] = [];
  let stop: string | undefined;
  const server = await useServer(({ path, query }) => {
    const request = query.size === 0 ? path : `${path}?${query}`;
    asked.push(request);
    return request === stop ? undefined : answers[request];
  });
  const config: ConfigFileInput = {
    pipeline: {
      name: 'blog',
      dataset_name: 'd',
      working_dir: join(folder, 'work'),
      destination: { type: 'duckdb', path: join(folder, 'blog.duckdb') },
      ...pipeline,
    },
    source: { name: 's', client: { base_url: server.url, concurrency }, resources: [...resources] },
  };
  return {
    async run(names, until) {
      [stop, asked] = [until, []];
      return runPipeline(config, { ...(names === undefined ? {} : { resources: names }), effects: realEffects });
    },
    get asked() {
      return asked;
    },
    async rows(table) {
      const rows: unknown[] = [];
      try {
        for await (const row of readTable(config, table)) {
          rows.push(Object.fromEntries(Object.entries(row).filter(([name]) => !name.startsWith('_dlt'))));
        }
      } catch {
        return undefined;
      }
      return rows;
    },
  };
}

const allComments = [
  { text: 'a', _posts_id: 1, _posts_author__name: 'Ann', author: 'Ann' },
  { text: 'b', _posts_id: 1, _posts_author__name: 'Ann', author: 'Ann' },
  { text: 'c', _posts_id: 2, _posts_author__name: null, author: null },
  { text: 'd', _posts_id: 3, _posts_author__name: null, author: null },
];

describe.each([1, 8])('with %i requests at once', (concurrency) => {
  test('children are asked for once for each record of their parents, in their order, and get what they include', async () => {
    const { run, rows } = await useBlog([comments, posts, users], { concurrency });
    const trace = await run();
    expect(trace).toMatchObject({ exitCode: 0 });
    expect(trace.resources.map(({ name, records }) => [name, records])).toEqual([
      ['users', 3],
      ['posts', 3],
      ['comments', 4],
    ]);
    expect(await rows('users')).toEqual([{ login: 'ann' }, { login: 'bob' }, { login: 'cy' }]);
    expect(await rows('posts')).toMatchObject([{ id: 1 }, { id: 2 }, { id: 3 }]);
    expect(await rows('comments')).toEqual(allComments);
  });

  test('parents that nobody asked for are read once, also for several children, and not loaded', async () => {
    const likes: Resource = { ...comments, name: 'likes' };
    const shop = await useBlog([users, posts, comments, likes], { concurrency });
    const trace = await shop.run(['comments', 'likes']);
    expect(trace).toMatchObject({ exitCode: 0 });
    expect(trace.packages[0]?.tables.map(({ name }) => name)).toEqual(['comments', 'likes']);
    expect(shop.asked.filter((request) => request.startsWith('/users'))).toHaveLength(5);
    expect(await shop.rows('comments')).toEqual(allComments);
    expect(await shop.rows('likes')).toEqual(allComments);
    expect(await shop.rows('users')).toBeUndefined();
    expect(trace.resources).toMatchObject([
      { name: 'users', notes: ['read for its children, not loaded'] },
      { name: 'posts', notes: ['read for its children, not loaded'] },
      { name: 'comments' },
      { name: 'likes' },
    ]);
  });

  test.each(['/users?page=1', '/users/bob/posts', '/posts/1/comments?from=1', '/posts/3/comments?from=3'])(
    'a run that ended at %s is continued with what is missing, and gives the same tables',
    async (until) => {
      const shop = await useBlog([users, posts, comments], { concurrency });
      expect(await shop.run(undefined, until)).toMatchObject({ exitCode: 5 });
      const before = concurrency === 1 ? shop.asked.length - 1 : 0;
      const trace = await shop.run();
      expect(trace).toMatchObject({ exitCode: 0 });
      if (until !== '/users?page=1') expect(trace.notes).toEqual([expect.stringMatching(/^Continues package/)]);
      if (concurrency === 1) expect(shop.asked).toHaveLength(8 - before);
      expect(await shop.rows('posts')).toMatchObject([{ id: 1 }, { id: 2 }, { id: 3 }]);
      expect(await shop.rows('comments')).toEqual(allComments);
    },
  );
});
