import { describe, expect, test } from 'vitest';
import { parentOf } from '../../src/config/parents.ts';
import { load, problems, withResources } from './loading.ts';

const resolve = (resource: string, field = 'id') => `{ type: resolve, resource: ${resource}, field: "${field}" }`;

describe('a parent', () => {
  test.each([
    ['{ path: "a/{resources.b.id}" }', { 'resources.b.id': 'id' }],
    ['{ path: "a/{resources.b.author.id}/x" }', { 'resources.b.author.id': 'author.id' }],
    ['{ path: "a/{resources.b.items[0].id}" }', { 'resources.b.items[0].id': 'items[0].id' }],
    [`{ path: "a/{resources.b.['x-y']}" }`, { "resources.b.['x-y']": "['x-y']" }],
    [`{ path: "a/{resources.b['x.y'].z}" }`, { "resources.b['x.y'].z": "['x.y'].z" }],
    ['{ path: a, params: { q: "tag:{resources.b.id}" } }', { 'resources.b.id': 'id' }],
    ['{ path: a, params: { q: [1, "{resources.b.ids[*]}"] } }', { 'resources.b.ids[*]': 'ids[*]' }],
    ['{ path: a, headers: { X-Id: "{resources.b.id}" } }', { 'resources.b.id': 'id' }],
    ['{ path: a, method: POST, json: { a: [{ b: "{resources.b.id}" }] } }', { 'resources.b.id': 'id' }],
    ['{ path: a, method: POST, data: "id={resources.b.id}" }', { 'resources.b.id': 'id' }],
    [`{ path: "a/{id}", params: { id: ${resolve('b', 'author.id')} } }`, { id: 'author.id' }],
    [`{ path: a, params: { q: "{id}", id: ${resolve('b')} } }`, { id: 'id' }],
    ['{ path: a, fallbacks: [{ path: "b/{resources.b.id}" }] }', { 'resources.b.id': 'id' }],
  ])('is whoever a placeholder names: %s', async (endpoint, fields) => {
    const { source } = await load(withResources(`- { name: a, endpoint: ${endpoint} }`, '- b'));
    const binding = parentOf(source.resources[0] ?? {});
    expect(binding?.parent).toBe('b');
    expect(Object.fromEntries(binding?.fields ?? [])).toEqual(fields);
  });

  test('gives the fields of `include_from_parent` under its name, or under that which they are given', async () => {
    const included = `[id, author.name, "items[0]['x-y']", { from: at, as: posted }, { from: by }]`;
    const { source } = await load(
      withResources(`- { name: a, endpoint: "a/{resources.b.id}", include_from_parent: ${included} }`, '- b'),
    );
    expect(Object.fromEntries(parentOf(source.resources[0] ?? {})?.included ?? [])).toEqual({
      _b_id: 'id',
      _b_author__name: 'author.name',
      '_b_items__0__x-y': "items[0]['x-y']",
      posted: 'at',
      _b_by: 'by',
    });
  });
});

describe('is a problem:', () => {
  test.each([
    [
      'an unknown parent',
      ['a: { path: "{resources.post.id}" }'],
      'a.endpoint.path  there is no resource `post`, did you mean `posts`?',
    ],
    [
      'one of `type: resolve`',
      [`a: { path: "{id}", params: { id: ${resolve('post')} } }`],
      'a.endpoint.params.id.resource  there is no resource `post`, did you mean `posts`?',
    ],
    [
      'a second parent',
      ['a: { path: "x/{resources.posts.id}", params: { q: "{resources.b.id}" } }', 'b: { path: b }'],
      'a.endpoint.params.q  a second parent: expected fields of one resource, got `posts` and `b`',
    ],
    [
      'parents in a circle',
      ['a: { path: "{resources.b.id}" }', 'b: { path: "{resources.c.id}" }', 'c: { path: "{resources.a.id}" }'],
      'a.endpoint.path  parents in a circle: `a` → `b` → `c` → `a`, each needs the next',
    ],
    [
      'a resource as its own parent',
      ['a: { path: "{resources.a.id}" }'],
      'a.endpoint.path  `a` cannot be its own parent',
    ],
    [
      '`type: resolve` that stands nowhere',
      [`a: { path: x, params: { id: ${resolve('posts')} } }`],
      'a.endpoint.params.id  `type: resolve` needs the placeholder `{id}` in `path`, here `x`',
    ],
    [
      'a reference without a field',
      ['a: { path: "{resources.posts}" }'],
      'a.endpoint.path  `{resources.posts}`: expected `resources.<name>.<field>`',
    ],
    [
      'a reference with a format',
      ['a: { path: x, params: { q: "{resources.posts.id!r}" } }'],
      'a.endpoint.params.q  `{resources.posts.id!r}`: a placeholder has no format, expected `{resources.posts.id}`',
    ],
    [
      'a field that is no JSONPath',
      ['a: { path: "{resources.posts.a[?b>1].id}" }'],
      'a.endpoint.path  `a[?b>1].id` is not a JSONPath of RFC 9535',
    ],
    [
      'two fields with several values',
      ['a: { path: "{resources.posts.a[*]}/{resources.posts.b[*]}" }'],
      'a.endpoint.path  two fields with several values each, `a[*]` and `b[*]`: expected one',
    ],
  ])('%s', async (_, resources, message) => {
    const lines = resources.map((line) => line.replace(/^(\w): (.*)$/, '- { name: $1, endpoint: $2 }'));
    const found = await problems(withResources(...lines, '- posts'));
    expect(found).toEqual([expect.stringContaining(`source.resources.${message}`)]);
    expect(found[0]).toMatch(/^pipeline\.config\.yaml:\d+:\d+ /);
  });

  test.each([
    ['[id]', 'endpoint: x', 'there is no parent: no text of `endpoint` names one as `{resources.<name>.<field>}`'],
    ['[id, { from: x, as: _posts_id }]', 'endpoint: "{resources.posts.id}"', '`_posts_id` is already there'],
    [
      '["ids[*]"]',
      'endpoint: "{resources.posts.id}"',
      'expected the path to one value, such as `author.name`, got `ids[*]`',
    ],
  ])('`include_from_parent: %s` with `%s`', async (included, endpoint, message) => {
    const line = `- { name: a, include_from_parent: ${included}, ${endpoint} }`;
    expect(await problems(withResources(line, '- posts'))).toEqual([expect.stringContaining(message)]);
  });
});
