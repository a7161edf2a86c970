import { describe, expect, it } from 'vitest';
import { TestDestination, type TestTable } from '../../support/package.ts';

type Columns = TestTable['columns'];
type Rows = TestTable['rows'];

function prices(columns: Columns, rows: Rows, changes: Partial<TestTable> = {}): TestTable {
  return { name: 'prices', columns, rows, ...changes };
}

const integers = { x: 'bigint' } as const;
const withDoubles = { x: 'bigint', x__v_double: { data_type: 'double', variant: true } } as const;
const withHuge = { x: 'bigint', x__v_bigint: { data_type: 'bigint', precision: 128, variant: true } } as const;
const storedColumn = `select json_extract(schema, '$.tables.prices.columns.x') as x,
  json_exists(schema, '$.tables.prices.columns.x__v_double') as variant from _dlt_version order by version desc limit 1`;

describe('a column of integers that meets a fraction', () => {
  it('is made double in a new table', async () => {
    const destination = await TestDestination.open();
    await destination.load({ tables: [prices(withDoubles, [{ x: 1 }, { x__v_double: 0.5 }, { x: 2 ** 53 }])] });

    expect(await destination.columns('prices')).toEqual([
      'x DOUBLE',
      '_dlt_load_id VARCHAR NOT NULL',
      '_dlt_id VARCHAR NOT NULL',
    ]);
    expect(await destination.rows('prices')).toEqual([{ x: 0.5 }, { x: 1 }, { x: 2 ** 53 }]);
    expect(await destination.sql(storedColumn)).toEqual([
      { x: '{"name":"x","nullable":true,"data_type":"double"}', variant: false },
    ]);
  });

  it('widens in a table that is there, and the change is told with the value that caused it', async () => {
    const destination = await TestDestination.open();
    await destination.load({ tables: [prices(integers, [{ x: 1 }])] });
    const { changes, tables } = await destination.load({
      tables: [prices(withDoubles, [{ x__v_double: 0.5 }], { firstValues: { x__v_double: '0.5' } })],
    });

    expect(await destination.rows('prices')).toEqual([{ x: 0.5 }, { x: 1 }]);
    expect(changes).toEqual([
      {
        table: 'prices',
        column: 'x',
        change: 'column_widened',
        oldType: 'BIGINT',
        newType: 'DOUBLE',
        firstValue: '0.5',
      },
    ]);
    expect(tables).toMatchObject([{ name: 'prices', rows: 1, newColumns: [] }]);
    expect(await destination.sql(storedColumn)).toEqual([
      { x: '{"name":"x","nullable":true,"data_type":"double"}', variant: false },
    ]);
  });

  it.each([
    ['the destination', [{ x: 2n ** 53n + 1n }], [{ x__v_double: 0.5 }]],
    ['the package', [{ x: 1 }], [{ x: -(2n ** 53n) - 1n }, { x__v_double: 0.5 }]],
  ])('gets a variant column when %s holds an integer that a double would round', async (_, first, second) => {
    const destination = await TestDestination.open();
    await destination.load({ tables: [prices(integers, first)] });
    await destination.load({ tables: [prices(withDoubles, second)] });

    expect(await destination.rows('prices')).toEqual(
      expect.arrayContaining([
        ...first.map(({ x }) => ({ x: BigInt(x), x__v_double: null })),
        { x: null, x__v_double: 0.5 },
      ]),
    );
    expect(await destination.columns('prices')).toEqual([
      'x BIGINT',
      '_dlt_load_id VARCHAR NOT NULL',
      '_dlt_id VARCHAR NOT NULL',
      'x__v_double DOUBLE',
    ]);
  });

  it('keeps a variant column that is in the file already', async () => {
    const destination = await TestDestination.open();
    await destination.load({ tables: [prices(withDoubles, [{ x: 2n ** 60n }, { x__v_double: 0.5 }])] });
    await destination.sql('delete from prices');
    await destination.load({ tables: [prices(withDoubles, [{ x: 1 }, { x__v_double: 1.5 }])] });

    expect(await destination.rows('prices')).toEqual([
      { x: 1n, x__v_double: null },
      { x: null, x__v_double: 1.5 },
    ]);
  });

  it('widens key columns before keys are compared', async () => {
    const destination = await TestDestination.open();
    const keyed = {
      x: { data_type: 'bigint', primary_key: true },
      x__v_double: { data_type: 'double', variant: true },
    } as const;
    const merge = { hints: { write_disposition: 'merge' } } as const;
    await destination.load({ tables: [prices({ x: keyed.x }, [{ x: 1 }, { x: 2 }], merge)] });
    await destination.load({ tables: [prices(keyed, [{ x: 1 }, { x__v_double: 0.5 }], merge)] });

    expect(await destination.rows('prices')).toEqual([{ x: 0.5 }, { x: 1 }, { x: 2 }]);
  });
});

describe('a column of integers that meets one beyond 64 bits', () => {
  it('widens to HUGEINT', async () => {
    const destination = await TestDestination.open();
    await destination.load({ tables: [prices(integers, [{ x: 7 }])] });
    const huge = 2n ** 100n;
    await destination.load({ tables: [prices(withHuge, [{ x: 8 }, { x__v_bigint: String(huge) }])] });

    expect(await destination.rows('prices')).toEqual([{ x: 7n }, { x: 8n }, { x: huge }]);
    expect(await destination.sql(storedColumn)).toMatchObject([
      { x: '{"name":"x","nullable":true,"data_type":"bigint","precision":128}' },
    ]);
  });

  it('takes values as text from then on', async () => {
    const destination = await TestDestination.open();
    const column = { x: { data_type: 'bigint', precision: 128 } } as const;
    await destination.load({ tables: [prices(column, [{ x: '170141183460469231731687303715884105727' }])] });

    expect(await destination.rows('prices')).toEqual([{ x: 2n ** 127n - 1n }]);
  });
});

describe('new columns', () => {
  it('come last, with null in older rows, and are told', async () => {
    const destination = await TestDestination.open();
    await destination.load({ tables: [prices({ a: 'text' }, [{ a: '1' }])] });
    const { changes, tables } = await destination.load({
      tables: [prices({ a: 'text', b: 'json' }, [{ a: '2', b: '{"k":[1]}' }], { firstValues: { b: '{"k":[1]}' } })],
    });

    expect(await destination.rows('prices')).toEqual([
      { a: '1', b: null },
      { a: '2', b: '{"k":[1]}' },
    ]);
    expect((await destination.columns('prices')).at(-1)).toBe('b JSON');
    expect(changes).toEqual([
      { table: 'prices', column: 'b', change: 'column_added', oldType: null, newType: 'JSON', firstValue: '{"k":[1]}' },
    ]);
    expect(tables).toMatchObject([{ name: 'prices', rows: 1, newColumns: ['b'] }]);
  });

  it('are not made while they have no type, and made without a value when a hint gives one', async () => {
    const destination = await TestDestination.open();
    await destination.load({ tables: [prices({ a: 'text', untyped: {}, hinted: 'date' }, [{ a: '1' }])] });

    expect(await destination.columns('prices')).toEqual([
      'a VARCHAR',
      'hinted DATE',
      '_dlt_load_id VARCHAR NOT NULL',
      '_dlt_id VARCHAR NOT NULL',
    ]);
  });

  it('leave views that select from the table working', async () => {
    const destination = await TestDestination.open();
    await destination.load({ tables: [prices(integers, [{ x: 1 }])] });
    await destination.sql('create view doubled as select 2 * x as y from prices');
    await destination.load({ tables: [prices({ ...withDoubles, b: 'text' }, [{ x__v_double: 0.5, b: 'new' }])] });

    expect(await destination.sql('select y from doubled order by y')).toEqual([{ y: 1 }, { y: 2 }]);
  });
});

describe('what somebody changed by hand', () => {
  it('is made again: a dropped table, a dropped column', async () => {
    const destination = await TestDestination.open();
    const child: TestTable = {
      name: 'prices__l',
      parent: 'prices',
      columns: { value: 'text' },
      rows: [{ '#parent': 0, value: 'v' }],
    };
    await destination.load({ tables: [prices({ a: 'text', b: 'text' }, [{ a: '1', b: '1' }]), child] });
    await destination.sql('alter table prices drop column b');
    await destination.sql('drop table prices__l');
    await destination.load({ tables: [prices({ a: 'text', b: 'text' }, [{ a: '2' }])] });

    expect(await destination.rows('prices')).toEqual([
      { a: '1', b: null },
      { a: '2', b: null },
    ]);
    expect(await destination.rows('prices__l')).toEqual([]);
  });

  it('stays: columns of their own, other types, comments', async () => {
    const destination = await TestDestination.open();
    await destination.load({ tables: [prices({ a: 'bigint' }, [{ a: 1 }])] });
    await destination.sql("alter table prices add column note varchar default 'none'");
    await destination.sql('alter table prices alter a type varchar');
    await destination.sql(`comment on table prices is 'by hand'`);
    await destination.load({ tables: [prices({ a: 'bigint' }, [{ a: 2 }])] });

    expect(await destination.rows('prices')).toEqual([
      { a: '1', note: 'none' },
      { a: '2', note: 'none' },
    ]);
    expect(
      await destination.sql(
        `select comment from duckdb_tables() where table_name = 'prices' and database_name = 'target'`,
      ),
    ).toEqual([{ comment: 'by hand' }]);
  });

  it('never rounds: a double for a column of integers widens it, or is refused', async () => {
    const destination = await TestDestination.open();
    const doubles = { x: 'double' } as const;
    await destination.load({ tables: [prices(doubles, [{ x: 1.5 }])] });
    await destination.sql('alter table prices alter x type bigint');
    await destination.load({ tables: [prices(doubles, [{ x: 0.5 }])] });
    expect(await destination.rows('prices')).toEqual([{ x: 0.5 }, { x: 2 }]);

    await destination.sql('alter table prices alter x type bigint');
    await destination.sql('update prices set x = 9007199254740993');
    await expect(destination.load({ tables: [prices(doubles, [{ x: 0.25 }])] })).rejects.toMatchObject({
      code: 'ContractViolated',
      facts: { table: 'prices', column: 'x' },
    });
  });
});

describe('descriptions', () => {
  it('become comments on tables and columns, quotes and all', async () => {
    const destination = await TestDestination.open();
    const described = prices({ a: { data_type: 'text', description: `the "a" of 'prices'` } }, [{ a: '1' }], {
      hints: { description: `what it's worth` },
    });
    await destination.load({ tables: [described] });

    expect(
      await destination.sql(`select t.comment as "table", c.comment as "column" from duckdb_tables() t join duckdb_columns() c using (table_oid, database_name)
        where t.table_name = 'prices' and c.column_name = 'a' and database_name = 'target'`),
    ).toEqual([{ table: `what it's worth`, column: `the "a" of 'prices'` }]);
  });
});
