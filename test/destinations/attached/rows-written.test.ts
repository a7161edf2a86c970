import { describe, expect, it } from 'vitest';
import { TestDestination, type TestTable } from '../../support/package.ts';

type Strategy = 'append' | 'replace' | 'delete-insert' | 'upsert' | 'insert-only' | 'scd2';

/** Records of `models`, each with one nested row; `gone` deletes. */
function models(strategy: Strategy, records: readonly { id: string; name?: string; gone?: boolean }[]): TestTable[] {
  const validity = {
    valid_from: { data_type: 'timestamp', 'x-valid-from': true },
    valid_to: { data_type: 'timestamp', 'x-valid-to': true },
  } as const;
  const isMerge = strategy !== 'append' && strategy !== 'replace';
  const keyOf = (id: string, name: string) => (strategy === 'upsert' ? id : `${id} ${name}`);
  return [
    {
      name: 'models',
      hints: isMerge ? { write_disposition: 'merge', 'x-merge-strategy': strategy } : { write_disposition: strategy },
      columns: {
        id: { data_type: 'text', primary_key: strategy !== 'scd2' },
        name: 'text',
        gone: { data_type: 'bool', hard_delete: true },
        ...(strategy === 'scd2' ? validity : {}),
      },
      rows: records.map(({ id, name = 'x', gone = false }) => ({ '#key': keyOf(id, name), id, name, gone })),
    },
    {
      name: 'models__tags',
      parent: 'models',
      rootKey: true,
      columns: { value: 'text' },
      rows: records.map(({ id, name = 'x' }, parent) => ({
        '#parent': parent,
        '#key': `${keyOf(id, name)}/0`,
        '#parent_key': keyOf(id, name),
        '#root_key': keyOf(id, name),
        value: 'v',
      })),
    },
  ];
}

const rowsOf = (tables: readonly { name: string; rows: number }[]) => tables.map(({ name, rows }) => [name, rows]);

describe('the rows that a load reports', () => {
  it.each<Strategy>(['delete-insert', 'upsert', 'insert-only', 'scd2'])(
    'with %s are those in the tables: not records marked as deleted, and not duplicates',
    async (strategy) => {
      const destination = await TestDestination.open();
      const { tables, counts } = await destination.load({
        tables: models(strategy, [{ id: 'a' }, { id: 'b', gone: true }, { id: 'c' }, { id: 'c' }]),
      });
      expect(rowsOf(tables)).toEqual([
        ['models', 2],
        ['models__tags', 2],
      ]);
      expect(await destination.rows('models', 'count(*)::int as n')).toEqual([{ n: 2 }]);
      expect(await destination.rows('models__tags', 'count(*)::int as n')).toEqual([{ n: 2 }]);
      expect(counts).toMatchObject({
        'records of models marked as deleted': 1,
        'rows of models dropped as duplicates of a key': 1,
      });
    },
  );

  it.each([
    ['upsert', 2],
    ['insert-only', 1],
    ['delete-insert', 2],
  ] as const)('with %s of one row that is known and a new one are %i', async (strategy, written) => {
    const destination = await TestDestination.open();
    await destination.load({ loadId: '1767322801.000000', tables: models(strategy, [{ id: 'a' }]) });
    const { tables } = await destination.load({
      loadId: '1767322802.000000',
      tables: models(strategy, [{ id: 'a' }, { id: 'b' }]),
    });
    expect(rowsOf(tables)[0]).toEqual(['models', written]);
  });

  it('are none where all records only delete, and the table is listed all the same', async () => {
    const destination = await TestDestination.open();
    await destination.load({ loadId: '1767322801.000000', tables: models('delete-insert', [{ id: 'a' }]) });
    const { tables, counts } = await destination.load({
      loadId: '1767322802.000000',
      tables: models('delete-insert', [{ id: 'a', gone: true }]),
    });
    expect(rowsOf(tables)[0]).toEqual(['models', 0]);
    expect(counts).toEqual({ 'records of models marked as deleted': 1 });
    expect(await destination.rows('models', 'count(*)::int as n')).toEqual([{ n: 0 }]);
  });
});

/** One that is known and comes again, changed; one that is new; one that does not come; one that is marked as deleted. */
const first = [{ id: 'known' }, { id: 'absent' }, { id: 'marked' }];
const second = [{ id: 'known', name: 'y' }, { id: 'new' }, { id: 'marked', gone: true }];

describe('the rows that a load changed', () => {
  it.each([
    ['delete-insert', [1, 1, 1, 0], [2, 0, 2, 0]],
    ['upsert', [1, 1, 1, 0], [1, 1, 1, 0]],
    ['insert-only', [1, 0, 0, 0], [2, 0, 0, 0]],
    ['scd2', [2, 0, 0, 3], [2, 0, 0, 0]],
    ['append', [3, 0, 0, 0], [3, 0, 0, 0]],
    ['replace', [3, 0, 3, 0], [3, 0, 3, 0]],
  ] as const)('with %s are %j: inserted, updated, deleted, retired; and nested %j', async (strategy, root, nested) => {
    const destination = await TestDestination.open();
    await destination.load({ loadId: '1767322801.000000', tables: models(strategy, first) });
    const { tables } = await destination.load({ loadId: '1767322802.000000', tables: models(strategy, second) });
    expect(
      tables.map(({ changed: { inserted, updated, deleted, retired } }) => [inserted, updated, deleted, retired]),
    ).toEqual([root, nested]);
    expect(await destination.rows('models', 'count(*)::int as n')).toEqual([{ n: 3 + root[0] - root[2] }]);
    expect(await destination.rows('models__tags', 'count(*)::int as n')).toEqual([{ n: 3 + nested[0] - nested[2] }]);
  });

  it('are told of tables that get none, but lose some', async () => {
    const destination = await TestDestination.open();
    await destination.load({ loadId: '1767322801.000000', tables: models('replace', first) });
    const { tables } = await destination.load({ loadId: '1767322802.000000', tables: models('replace', []) });
    expect(tables.map(({ name, rows, changed: { deleted } }) => [name, rows, deleted])).toEqual([
      ['models', 0, 3],
      ['models__tags', 0, 3],
    ]);
  });
});
