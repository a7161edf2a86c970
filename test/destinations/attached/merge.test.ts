import { describe, expect, it } from 'vitest';
import { PipelineError } from '../../../src/errors.ts';
import { TestDestination, type TestTable } from '../../support/package.ts';

const merge = { write_disposition: 'merge' } as const;

function models(rows: TestTable['rows'], changes: Partial<TestTable> = {}): TestTable {
  return {
    name: 'models',
    hints: merge,
    columns: { id: { data_type: 'text', primary_key: true }, name: 'text' },
    rows,
    ...changes,
  };
}

function functions(rows: TestTable['rows'], rootKey = true): TestTable {
  return { name: 'models__functions', parent: 'models', rootKey, columns: { value: 'text' }, rows };
}

const nested = `select m.id, f.value from models m join models__functions f on f._dlt_root_id = m._dlt_id order by all`;

describe('merge by delete-insert', () => {
  it('replaces rows with the same key, and everything nested in them', async () => {
    const destination = await TestDestination.open();
    await destination.load({
      tables: [
        models([
          { id: 'a', name: 'old a' },
          { id: 'b', name: 'old b' },
        ]),
        functions([
          { '#parent': 0, value: 'of old a' },
          { '#parent': 1, value: 'of old b' },
        ]),
      ],
    });
    await destination.load({
      tables: [
        models([
          { id: 'b', name: 'new b' },
          { id: 'c', name: 'new c' },
        ]),
        functions([{ '#parent': 1, value: 'of new c' }]),
      ],
    });

    expect(await destination.rows('models')).toEqual([
      { id: 'a', name: 'old a' },
      { id: 'b', name: 'new b' },
      { id: 'c', name: 'new c' },
    ]);
    expect(await destination.sql(nested)).toEqual([
      { id: 'a', value: 'of old a' },
      { id: 'c', value: 'of new c' },
    ]);
    expect(await destination.sql('select count(*)::int as n from models__functions')).toEqual([{ n: 2 }]);
  });

  it('empties nested tables of replaced rows when the package has none of that table', async () => {
    const destination = await TestDestination.open();
    await destination.load({ tables: [models([{ id: 'a', name: 'x' }]), functions([{ '#parent': 0, value: 'f' }])] });
    await destination.load({ tables: [models([{ id: 'a', name: 'y' }])] });

    expect(await destination.rows('models__functions')).toEqual([]);
  });

  it('keeps the last of several rows with one key, drops what is nested in the others, and counts them', async () => {
    const destination = await TestDestination.open();
    const { counts } = await destination.load({
      tables: [
        models([
          { id: 'a', name: 'first' },
          { id: 'b', name: 'only' },
          { id: 'a', name: 'last' },
        ]),
        functions([
          { '#parent': 0, value: 'of first' },
          { '#parent': 2, value: 'of last' },
        ]),
      ],
    });

    expect(await destination.rows('models')).toEqual([
      { id: 'a', name: 'last' },
      { id: 'b', name: 'only' },
    ]);
    expect(await destination.sql(nested)).toEqual([{ id: 'a', value: 'of last' }]);
    expect(Object.values(counts)).toEqual([1]);
  });

  it.each([
    ['asc', 'low'],
    ['desc', 'high'],
  ] as const)('lets dedup_sort %s decide which of them is kept', async (dedup_sort, name) => {
    const destination = await TestDestination.open();
    const columns = {
      id: { data_type: 'bigint', primary_key: true },
      rank: { data_type: 'bigint', dedup_sort },
      name: 'text',
    } as const;
    await destination.load({
      tables: [
        models(
          [
            { id: 1, rank: 2, name: 'middle' },
            { id: 1, rank: 9, name: 'high' },
            { id: 1, rank: 1, name: 'low' },
            { id: 1, rank: null, name: 'none' },
          ],
          { columns },
        ),
      ],
    });

    expect(await destination.rows('models', 'name')).toEqual([{ name }]);
  });

  it('matches composite keys column by column', async () => {
    const destination = await TestDestination.open();
    const columns = {
      a: { data_type: 'bigint', primary_key: true },
      b: { data_type: 'text', primary_key: true },
      v: 'text',
    } as const;
    await destination.load({
      tables: [
        models(
          [
            { a: 1, b: 'x', v: 'old' },
            { a: 1, b: 'y', v: 'old' },
            { a: 2, b: 'x', v: 'old' },
          ],
          { columns },
        ),
      ],
    });
    await destination.load({ tables: [models([{ a: 1, b: 'x', v: 'new' }], { columns })] });

    expect(await destination.rows('models')).toEqual([
      { a: 1n, b: 'x', v: 'new' },
      { a: 1n, b: 'y', v: 'old' },
      { a: 2n, b: 'x', v: 'old' },
    ]);
  });

  it('deletes by primary key or merge key, whichever is in the package', async () => {
    const destination = await TestDestination.open();
    const columns = {
      id: { data_type: 'bigint', primary_key: true },
      day: { data_type: 'text', merge_key: true },
    } as const;
    await destination.load({
      tables: [
        models(
          [
            { id: 1, day: 'mon' },
            { id: 2, day: 'mon' },
            { id: 3, day: 'tue' },
            { id: 4, day: 'wed' },
          ],
          { columns },
        ),
      ],
    });
    await destination.load({
      tables: [
        models(
          [
            { id: 3, day: 'thu' },
            { id: 9, day: 'mon' },
          ],
          { columns },
        ),
      ],
    });

    expect(await destination.rows('models')).toEqual([
      { id: 3n, day: 'thu' },
      { id: 4n, day: 'wed' },
      { id: 9n, day: 'mon' },
    ]);
  });

  it('keeps all rows with one merge key', async () => {
    const destination = await TestDestination.open();
    const columns = { day: { data_type: 'text', merge_key: true }, n: 'bigint' } as const;
    const day = (...numbers: number[]) =>
      models(
        numbers.map((n) => ({ day: 'mon', n })),
        { columns },
      );
    await destination.load({ tables: [day(1, 2, 3)] });
    await destination.load({ tables: [day(4, 5)] });

    expect(await destination.rows('models', 'n')).toEqual([{ n: 4n }, { n: 5n }]);
  });

  it('deletes rows that the package marks as deleted, and does not insert them', async () => {
    const destination = await TestDestination.open();
    const columns = {
      id: { data_type: 'bigint', primary_key: true },
      gone: { data_type: 'bool', hard_delete: true },
    } as const;
    await destination.load({
      tables: [
        models(
          [
            { id: 1, gone: false },
            { id: 2, gone: null },
            { id: 3, gone: true },
          ],
          { columns },
        ),
        functions([
          { '#parent': 0, value: 'of 1' },
          { '#parent': 2, value: 'of 3' },
        ]),
      ],
    });
    expect(await destination.rows('models', 'id')).toEqual([{ id: 1n }, { id: 2n }]);
    expect(await destination.rows('models__functions')).toEqual([{ value: 'of 1' }]);

    await destination.load({ tables: [models([{ id: 1, gone: true }], { columns })] });
    expect(await destination.rows('models', 'id')).toEqual([{ id: 2n }]);
    expect(await destination.rows('models__functions')).toEqual([]);
  });

  it('takes any value of a hard_delete column that is no flag as deleted', async () => {
    const destination = await TestDestination.open();
    const columns = {
      id: { data_type: 'bigint', primary_key: true },
      deleted_at: { data_type: 'text', hard_delete: true },
    } as const;
    await destination.load({
      tables: [
        models(
          [
            { id: 1, deleted_at: null },
            { id: 2, deleted_at: 'yesterday' },
          ],
          { columns },
        ),
      ],
    });

    expect(await destination.rows('models', 'id')).toEqual([{ id: 1n }]);
  });

  it('refuses rows without their key and leaves the file as it was', async () => {
    const destination = await TestDestination.open();
    await destination.load({ tables: [models([{ id: 'a', name: 'x' }])] });
    const failure = destination.load({
      tables: [
        models([
          { id: 'b', name: 'y' },
          { id: null, name: 'z' },
        ]),
      ],
    });

    await expect(failure).rejects.toThrow(PipelineError);
    await expect(failure).rejects.toMatchObject({
      code: 'KeyMissing',
      exitCode: 7,
      facts: { table: 'models', column: 'id', rows: 1 },
    });
    expect(await destination.rows('models')).toEqual([{ id: 'a', name: 'x' }]);
    expect(await destination.sql('select count(*)::int as n from _dlt_loads')).toEqual([{ n: 1 }]);
  });

  it('believes a resource that says its records have no duplicates', async () => {
    const destination = await TestDestination.open();
    const hints = { ...merge, 'x-stage-data-deduplicated': true };
    await destination.load({ tables: [models([{ id: 'a' }, { id: 'a' }], { hints })] });

    expect(await destination.rows('models', 'id')).toEqual([{ id: 'a' }, { id: 'a' }]);
  });

  it('works beside a unique index that a user put on the key', async () => {
    const destination = await TestDestination.open();
    await destination.load({ tables: [models([{ id: 'a', name: 'old' }])] });
    await destination.sql('create unique index models_id on models (id)');
    await destination.load({ tables: [models([{ id: 'a', name: 'new' }])] });

    expect(await destination.rows('models')).toEqual([{ id: 'a', name: 'new' }]);
    expect(await destination.sql(`select index_name from duckdb_indexes()`)).toEqual([{ index_name: 'models_id' }]);
  });

  it('gives tables that were appended to before their root key, through all levels', async () => {
    const destination = await TestDestination.open();
    const tags = (rows: TestTable['rows'], rootKey: boolean): TestTable => ({
      name: 'models__functions__tags',
      parent: 'models__functions',
      rootKey,
      columns: { value: 'text' },
      rows,
    });
    const appended = models(
      [
        { id: 'a', name: 'x' },
        { id: 'b', name: 'x' },
      ],
      { hints: { write_disposition: 'append' } },
    );
    const pair = [
      { '#parent': 0, value: 'of a' },
      { '#parent': 1, value: 'of b' },
    ];
    await destination.load({
      tables: [
        appended,
        functions(pair, false),
        tags(
          pair.map((row) => ({ ...row, '#root': row['#parent'] })),
          false,
        ),
      ],
    });
    const { changes } = await destination.load({ tables: [models([{ id: 'b', name: 'y' }])] });

    expect(await destination.columns('models__functions__tags')).toContain('_dlt_root_id VARCHAR NOT NULL');
    expect(await destination.rows('models__functions')).toEqual([{ value: 'of a' }]);
    expect(await destination.rows('models__functions__tags')).toEqual([{ value: 'of a' }]);
    expect(await destination.columns('models')).toContain('id VARCHAR NOT NULL');
    expect(changes).toEqual([]);
  });

  it('refuses to merge into nested rows whose root is gone', async () => {
    const destination = await TestDestination.open();
    const appended = { hints: { write_disposition: 'append' } } as const;
    const tags: TestTable = {
      name: 'models__functions__tags',
      parent: 'models__functions',
      columns: { value: 'text' },
      rows: [{ '#parent': 0, value: 't' }],
    };
    await destination.load({
      tables: [models([{ id: 'a' }], appended), functions([{ '#parent': 0, value: 'f' }], false), tags],
    });
    await destination.sql('delete from models__functions');

    await expect(destination.load({ tables: [models([{ id: 'a' }])] })).rejects.toMatchObject({
      code: 'KeyMissing',
      facts: { table: 'models__functions__tags', column: '_dlt_root_id', rows: 1 },
    });
  });
});
