import { describe, expect, test } from 'vitest';
import { databricksDialect as dialect } from '../../../src/destinations/warehouse/databricks/databricks-dialect.ts';
import { databricksError, statementError } from '../../../src/destinations/warehouse/databricks/databricks-errors.ts';
import { withValues } from '../../../src/destinations/warehouse/databricks/databricks-names.ts';
import { fragment } from '../../../src/load/staging/sql-fragment.ts';
import type { ColumnSchema } from '../../../src/schema/table-schema.ts';

type Hints = Omit<ColumnSchema, 'name'>;
const oneLine = (sql: string) => sql.replaceAll(/\s+/g, ' ');

describe('the Databricks dialect', () => {
  test.each<[Hints, string, string]>([
    [{ data_type: 'text', precision: 64 }, 'string', 'VARCHAR'],
    [{ data_type: 'bigint' }, 'bigint', 'BIGINT'],
    [{ data_type: 'bigint', precision: 32 }, 'int', 'INTEGER'],
    [{ data_type: 'bigint', precision: 128 }, 'decimal(38,0)', 'DECIMAL(38,0)'],
    [{ data_type: 'double' }, 'double', 'DOUBLE'],
    [{ data_type: 'timestamp' }, 'timestamp', 'TIMESTAMP WITH TIME ZONE'],
    [{ data_type: 'timestamp', timezone: false }, 'timestamp_ntz', 'TIMESTAMP'],
    [{ data_type: 'time' }, 'string', 'VARCHAR'],
    [{ data_type: 'json' }, 'string', 'VARCHAR'],
    [{ data_type: 'decimal' }, 'decimal(38,9)', 'DECIMAL(38,9)'],
    [{ data_type: 'wei' }, 'decimal(38,0)', 'DECIMAL(38,0)'],
    [{ data_type: 'binary' }, 'binary', 'BLOB'],
  ])('makes %j a column as dlt does', (hints, native, type) => {
    expect(dialect.typeOf({ name: 'c', ...hints })).toBe(native);
    expect(dialect.duckdbTypeOf(native)).toBe(type);
  });

  test('no statement but a merge asks another table what to delete or set', () => {
    const ids = fragment('select `_dlt_id` as `id` from x where y = ?', 'v');
    expect(oneLine(dialect.deleteIn('`d`.`t`', '_dlt_id', ids).sql)).toBe(
      'merge into `d`.`t` as t using (select distinct id from (select `_dlt_id` as `id` from x where y = ?) as i) as i on t.`_dlt_id` = i.id when matched then delete',
    );
    const set = { column: 'to', value: fragment('cast(? as timestamp)', '2026') };
    const merged = dialect.setIn('`d`.`t`', set, { column: '_dlt_id', ids, and: fragment('`to` = ?', 'w') });
    expect(merged.values).toEqual(['v', 'w', '2026']);
    expect(oneLine(merged.sql)).toMatch(
      /^merge into `d`\.`t` using .* when matched and `to` = \? then update set `to` = cast\(\? as timestamp\)$/,
    );
  });

  test('a column of local times is added to a table that has learnt them', () => {
    const columns = [{ name: 'at', type: 'timestamp_ntz', required: false }];
    expect(dialect.addColumns('`d`.`t`', columns)).toEqual([
      "alter table `d`.`t` set tblproperties ('delta.feature.timestampNtz' = 'supported')",
      'alter table `d`.`t` add columns (`at` timestamp_ntz)',
    ]);
    expect(dialect.addColumns('`d`.`t`', [{ name: 'n', type: 'int', required: false }])).toHaveLength(1);
  });

  test('comments come with a table, and nothing in them ends a text', () => {
    const columns = [{ name: 'A`b', type: 'bigint', required: true }];
    const comments = { table: "it's", columns: new Map([['A`b', 'a\\b']]) };
    expect(dialect.createTable(dialect.relation('D', 't'), columns, comments)).toBe(
      "create table if not exists `d`.`t` (`a``b` bigint not null comment 'a\\\\b') using delta comment 'it\\'s'",
    );
  });

  test('an integer that no column holds fails in DuckDB, before anything is sent', () => {
    const wide = dialect.carrier({ type: 'HUGEINT', native: 'decimal(38,0)' });
    expect([wide.type, wide.write('n'), wide.read('s.n')]).toEqual([
      'decimal(38,0)',
      'cast(n as DECIMAL(38,0))',
      's.n',
    ]);
  });

  test('values are literals that stay texts whatever is in them', () => {
    const sql = "select ? as `a?`, '?', ?, ?, ?, ?";
    expect(withValues(fragment(sql, "x' or \\'\u00001", null, 3n, 0.5, true))).toBe(
      "select 'x\\' or \\\\\\'\\u00001' as `a?`, '?', null, 3, 0.5D, true",
    );
  });
});

test.each([
  ['[DELTA_CONCURRENT_APPEND.ROW_LEVEL] Files were added.', 'DestinationLocked'],
  ['[INSUFFICIENT_PERMISSIONS] Insufficient privileges.', 'DestinationFailed'],
  ['[CAST_OVERFLOW] The value cannot be cast.', 'ContractViolated'],
  ['connect ECONNREFUSED 127.0.0.1:9', 'DestinationFailed'],
  ['Unauthorized/Forbidden: status code 403', 'ConfigInvalid'],
])('%s is %s', (message, code) => {
  expect(databricksError(new Error(message), 'databricks://host/c')).toMatchObject({ code });
});

test.each([
  [
    'in the answer of the server',
    Object.assign(new Error('The operation failed'), {
      response: { displayMessage: null, errorMessage: '[CATALOG_NOT_FOUND] The catalog `x` not found' },
    }),
  ],
  [
    'by something that is no error',
    { name: 'Status Error', message: '[CATALOG_NOT_FOUND] The catalog `x` not found', code: -1 },
  ],
])('what is said %s is told', (_, thrown) => {
  expect(databricksError(thrown, 'databricks://host/c')).toMatchObject({
    exitCode: 2,
    message: 'databricks://host/c has no such catalog: The catalog `x` not found.',
  });
  expect(statementError(thrown, 'databricks://host/c')).toMatchObject({ about: 'statement' });
});

test('what is said has no class of Java before it', () => {
  const said =
    'Error running query: [DELTA_VIOLATE] org.X: [DELTA_VIOLATE] CHECK constraint small violated by row with values:\n - n : 1';
  expect(databricksError(new Error(said), 'databricks://host/c')).toMatchObject({
    exitCode: 7,
    message: 'databricks://host/c refused a row: CHECK constraint small violated by row with values.',
  });
});

test('a table that is not there is told by its name', () => {
  const said =
    'Error running query: [TABLE_OR_VIEW_NOT_FOUND] org.X: [TABLE_OR_VIEW_NOT_FOUND] The table or view `nope` cannot be found. Verify\nat org';
  expect(statementError(new Error(said), 'databricks://host/c')).toMatchObject({ about: 'statement', missing: 'nope' });
});
