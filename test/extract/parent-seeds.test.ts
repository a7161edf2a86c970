import { describe, expect, test } from 'vitest';
import { productOf } from '../../src/extract/chain-seeds.ts';
import { ParentFields } from '../../src/extract/parent-fields.ts';
import { parentSeeds } from '../../src/extract/parent-seeds.ts';

/** What a child asks for whose placeholder `{id}` stands for `path` in these records. */
async function seedsOf(records: readonly unknown[], path: string, included: Readonly<Record<string, string>> = {}) {
  const paths = new Map(Object.entries(included));
  const fields = await ParentFields.of([path, ...paths.values()]);
  const binding = { parent: 'posts', fields: new Map([['id', path]]), included: paths };
  return parentSeeds('comments', binding, fields.of(records));
}

const idsOf = async (records: readonly unknown[], path: string) =>
  (await seedsOf(records, path)).seeds.map(({ values }) => values.id);

describe('a child asks', () => {
  test.each([
    ['once for each record', [{ id: 1 }, { id: 'b' }, { id: true }, { id: 1 }], 'id', [1, 'b', true, 1]],
    ['for what is deep', [{ a: { b: [{ c: 1 }, { c: 2 }] } }], 'a.b[1].c', [2]],
    ['for names that need quotes', [{ 'x-y': { 'a b': 1 } }], "['x-y']['a b']", [1]],
    [
      'once for each match',
      [{ tags: [{ id: 1 }, { id: 2 }] }, { tags: [] }, { tags: [{ id: 3 }] }],
      'tags[*].id',
      [1, 2, 3],
    ],
    ['for every digit', [{ id: 12345678901234567890n }], 'id', ['12345678901234567890']],
    ['for records that are no objects', [1, 'b', null, [{ value: 2 }, [{ value: 3 }]]], 'value', [1, 'b', 2, 3]],
    ['for whole characters', [{ id: 'a\ud800' }], 'id', ['a\ufffd']],
  ])('%s', async (_, records, path, expected) => {
    expect(await idsOf(records, path)).toEqual(expected);
  });

  test('not for records without a value, and says how many', async () => {
    const records = [{ id: 1 }, { id: null }, { id: '' }, {}, { id: 0 }];
    const { seeds, notes, isNoneKnown } = await seedsOf(records, 'id');
    expect(seeds.map(({ values }) => values.id)).toEqual([1, 0]);
    expect(notes).toEqual(['3 of 5 records of `posts` have no `id`']);
    expect(isNoneKnown).toBe(false);
    expect((await seedsOf([{ id: 1 }, { id: null }], 'id')).notes).toEqual(['1 of 2 records of `posts` has no `id`']);
  });

  test('for nothing where a null stands in every record', async () => {
    const { seeds, notes } = await seedsOf([{ author: null }, { author: null }], 'author.id');
    expect({ seeds, notes }).toEqual({ seeds: [], notes: ['2 of 2 records of `posts` have no `author.id`'] });
  });

  test('for nothing, and that is how it is, where the parent has no records', async () => {
    expect(await seedsOf([], 'id', { _posts_x: 'x' })).toMatchObject({ seeds: [], notes: [], isNoneKnown: true });
  });
});

test('what is included is null where it is missing in some records', async () => {
  const { seeds } = await seedsOf([{ id: 1, by: { name: 'Ann' } }, { id: 2 }], 'id', { _posts_by__name: 'by.name' });
  expect(seeds.map(({ included }) => included)).toEqual([{ _posts_by__name: 'Ann' }, { _posts_by__name: null }]);
});

describe('an error says', () => {
  test.each([
    ['id', {}],
    ['nr', { _posts_id: 'id' }],
  ])('which fields there are where one is in no record: %s', async (path, included) => {
    const records = [
      { nr: 1, ids: 2, author: { name: 'Ann' } },
      { nr: 2, at: 5 },
    ];
    await expect(seedsOf(records, path, included)).rejects.toMatchObject({
      code: 'SelectorFoundNothing',
      message: 'No record of `posts` has `id`, which `comments` needs, did you mean `ids`?',
      hint: 'They have: nr, ids, author.name, at.',
    });
  });

  test.each([
    [{ id: { nr: 1 } }, 'is an object', '`id.id`'],
    [{ id: [1] }, 'is a list', '`id[*]`'],
  ])('that no request can hold %j', async (record, what, hint) => {
    await expect(seedsOf([record], 'id')).rejects.toMatchObject({
      message: `\`id\` in the records of \`posts\` ${what}: \`comments\` needs a text, a number, true or false there.`,
      hint: expect.stringContaining(hint),
    });
  });
});

test('seeds of several kinds multiply, the last change fastest', () => {
  const ofParents = {
    seeds: [
      { values: { p: 1 }, included: { x: 'a' } },
      { values: { p: 2 }, included: { x: 'b' } },
    ],
    sources: ['parents'],
    notes: ['note'],
  };
  const ofValues = { seeds: [{ values: { v: 1 } }, { values: { v: 2 } }], sources: ['values'] };
  expect(productOf([ofParents, ofValues])).toMatchObject({
    seeds: [
      { values: { p: 1, v: 1 }, included: { x: 'a' } },
      { values: { p: 1, v: 2 }, included: { x: 'a' } },
      { values: { p: 2, v: 1 }, included: { x: 'b' } },
      { values: { p: 2, v: 2 }, included: { x: 'b' } },
    ],
    sources: ['parents', 'values'],
    notes: ['note'],
  });
});
