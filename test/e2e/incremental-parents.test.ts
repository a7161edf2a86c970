import { describe, expect, it } from 'vitest';
import { smallProject } from '../support/project.ts';
import { sendJson, useServer } from '../support/server.ts';
import { cursorsIn, idsIn } from './timed-source.ts';

const cursor = { cursor_path: 'at', initial_value: '2024-01-01T00:00:00Z', start_param: 'since' };
const listed = { data_selector: '$', paginator: { type: 'single_page' } };
const day = (number: number) => `2024-01-0${number}T00:00:00Z`;

const resources = [
  { name: 'posts', primary_key: 'id', endpoint: { path: 'posts', ...listed, incremental: cursor } },
  {
    name: 'comments',
    primary_key: 'id',
    include_from_parent: ['id'],
    endpoint: { path: 'posts/{resources.posts.id}/comments', ...listed, incremental: cursor },
  },
  {
    name: 'shops',
    primary_key: 'id',
    endpoint: {
      path: 'shops/{shop}',
      ...listed,
      params: { shop: { type: 'values', from: [{ list: ['a', 'b'] }] } },
      incremental: cursor,
    },
  },
];

/** Comments of later posts are older. */
const lists: Record<string, { id: number; at: string }[]> = {
  '/posts': [
    { id: 1, at: day(1) },
    { id: 2, at: day(2) },
  ],
  '/posts/1/comments': [{ id: 11, at: day(9) }],
  '/posts/2/comments': [{ id: 21, at: day(3) }],
  '/posts/3/comments': [
    { id: 31, at: day(4) },
    { id: 32, at: day(9) },
  ],
  '/shops/a': [{ id: 100, at: day(8) }],
  '/shops/b': [{ id: 200, at: day(2) }],
};

describe('an incremental parent, and chains of which one fails', () => {
  it('limits its children to what is new, gives all of them one value to begin with, and keeps nothing of what failed', async () => {
    let isDown = true;
    const source = await useServer(({ path, query }, response) => {
      if (path === '/shops/b' && isDown) return sendJson(response, 400, { title: 'down' });
      return lists[path]?.filter(({ at }) => at >= String(query.get('since')));
    });
    const pipeline = { on_resource_failure: 'continue' };
    const project = await smallProject(source.url, { resources, pipeline });

    expect(await project.run()).toMatchObject({ code: 3 });
    expect([await idsIn(project.file, 'posts'), await idsIn(project.file, 'comments')]).toEqual(['1 2', '11 21']);
    const first = await cursorsIn(project.file);
    expect(first).toMatchObject({ posts: { at: { last_value: day(2) } }, comments: { at: { last_value: day(9) } } });
    expect(Object.keys(first), 'what failed has no state').toEqual(['posts', 'comments']);

    isDown = false;
    lists['/posts']?.push({ id: 3, at: day(3) });
    const asked = source.asked.length;
    expect(await project.run()).toMatchObject({ code: 0 });
    expect(await idsIn(project.file, 'shops'), 'both shops, from the beginning').toBe('100 200');
    expect(await idsIn(project.file, 'comments'), 'old ones of a new parent need `--from`').toBe('11 21 32');
    const paths = source.asked.slice(asked).map(({ path, query }) => `${path} ${query.get('since')?.slice(0, 10)}`);
    expect(paths.filter((path) => path.includes('comments'))).toEqual(['/posts/3/comments 2024-01-09']);

    expect(await project.run(['run', 'comments', '--from', day(1), '--to', day(9)])).toMatchObject({ code: 0 });
    expect(await idsIn(project.file, 'comments')).toBe('11 21 21 31 32');
    expect((await cursorsIn(project.file)).posts).toMatchObject({ at: { last_value: day(3) } });
  });
});
