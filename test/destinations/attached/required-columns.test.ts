import { describe, expect, it } from 'vitest';
import { TestDestination, type TestTable } from '../../support/package.ts';

const append = { write_disposition: 'append' } as const;
const merge = { write_disposition: 'merge' } as const;

function models(rows: TestTable['rows'], changes: Partial<TestTable> = {}): TestTable {
  return { name: 'models', hints: append, columns: { id: 'bigint', name: 'text' }, rows, ...changes };
}

const keyed = { hints: merge, columns: { id: { data_type: 'bigint', primary_key: true }, name: 'text' } } as const;

describe('a key that comes late', () => {
  it('makes its column NOT NULL and keeps rows, defaults, comments, constraints, indexes and views', async () => {
    const destination = await TestDestination.open();
    const described = { id: { data_type: 'bigint', description: 'the key' }, name: 'text' } as const;
    await destination.load({ tables: [models([{ id: 1, name: 'x' }], { columns: described })] });
    await destination.sql(`alter table models alter name set default 'unnamed'`);
    await destination.sql(`comment on column models.name is 'by hand'`);
    await destination.sql('create unique index models_id on models (id)');
    await destination.sql('create view names as select name from models');
    const { changes } = await destination.load({ tables: [models([{ id: 2, name: 'y' }], keyed)] });

    expect(await destination.rows('models')).toEqual([
      { id: 1n, name: 'x' },
      { id: 2n, name: 'y' },
    ]);
    expect(await destination.columns('models')).toEqual([
      'id BIGINT NOT NULL',
      'name VARCHAR',
      '_dlt_load_id VARCHAR NOT NULL',
      '_dlt_id VARCHAR NOT NULL',
    ]);
    expect(
      await destination.sql(
        `select column_name as name, column_default as "default", comment from duckdb_columns()
         where database_name = 'target' and table_name = 'models' and not starts_with(column_name, '_dlt_') and (comment is not null or column_default is not null)`,
      ),
    ).toEqual([
      { name: 'id', default: null, comment: 'the key' },
      { name: 'name', default: `'unnamed'`, comment: 'by hand' },
    ]);
    expect(await destination.sql('select index_name, is_unique from duckdb_indexes()')).toEqual([
      { index_name: 'models_id', is_unique: true },
    ]);
    expect(await destination.sql('select name from names order by 1')).toEqual([{ name: 'x' }, { name: 'y' }]);
    expect(changes).toEqual([
      {
        table: 'models',
        column: 'id',
        change: 'column_required',
        oldType: 'BIGINT',
        newType: 'BIGINT',
        firstValue: null,
      },
    ]);
  });

  it.each([
    ['as it is', 'bigint', 2],
    ['while a column changes', 'double', 0.5],
  ] as const)('refuses a value that a unique index has already, in a table %s', async (_, type, price) => {
    const destination = await TestDestination.open();
    const columns = { id: 'bigint', price: 'bigint' } as const;
    await destination.load({ tables: [models([{ id: 1, price: 1 }], { columns })] });
    await destination.sql('create unique index models_id on models (id)');
    const changed = models([{ id: 1, price }], { columns: { id: 'bigint', price: type } });
    await expect(destination.load({ tables: [changed] })).rejects.toMatchObject({
      code: 'ContractViolated',
    });
    expect(await destination.rows('models', 'id')).toEqual([{ id: 1n }]);
  });

  it('keeps primary key, unique and check constraints that a user put on the table', async () => {
    const destination = await TestDestination.open();
    await destination.sql(`create schema dezgo_api_data`);
    await destination.sql(
      `create table models (id bigint, name varchar unique, check (id > 0), _dlt_load_id varchar not null, _dlt_id varchar not null)`,
    );
    await destination.load({ tables: [models([{ id: 1, name: 'x' }], keyed)] });

    await expect(destination.sql(`insert into models values (2, 'x', 'l', 'i')`)).rejects.toThrow('Duplicate key');
    await expect(destination.sql(`insert into models values (-2, 'y', 'l', 'i')`)).rejects.toThrow('CHECK constraint');
    await expect(destination.sql(`insert into models values (null, 'z', 'l', 'i')`)).rejects.toThrow('NOT NULL');
  });

  it('keeps defaults that use something else of the dataset, and the case of the table’s name', async () => {
    const destination = await TestDestination.open();
    await destination.sql('create schema dezgo_api_data');
    await destination.sql('create sequence numbers start 7');
    await destination.sql(`create table Models (id bigint, number bigint default nextval('numbers'))`);
    await destination.sql('create index models_number on Models (number)');
    await destination.load({ tables: [models([{ id: 1 }], keyed)] });

    expect(await destination.rows('models', 'id, number')).toEqual([{ id: 1n, number: 7n }]);
    expect(await destination.sql('select table_name, index_name from duckdb_indexes()')).toEqual([
      { table_name: 'Models', index_name: 'models_number' },
    ]);
  });

  it('is refused when an old row has no value in it, and nothing changes', async () => {
    const destination = await TestDestination.open();
    await destination.load({
      tables: [
        models([
          { id: 1, name: 'x' },
          { id: null, name: 'y' },
        ]),
      ],
    });
    const failure = destination.load({ tables: [models([{ id: 2, name: 'z' }], keyed)] });

    await expect(failure).rejects.toMatchObject({
      code: 'KeyMissing',
      exitCode: 7,
      facts: { table: 'models', column: 'id', rows: 1 },
    });
    expect(await destination.columns('models')).toContain('id BIGINT');
    expect(await destination.rows('models', 'name')).toEqual([{ name: 'x' }, { name: 'y' }]);
  });

  it('is refused for a new column when there are rows already', async () => {
    const destination = await TestDestination.open();
    await destination.load({ tables: [models([{ id: 1, name: 'x' }])] });
    const columns = { id: 'bigint', name: 'text', code: { data_type: 'text', nullable: false } } as const;

    await expect(
      destination.load({ tables: [models([{ id: 2, name: 'y', code: 'c' }], { columns })] }),
    ).rejects.toMatchObject({
      code: 'ContractViolated',
      facts: { table: 'models', column: 'code', rows: 1 },
    });
  });

  it('lets a new required column into a table without rows', async () => {
    const destination = await TestDestination.open();
    await destination.load({ tables: [models([{ id: 1, name: 'x' }])] });
    await destination.sql('delete from models');
    const columns = { id: 'bigint', name: 'text', code: { data_type: 'text', nullable: false } } as const;
    await destination.load({ tables: [models([{ id: 2, name: 'y', code: 'c' }], { columns })] });

    expect(await destination.rows('models')).toEqual([{ id: 2n, name: 'y', code: 'c' }]);
    expect((await destination.columns('models')).at(-1)).toBe('code VARCHAR NOT NULL');
  });
});

describe('a table that a user made', () => {
  it('is taken over: its rows get ids, its columns stay, types of its own are left alone', async () => {
    const destination = await TestDestination.open();
    await destination.sql('create schema dezgo_api_data');
    await destination.sql(`create table models as select 1::bigint as ID, 'x' as name, [1, 2] as list`);
    await destination.load({
      tables: [
        models(
          [
            { id: 1, name: 'y' },
            { id: 2, name: 'z' },
          ],
          keyed,
        ),
      ],
    });

    expect(await destination.rows('models', 'id, name, list')).toEqual([
      { ID: 1n, name: 'y', list: null },
      { ID: 2n, name: 'z', list: null },
    ]);
    expect(await destination.columns('models')).toEqual([
      'ID BIGINT NOT NULL',
      'name VARCHAR',
      'list INTEGER[]',
      '_dlt_load_id VARCHAR NOT NULL',
      '_dlt_id VARCHAR NOT NULL',
    ]);
  });
});

describe('a required column without a value in the package', () => {
  it('is refused as a broken contract', async () => {
    const destination = await TestDestination.open();
    const columns = { id: 'bigint', name: { data_type: 'text', nullable: false } } as const;
    const failure = destination.load({
      tables: [
        models(
          [
            { id: 1, name: 'x' },
            { id: 2, name: null },
          ],
          { columns },
        ),
      ],
    });

    await expect(failure).rejects.toMatchObject({ code: 'ContractViolated', facts: { table: 'models' } });
    await expect(failure).rejects.toThrow('NOT NULL constraint failed: models.name');
  });
});
