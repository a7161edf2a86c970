import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { parse } from 'yaml';
import type { ConfigFileInput } from '../../src/config/grammar/config-schema.ts';
import { realEffects } from '../../src/effects.ts';
import { runPipeline } from '../../src/pipeline.ts';
import type { Trace } from '../../src/trace.ts';
import { blocks } from '../support/documents.ts';
import { rowsOf } from '../support/published.ts';
import { useServer } from '../support/server.ts';
import { tempFolder } from '../support/temp-folder.ts';

type Resource = Exclude<ConfigFileInput['source']['resources'][number], string>;

interface BlogOptions {
  readonly concurrency?: number;
  readonly answers?: Readonly<Record<string, unknown>>;
  readonly on_resource_failure?: 'continue';
}

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
const ofPosts = {
  path: 'posts/{id}/comments',
  params: { id: { type: 'resolve' as const, resource: 'posts', field: 'id' }, from: '{id}' },
  data_selector: '$',
};
const comments: Resource = {
  name: 'comments',
  endpoint: ofPosts,
  include_from_parent: ['id', 'author.name', { from: 'author.name', as: 'author' }],
};

async function useBlog(
  resources: readonly Resource[],
  { concurrency = 1, answers = blog, ...pipeline }: BlogOptions = {},
): Promise<Blog> {
  const folder = await tempFolder();
  const file = join(folder, 'blog.duckdb');
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
      destination: { type: 'duckdb', path: file },
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
      const rows = await rowsOf(file, table, 'd').catch(() => undefined);
      return rows?.map((row) => Object.fromEntries(Object.entries(row).filter(([name]) => !name.startsWith('_dlt'))));
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

const listOf = (answers: Readonly<Record<string, unknown>>) => ({ answers: { ...blog, ...answers } });
const single: Resource = { name: 'posts', endpoint: { path: 'users/ann/posts', data_selector: '$' } };
const replacing = (resource: Resource): Resource => ({ ...resource, write_disposition: 'replace' });
const ignore404 = { response_actions: [{ status_code: 404, action: 'ignore' as const }] };

describe('a child', () => {
  test('of a parent that failed fails too, and its table stays as it was', async () => {
    const answers: Record<string, unknown> = { ...blog };
    const resources = [users, replacing(posts), replacing(comments), { name: 'tags', endpoint: 'tags' }];
    const shop = await useBlog(resources, { answers, on_resource_failure: 'continue' });
    answers['/tags'] = [{ id: 1 }];
    expect(await shop.run()).toMatchObject({ exitCode: 0 });
    delete answers['/users/bob/posts'];
    const trace = await shop.run();
    expect(trace).toMatchObject({ exitCode: 3, published: true });
    expect(trace.resources).toMatchObject([
      { name: 'users', status: 'extracted' },
      { name: 'posts', status: 'failed' },
      { name: 'comments', status: 'failed', error: { message: '`comments`: its parent `posts` failed.' } },
      { name: 'tags', status: 'extracted' },
    ]);
    expect(await shop.rows('comments')).toEqual(allComments);
  });

  test('that is replaced is emptied with a parent without records, and stays where the parent was skipped', async () => {
    const answers: Record<string, unknown> = { ...blog };
    const ignoring = { ...single, endpoint: { path: 'users/ann/posts', data_selector: '$', ...ignore404 } };
    const shop = await useBlog([replacing(ignoring), replacing(comments)], { answers });
    await shop.run();
    const before = await shop.rows('comments');
    expect(before).toHaveLength(3);
    delete answers['/users/ann/posts'];
    const skipped = await shop.run();
    expect(skipped.resources[1]).toMatchObject({
      status: 'skipped',
      notes: ['no ids: looked at the records of `posts`, which was ignored'],
    });
    expect(await shop.rows('comments')).toEqual(before);
    answers['/users/ann/posts'] = [];
    const emptied = await shop.run();
    expect(emptied.notes).toContain('comments is empty now: `replace` got no records.');
    expect(await shop.rows('comments')).toEqual([]);
  });

  test('that is replaced is an error where the list of its parents was not read to its end', async () => {
    const answers = { '/users/ann/posts': { data: [{ id: 1 }, { id: 2 }], has_more: true } };
    const first: Resource = {
      name: 'posts',
      selected: false,
      endpoint: { path: 'users/ann/posts', data_selector: 'data' },
    };
    const shop = await useBlog([first, replacing(comments)], listOf(answers));
    expect((await shop.run()).failure).toMatchObject({
      code: 'ListIncomplete',
      message: expect.stringMatching(
        /^`comments`: of its parent `posts` the reply says that there is more \(`has_more: true`\)/,
      ),
    });
  });

  test('counts ids that were ignored, and parents without the field', async () => {
    const answers = { '/users/ann/posts': [{ id: 1 }, { id: null }, { id: 9 }, { id: 2 }] };
    const ignoring = { ...comments, endpoint: { ...ofPosts, ...ignore404 }, include_from_parent: ['id'] };
    const shop = await useBlog([single, ignoring], listOf(answers));
    const { resources } = await shop.run();
    expect(resources[1]?.notes).toEqual(['1 of 4 records of `posts` has no `id`', '1 of 3 ids was ignored (404)']);
  });

  test('of an incremental parent fails the run: its parents would not come again', async () => {
    const parent: Resource = {
      name: 'posts',
      endpoint: { path: 'users/ann/posts', data_selector: '$', incremental: { cursor_path: 'id' } },
    };
    const answers: Record<string, unknown> = { ...blog };
    delete answers['/posts/2/comments?from=2'];
    const shop = await useBlog([parent, comments], { answers, on_resource_failure: 'continue' });
    expect(await shop.run()).toMatchObject({ exitCode: 5, published: false });
    answers['/posts/2/comments?from=2'] = [{ text: 'c' }];
    expect(await shop.run()).toMatchObject({ exitCode: 0 });
    expect(await shop.rows('comments')).toEqual(allComments.slice(0, 3));
  });

  test('begun with a parent that was only read is dropped where the parent is to be loaded', async () => {
    const shop = await useBlog([users, posts, comments]);
    await shop.run(['comments'], '/posts/2/comments?from=2');
    const { notes } = await shop.run();
    expect(notes).toEqual([
      expect.stringMatching('was dropped: it lacks the records of resource users, which this run loads.'),
    ]);
    expect(await shop.rows('users')).toHaveLength(3);
    expect(await shop.rows('comments')).toEqual(allComments);
  });
});

test('the example of the documents asks for what it says', async () => {
  const [example = ''] = blocks('yaml').filter((block) => block.includes('include_from_parent'));
  const resources: Resource[] = parse(example);
  const answers = {
    '/posts': {
      items: [
        { id: 1, author: { id: 7, name: 'Ann' } },
        { id: 2, author: null },
      ],
    },
    '/posts/1/comments?lang=en': [{ id: 'a' }],
    '/posts/1/comments?lang=de': [{ id: 'b' }],
    '/posts/2/comments?lang=de': [{ id: 'c' }],
    '/comments/a/likes': [{ by: 'x' }],
    '/comments/b/likes': [],
    '/comments/c/likes': [{ by: 'y' }],
  };
  const shop = await useBlog(resources, { answers });
  expect(await shop.run()).toMatchObject({ exitCode: 0 });
  const ofAnn = { _posts_id: 1, _posts_author__name: 'Ann', post_author_id: 7 };
  expect(await shop.rows('comments')).toEqual([
    { id: 'a', ...ofAnn },
    { id: 'b', ...ofAnn },
    { id: 'c', _posts_id: 2, _posts_author__name: null, post_author_id: null },
  ]);
  expect(await shop.rows('likes')).toEqual([{ by: 'x' }, { by: 'y' }]);
});
