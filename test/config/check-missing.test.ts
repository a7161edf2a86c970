import { expect, test } from 'vitest';
import { load, problems, withResources } from './loading.ts';

const merge = (more: string) => `write_disposition: { disposition: merge, ${more} }, primary_key: id`;
const soft = merge('delete_missing: soft');
const looked = 'params: { id: { type: values, from: [{ list: [a] }, { env: IDS }] } }';
const part = 'so that no run knows which rows are gone: leave it out';

test.each([
  [
    [`- { name: a, ${merge('strategy: insert-only, delete_missing: soft')} }`],
    'delete_missing  `insert-only` leaves rows that are there as they are: use `strategy: upsert`',
  ],
  [[`- { name: a, ${merge('max_delete: 3')} }`], 'max_delete  goes with `delete_missing: soft` or `hard`'],
  [[`- { name: a, ${merge('delete_missing: often')} }`], 'delete_missing  expected one of `soft`, `hard`, got `often`'],
  [
    [`- { name: a, ${merge('delete_missing: soft, max_delete: 120%')} }`],
    'max_delete  expected a part of the rows, from `0%` to `100%`, or a number of rows',
  ],
  [
    [`- { name: a, ${merge('delete_missing: soft, max_delete: -1')} }`],
    'max_delete  expected a part of the rows, from `0%` to `100%`, or a number of rows',
  ],
  [
    ['- { name: a, write_disposition: { disposition: replace, delete_missing: soft } }'],
    'delete_missing  unknown key: it goes with `disposition: merge` without `strategy: scd2`',
  ],
  [
    ['- { name: a, write_disposition: { disposition: merge, strategy: scd2, delete_missing: soft } }'],
    'delete_missing  unknown key: it goes with `disposition: merge` without `strategy: scd2`',
  ],
  [
    [`- { name: a, ${soft}, endpoint: { path: "a/{id}", ${looked} } }`],
    `delete_missing  \`a\` asks for the values of \`id\` that a run finds in \`env\` or \`query\`, ${part}`,
  ],
  [
    [`- { name: a, ${soft}, endpoint: { path: a, incremental: { cursor_path: at } } }`],
    `delete_missing  \`a\` is incremental: a run reads what is new, ${part}`,
  ],
  [
    [
      `- { name: a, endpoint: { path: a, params: { since: { type: incremental, cursor_path: at } } } }`,
      `- { name: b, ${soft}, endpoint: "a/{resources.a.id}/b" }`,
    ],
    `delete_missing  \`a\` is incremental: a run reads what is new, ${part}`,
  ],
])('%j', async (resources, message) => {
  expect(await problems(withResources(...resources))).toEqual([
    expect.stringContaining(`write_disposition.${message}`),
  ]);
});

test.each([
  ['50%', { share: 0.5 }],
  [0, { rows: 0 }],
  ['12', { rows: 12 }],
  ['0.5%', { share: 0.005 }],
])('max_delete: %s', async (written, max_delete) => {
  const { source } = await load(
    withResources(`- { name: a, ${merge(`delete_missing: hard, max_delete: ${written}`)} }`),
  );
  expect(source.resources[0]?.write_disposition).toMatchObject({ delete_missing: 'hard', max_delete });
});
