import { describe, expect, it } from 'vitest';
import { diffTable } from '../../../../src/destinations/duckdb/snapshots/diff-table.ts';
import { Database } from '../../../../src/duckdb/database.ts';
import { shared } from '../../../support/shared.ts';

const connected = shared(async () => {
  const database = await Database.open({ threads: 1 });
  const connection = await database.connect();
  for (const catalog of ['before', 'after']) {
    await connection.run(`attach ':memory:' as "${catalog}"`);
    await connection.run(`create schema "${catalog}".data`);
  }
  return connection;
});

async function diff(before: string, after: string, primaryKey = ['id']) {
  const connection = await connected();
  const table = async (catalog: string, sql: string) => {
    await connection.run(`create or replace table "${catalog}".data.t as ${sql}`);
    const columns = await connection.rows(
      "select column_name as name, data_type as type from duckdb_columns() where database_name = ? and table_name = 't'",
      [catalog],
    );
    const plain = { nullable: true, defaultValue: null, generated: false, comment: null };
    const each = columns.map(({ name, type }) => ({ ...plain, name: String(name), type: String(type) }));
    return { name: 't', comment: null, columns: new Map(each.map((column) => [column.name.toLowerCase(), column])) };
  };
  const pair = { before: await table('before', before), after: await table('after', after) };
  return diffTable(connection, { dataset: 'data', ...pair, primaryKey, limit: 5 });
}

const amounts = ({ added, removed, changed }: Awaited<ReturnType<typeof diff>>) => [added, removed, changed];

describe('diffTable', () => {
  it.each([
    ["date '2024-01-02'", "timestamptz '2024-01-02 00:00:00+00'"],
    ['1.50::decimal(9, 2)', '1.5::decimal(38, 9)'],
    ['100::bigint', '100.000::decimal(38, 9)'],
    ['7::bigint', '7::double'],
    ['7', "'7'"],
  ])('finds %s the same as %s, into which the column was widened', async (before, after) => {
    expect(amounts(await diff(`select 1 as id, ${before} as v`, `select 1 as id, ${after} as v`))).toEqual([0, 0, 0]);
    expect(amounts(await diff(`select ${before} as v`, `select ${after} as v`, []))).toEqual([0, 0, 0]);
  });

  it('compares numbers that the other type does not hold', async () => {
    const huge = '170141183460469231731687303715884105727::hugeint';
    const found = await diff(`select 1 as id, ${huge} as v`, 'select 1 as id, 1::decimal(38, 9) as v');
    expect(amounts(found)).toEqual([0, 0, 1]);
  });

  it('compares whole rows where keys of one type are the same in the other', async () => {
    const found = await diff(
      'select 9007199254740993 as id union all select 9007199254740992',
      'select 9007199254740992::double as id',
    );
    expect({ key: found.key, amounts: amounts(found) }).toEqual({ key: [], amounts: [0, 1, 0] });
  });

  it.each([['a0'], ['b1'], ['c0'], ['d1'], ['is_there'], ['#there'], ['a'], ['ID']])(
    'shows what changed whatever the key is called: %s',
    async (key) => {
      const rows = (v: string, w: number) => `select '${v}' as v, ${w} as w, 1 as "${key}"`;
      const { sample } = await diff(rows('x', 1), rows('y', 2), [key]);
      expect(sample.changed).toEqual([{ key: { [key]: 1 }, before: { v: 'x', w: 1 }, after: { v: 'y', w: 2 } }]);
    },
  );

  it('names a column of which only the end of long values changed', async () => {
    const rows = (end: string) => `select 1 as id, repeat('x', 5000) || '${end}' as v, 1 as same`;
    const [changed] = (await diff(rows('a'), rows('b'))).sample.changed;
    expect(Object.keys(changed?.after ?? {})).toEqual(['v']);
  });
});
