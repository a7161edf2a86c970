import { describe, expect, test } from 'vitest';
import { Database } from '../../src/duckdb/database.ts';
import { queryFailed, requireOneSelect } from '../../src/run/one-select.ts';
import { shared, whenDone } from '../support/shared.ts';

const connection = shared(async () => {
  const database = await Database.open();
  whenDone(() => database.close());
  return database.connect();
});

const check = async (sql: string) => requireOneSelect(await connection(), sql);

describe('one select', () => {
  test.each([
    'select id from nowhere;',
    '-- why\nfrom t',
    'with x as (select 1) select * from x',
    "values ('a')",
    'table t;;',
  ])('%s', async (sql) => {
    await expect(check(sql)).resolves.toBeUndefined();
  });

  test.each([
    "copy (select 1) to 'out.csv'",
    "export database 'out'",
    "attach 'other.duckdb'",
    'set global threads = 1',
    'pragma database_list',
    'call pragma_version()',
    'insert into jobs values (1)',
    'create table t as select 1',
    'select 1; set threads = 1',
    'install httpfs',
    "execute plan('x')",
  ])('is not: %s', async (sql) => {
    await expect(check(sql)).rejects.toMatchObject({
      code: 'ConfigInvalid',
      message: expect.stringMatching(/is no `select`$/),
    });
  });

  test.each([
    ['select 1; select 2', /holds 2 statements$/],
    ['-- nothing', /holds 0 statements$/],
    ['select 1e400', /cannot be read: it holds a number that is too large$/],
    ['select from where', /cannot be read: syntax error at or near "where"$/],
    ['with x as (insert into jobs values (1) returning id) from x', /cannot be read: A CTE needs a SELECT$/],
  ])('is not: %s, and the message says why', async (sql, message) => {
    await expect(check(sql)).rejects.toMatchObject({ exitCode: 2, message: expect.stringMatching(message) });
  });
});

test('a query that runs out of memory is told so', () => {
  const thrown = new Error('Out of Memory Error: failed to allocate data of size 1.0 MiB (476.2 MiB/476.8 MiB used)');
  expect(queryFailed('select 1', thrown)).toMatchObject({
    code: 'ConfigInvalid',
    message: 'The query `select 1` for parameter values needs too much memory',
  });
});
