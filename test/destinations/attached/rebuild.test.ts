import { describe, expect, it } from 'vitest';
import { TestDestination, type TestTable } from '../../support/package.ts';

function models(rows: TestTable['rows'], changes: Partial<TestTable> = {}): TestTable {
  return {
    name: 'models',
    hints: { write_disposition: 'append' },
    columns: { id: 'bigint', price: 'bigint' },
    rows,
    ...changes,
  };
}

/** The package's column for what does not fit: it widens `price` where that is possible. */
const withFraction = (id: number) =>
  models([{ id, price__v_double: 0.5 }], {
    columns: { id: 'bigint', price: 'bigint', price__v_double: { data_type: 'double', variant: true } },
  });
const fraction = withFraction(2);
const keyed = models([{ id: 2, price: 2 }], {
  hints: { write_disposition: 'merge' },
  columns: { id: { data_type: 'bigint', primary_key: true }, price: 'bigint' },
});

const dlt = '_dlt_load_id varchar not null, _dlt_id varchar not null';

/** A dataset with tables that a user made, and the row 1 in `models`. */
async function opened(...statements: string[]): Promise<TestDestination> {
  const destination = await TestDestination.open();
  await destination.sql('create schema dezgo_api_data');
  for (const statement of statements) await destination.sql(statement);
  await destination.load({ tables: [models([{ id: 1, price: 1 }])] });
  return destination;
}

const constraints = `select table_name || ': ' || constraint_text as c from duckdb_constraints()
  where database_name = 'target' and constraint_type in ('FOREIGN KEY', 'CHECK') order by 1`;

describe('making a table anew', () => {
  it.each([
    ['for a wider column', fraction],
    ['for a late key', keyed],
  ])('%s keeps its foreign keys', async (_, table) => {
    const destination = await opened(
      'create table kinds (id bigint primary key)',
      'insert into kinds values (7)',
      `create table models (id bigint, price bigint, kind bigint default 7 references kinds (id), ${dlt})`,
    );
    await destination.load({ tables: [table] });

    expect(await destination.rows('models', 'id, kind')).toEqual([
      { id: 1n, kind: 7n },
      { id: 2n, kind: 7n },
    ]);
    await expect(destination.sql('update models set kind = 8')).rejects.toThrow('foreign key');
  });

  it('keeps the tables that point to it, and those that point to them', async () => {
    const destination = await opened(
      `create table models (id bigint primary key, price bigint, ${dlt})`,
      'create table notes (number bigint primary key, model bigint references models (id), check (number > 0))',
      'create table votes (note bigint references notes (number), twice bigint generated always as (note * 2))',
      'create index by_model on notes (model)',
      `comment on column notes.model is 'which'`,
    );
    await destination.sql('insert into notes values (5, 1)');
    await destination.sql('insert into votes (note) values (5)');
    const before = await destination.sql(constraints);
    const { notes } = await destination.load({ tables: [fraction] });

    expect(notes).toEqual([]);
    expect(await destination.columns('models')).toContain('price DOUBLE');
    expect(await destination.rows('notes')).toEqual([{ number: 5n, model: 1n }]);
    expect(await destination.rows('votes')).toEqual([{ note: 5n, twice: 10n }]);
    expect(await destination.sql(constraints)).toEqual(before);
    expect(await destination.sql(`select comment from duckdb_columns() where column_name = 'model'`)).toEqual([
      { comment: 'which' },
    ]);
    expect(await destination.sql('select index_name from duckdb_indexes()')).toEqual([{ index_name: 'by_model' }]);
    await expect(destination.sql('delete from models where id = 1')).rejects.toThrow('still referenced');
    await destination.load({ tables: [models([{ id: 3, price: 3 }])] });
  });

  it('keeps generated columns in their places, and views that show everything', async () => {
    const destination = await opened(
      `create table models (id bigint, twice bigint generated always as (id * 2), price bigint, ${dlt})`,
      'create view seen as select * from models',
      'create view prices as select price + 1 as more from seen',
      `comment on view seen is 'all'`,
    );
    await destination.load({ tables: [fraction] });

    expect(await destination.columns('models')).toEqual([
      'id BIGINT',
      'twice BIGINT',
      'price DOUBLE',
      '_dlt_load_id VARCHAR NOT NULL',
      '_dlt_id VARCHAR NOT NULL',
    ]);
    expect(await destination.sql('select id, twice, price from seen order by id')).toEqual([
      { id: 1n, twice: 2n, price: 1 },
      { id: 2n, twice: 4n, price: 0.5 },
    ]);
    expect(await destination.sql('select more from prices order by more')).toEqual([{ more: 1.5 }, { more: 2 }]);
  });
});

describe('a table that DuckDB does not let be made anew', () => {
  const stays =
    'models.price keeps its type, what does not fit it goes to price__v_double: the table cannot be made anew (';

  it.each([
    [
      'its column is a foreign key',
      [
        'create table prices (price bigint primary key)',
        'insert into prices values (1)',
        `create table models (id bigint, price bigint references prices (price), ${dlt})`,
      ],
    ],
    [
      'another table points to the column',
      [
        `create table models (id bigint, price bigint unique, ${dlt})`,
        'create table notes (price bigint references models (price))',
      ],
    ],
    [
      'a generated column is made of it in a way that needs its type',
      [`create table models (id bigint, price bigint, shifted bigint generated always as (price << 1), ${dlt})`],
    ],
    [
      'its rows point to each other',
      [`create table models (id bigint primary key, price bigint, up bigint references models (id), ${dlt})`],
    ],
  ])('keeps the type of a column, and says so: %s', async (_, statements) => {
    const destination = await opened(...statements);
    const { notes } = await destination.load({ tables: [fraction] });

    expect(notes).toEqual([expect.stringContaining(stays)]);
    expect(await destination.rows('models', 'id, price, price__v_double')).toEqual([
      { id: 1n, price: 1n, price__v_double: null },
      { id: 2n, price: null, price__v_double: 0.5 },
    ]);
    expect((await destination.load({ tables: [withFraction(3)] })).notes).toEqual([]);
  });

  it('leaves a late key nullable, fills what dlt needs, and says so once', async () => {
    const destination = await opened(
      'create table models (id bigint primary key, price bigint, up bigint references models (id))',
    );
    const late = (id: number): TestTable => ({
      ...keyed,
      columns: { ...keyed.columns, price: { data_type: 'bigint', nullable: false } },
      rows: [{ id, price: 2 }],
    });
    const { notes } = await destination.load({ tables: [late(2)] });

    expect(notes).toEqual([expect.stringContaining('models.price may still be null')]);
    expect((await destination.load({ tables: [late(3)] })).notes).toEqual([]);
    expect(await destination.sql('select count(distinct _dlt_id)::int as n from models')).toEqual([{ n: 3 }]);
    expect(await destination.columns('models')).toContain('price BIGINT');
  });
});

describe('a generated column', () => {
  const table = `create table models (id bigint, price bigint, twice bigint generated always as (price * 2), ${dlt})`;

  it.each(['delete-insert', 'upsert', 'insert-only'] as const)('is in nobody’s way with %s', async (strategy) => {
    const destination = await opened(table);
    const merged = { ...keyed, hints: { write_disposition: 'merge', 'x-merge-strategy': strategy } } as const;
    await destination.load({ tables: [merged] });
    await destination.load({ tables: [merged] });

    expect(await destination.rows('models', 'id, twice')).toEqual([
      { id: 1n, twice: 2n },
      { id: 2n, twice: 4n },
    ]);
  });

  it('takes no values of a package from before', async () => {
    const destination = await opened(table);
    const columns = { id: 'bigint', twice: 'bigint' } as const;

    await expect(destination.load({ tables: [models([{ id: 2, twice: 5 }], { columns })] })).rejects.toMatchObject({
      code: 'ContractViolated',
      facts: { table: 'models', column: 'twice' },
    });
  });
});
