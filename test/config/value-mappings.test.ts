import { expect, test } from 'vitest';
import { load, problems, withResources } from './loading.ts';

const line = (path: string, from: string) =>
  withResources(`- { name: a, endpoint: { path: "${path}", params: { s: { type: values, from: [${from}] } } } }`);

test.each([
  ['{s.id}', '{ list: [{ id: 1, at: 2 }, { id: b }] }'],
  ['{s.id}/{s.at}', '{ list: [{ id: 1, at: true }] }, { query: "select id, at from x" }'],
  ['{s}/{s.at}', '{ query: "select id, at from x" }'],
])('values with columns can be named: %s from %s', async (path, from) => {
  expect((await load(line(path, from))).source.resources).toHaveLength(1);
});

test.each([
  ['{s.id}', '{ list: [{ id: 1 }, { di: 1 }] }', 'from[0].list[1]  has no `id`, which `{s.id}` names'],
  ['{s.id}', '{ list: [{ id: 1 }, 2] }', 'from[0].list[1]  expected a mapping: `{s.id}` names a column of it'],
  [
    '{s}',
    '{ list: [{ id: 1 }] }',
    'from[0].list[0]  a mapping has no one value for `{s}`: name its columns, as `{s.id}`',
  ],
  ['{s.id}', '{ env: IDS }', 'from[0].env  a variable has no columns, but `{s.id}` names one'],
])('values without what a placeholder names are a problem: %s from %s', async (path, from, message) => {
  expect(await problems(line(path, from))).toEqual([expect.stringContaining(`params.s.${message}`)]);
});
