import { describe, expect, it } from 'vitest';
import { TestDestination, type TestPackage, type TestTable } from '../../support/package.ts';

const replace = { write_disposition: 'replace' } as const;

function pages(ids: readonly number[]): TestTable {
  return { name: 'pages', hints: replace, columns: { id: 'bigint' }, rows: ids.map((id) => ({ id })) };
}

const words: TestTable = {
  name: 'pages__words',
  parent: 'pages',
  columns: { value: 'text' },
  rows: [{ '#parent': 0, value: 'hello' }],
};

async function afterSecondLoad(second: TestPackage) {
  const destination = await TestDestination.open();
  await destination.load({ tables: [pages([1, 2]), words] });
  await destination.load(second);
  return { pages: await destination.rows('pages'), words: await destination.rows('pages__words') };
}

describe('replace', () => {
  it('leaves only the rows of the last load', async () => {
    expect(await afterSecondLoad({ tables: [pages([3]), words] })).toEqual({
      pages: [{ id: 3n }],
      words: [{ value: 'hello' }],
    });
  });

  it('empties nested tables that have no rows now', async () => {
    expect(await afterSecondLoad({ tables: [pages([3])] })).toEqual({ pages: [{ id: 3n }], words: [] });
  });

  it('empties every table of a resource that is done and has no rows', async () => {
    expect(await afterSecondLoad({ tables: [pages([])] })).toEqual({ pages: [], words: [] });
    expect(await afterSecondLoad({ tables: [], resources: { pages: 'done' } })).toEqual({ pages: [], words: [] });
  });

  it.each(['skipped', 'ignored', 'failed'] as const)('leaves the tables of a resource that was %s', async (status) => {
    expect(await afterSecondLoad({ tables: [pages([])], resources: { pages: status } })).toEqual({
      pages: [{ id: 1n }, { id: 2n }],
      words: [{ value: 'hello' }],
    });
  });

  it('loads nothing of a failed resource, and leaves it out of the schema document', async () => {
    const destination = await TestDestination.open();
    const { tables } = await destination.load({ tables: [pages([1])], resources: { pages: 'failed' } });

    expect(tables).toEqual([]);
    expect(await destination.sql(`select 1 from duckdb_tables() where table_name = 'pages'`)).toEqual([]);
    expect(await destination.sql(`select json_exists(schema, '$.tables.pages') as known from _dlt_version`)).toEqual([
      { known: false },
    ]);
  });

  it('keeps comments and indexes of the table', async () => {
    const destination = await TestDestination.open();
    await destination.load({ tables: [pages([1])] });
    await destination.sql('create index pages_id on pages (id)');
    await destination.sql(`comment on column pages.id is 'by hand'`);
    await destination.load({ tables: [pages([2])] });

    expect(await destination.sql('select index_name from duckdb_indexes()')).toEqual([{ index_name: 'pages_id' }]);
    expect(
      await destination.sql(
        `select comment from duckdb_columns() where table_name = 'pages' and column_name = 'id' and database_name = 'target'`,
      ),
    ).toEqual([{ comment: 'by hand' }]);
  });
});

describe('skip', () => {
  it('makes no table', async () => {
    const destination = await TestDestination.open();
    const { tables } = await destination.load({ tables: [{ ...pages([1]), hints: { write_disposition: 'skip' } }] });

    expect(tables).toEqual([]);
    expect(
      await destination.sql(`select 1 from duckdb_tables() where table_name = 'pages' and database_name = 'target'`),
    ).toEqual([]);
  });
});
