import { describe, expect, test } from 'vitest';
import { requireReading } from '../../../src/destinations/warehouse/snowflake/snowflake-asker.ts';
import { snowflakeDialect } from '../../../src/destinations/warehouse/snowflake/snowflake-dialect.ts';
import { snowflakeError, statementError } from '../../../src/destinations/warehouse/snowflake/snowflake-errors.ts';
import { SnowflakeSession } from '../../../src/destinations/warehouse/snowflake/snowflake-session.ts';
import { SnowflakeTransport } from '../../../src/destinations/warehouse/snowflake/snowflake-transport.ts';
import { StatementFailed } from '../../../src/load/asker.ts';
import { bookLayout } from '../../../src/load/book-layout.ts';
import { dataTypeOf, duckdbType } from '../../../src/schema/duckdb-type.ts';
import { LOADS_TABLE } from '../../../src/schema/names.ts';
import type { ColumnSchema } from '../../../src/schema/table-schema.ts';
import { type Loader, TestDestination } from '../../support/package.ts';
import { answering, type Said } from '../../support/snowflake-connection.ts';
import { tempFolder } from '../../support/temp-folder.ts';
import { loaderInto, orders } from '../../support/warehouse-loader.ts';

const location = 'snowflake://account/db';

/** Loads into an account that is empty, takes every file and notes what it is sent; `said` answers otherwise. */
function loaderNoting(sent: string[], said: Said = () => undefined): Loader {
  return loaderInto(async (dataset) => {
    const folder = await tempFolder();
    const connect = async () => {
      const session = new SnowflakeSession({ connection: answering(sent, said), location, limit: 60_000 });
      return new SnowflakeTransport({ session, folder, dataset });
    };
    return { connect, dialect: snowflakeDialect, wait: 90_000 };
  });
}

test('tables, views and staged rows come before the transaction, and the load is the last row in it', async () => {
  const sent: string[] = [];
  const destination = await TestDestination.open(loaderNoting(sent));
  await destination.load({ tables: [orders] });

  expect(sent.filter((sql) => sql === 'begin')).toHaveLength(1);
  const begin = sent.indexOf('begin');
  expect(sent.slice(begin).filter((sql) => /^(create|alter|drop|comment|truncate|put|copy|use)/.test(sql))).toEqual([]);
  expect(sent.slice(0, begin).filter((sql) => /^(insert|update|delete|merge)/.test(sql))).toEqual([]);
  expect(sent.slice(-2)).toEqual([expect.stringMatching(/^insert into "[A-Z_]+"."_DLT_LOADS" /), 'commit']);
  expect(sent.filter((sql) => /"ORDERS"|STAGE|FILES|NEWEST/.test(sql))).toMatchInlineSnapshot(`
    [
      "create table if not exists "DEZGO_API_DATA"."ORDERS" ("ID" NUMBER(19,0) not null, "RAW" VARIANT, "AT" TIME, "HUGE" NUMBER(38,0), "BYTES" BINARY, "_DLT_LOAD_ID" VARCHAR not null, "_DLT_ID" VARCHAR not null)",
      "alter table "DEZGO_API_DATA"."ORDERS" modify column "_DLT_LOAD_ID" comment 'Load that wrote the row: load_id of _dlt_loads', column "_DLT_ID" comment 'Unique id of the row'",
      "create or replace temporary table "DEZGO_API_DATA"."ELT_STAGE_1_ROWS" ("ID" NUMBER(19,0), "RAW" VARCHAR, "_DLT_LOAD_ID" VARCHAR, "_DLT_ID" VARCHAR)",
      "create or replace temporary stage "DEZGO_API_DATA"."ELT_FILES_1_ROWS"",
      "put 'file://…/1_rows.parquet' @"DEZGO_API_DATA"."ELT_FILES_1_ROWS" auto_compress = false",
      "copy into "DEZGO_API_DATA"."ELT_STAGE_1_ROWS" from @"DEZGO_API_DATA"."ELT_FILES_1_ROWS" file_format = (type = parquet use_logical_type = true binary_as_text = false) match_by_column_name = case_insensitive",
      "create or replace view "DEZGO_API_DATA"."NEWEST" comment = 'Made by dezgo-elt from pipeline.views, 8d74d53d' as select * from orders",
      "insert into "DEZGO_API_DATA"."ORDERS" ("ID", "RAW", "_DLT_LOAD_ID", "_DLT_ID") select s."ID", parse_json(s."RAW", 'd'), s."_DLT_LOAD_ID", s."_DLT_ID" from "DEZGO_API_DATA"."ELT_STAGE_1_ROWS" as s",
    ]
  `);
});

test.each<[string, Said, string]>([
  [
    'a file',
    (sql) => (sql.startsWith('put ') ? [{ status: 'ERROR', message: 'no space left' }] : undefined),
    'no space left',
  ],
  ['a row of it', (sql) => (sql.startsWith('copy ') ? [{ rows_loaded: '0' }] : undefined), '0 of 1 rows are there'],
])('%s that is not taken is a failure, although the driver says nothing', async (_, said, why) => {
  const sent: string[] = [];
  const destination = await TestDestination.open(loaderNoting(sent, said));
  await expect(destination.load({ tables: [orders] })).rejects.toMatchObject({
    exitCode: 6,
    message: expect.stringContaining(`snowflake://account/db did not take a file of the load: ${why}.`),
  });
  expect(sent.filter((sql) => /^(begin|insert)/.test(sql))).toEqual([]);
});

describe('a commit that nobody answered', () => {
  const lost = Object.assign(new Error('Network error. Could not reach Snowflake.'), { code: 401001 });
  const columns = (bookLayout[LOADS_TABLE]?.columns ?? []).map(({ name }) => ({
    ...{ table_name: LOADS_TABLE, column_name: name, data_type: 'TEXT', is_nullable: 'true', is_generated: 'false' },
  }));

  test('was done, where the load is in _dlt_loads', async () => {
    const sent: string[] = [];
    const said: Said = (sql) => {
      if (sql === 'commit') return lost;
      if (!sent.includes('commit')) return undefined;
      if (sql.includes('information_schema.schemata')) return [{ EXISTS: '1' }];
      if (sql.includes('where load_id = ?')) return [{ SCHEMA_VERSION_HASH: 'hash' }];
      return sql.includes('is_generated') ? columns : undefined;
    };
    const destination = await TestDestination.open(loaderNoting(sent, said));
    await destination.load({ tables: [orders] });
    expect(sent.filter((sql) => sql === 'rollback')).toHaveLength(1);
  });

  test('is a failure that keeps the package, where it is not', async () => {
    const destination = await TestDestination.open(loaderNoting([], (sql) => (sql === 'commit' ? lost : undefined)));
    await expect(destination.load({ tables: [orders] })).rejects.toMatchObject({
      exitCode: 6,
      message: expect.stringContaining('The connection to Snowflake was lost while load'),
    });
  });
});

type Hints = Omit<ColumnSchema, 'name'>;

test.each<[Hints, string, string, string]>([
  [{ data_type: 'text' }, 'VARCHAR', 'TEXT', 'VARCHAR'],
  [{ data_type: 'bigint' }, 'NUMBER(19,0)', 'NUMBER(19,0)', 'BIGINT'],
  [{ data_type: 'double' }, 'FLOAT', 'FLOAT', 'DOUBLE'],
  [{ data_type: 'bool' }, 'BOOLEAN', 'BOOLEAN', 'BOOLEAN'],
  [{ data_type: 'timestamp' }, 'TIMESTAMP_TZ', 'TIMESTAMP_TZ', 'TIMESTAMP WITH TIME ZONE'],
  [{ data_type: 'timestamp', timezone: false }, 'TIMESTAMP_NTZ', 'TIMESTAMP_NTZ', 'TIMESTAMP'],
  [{ data_type: 'date' }, 'DATE', 'DATE', 'DATE'],
  [{ data_type: 'time' }, 'TIME', 'TIME', 'TIME'],
  [{ data_type: 'decimal' }, 'NUMBER(38,9)', 'NUMBER(38,9)', 'DECIMAL(38,9)'],
  [{ data_type: 'wei' }, 'NUMBER(38,0)', 'NUMBER(38,0)', 'DECIMAL(38,0)'],
  [{ data_type: 'binary' }, 'BINARY', 'BINARY', 'BLOB'],
  [{ data_type: 'json' }, 'VARIANT', 'VARIANT', 'JSON'],
])('makes %j a column as dlt does, and knows it again', (hints, native, told, type) => {
  expect(snowflakeDialect.typeOf({ name: 'c', ...hints })).toBe(native);
  expect(snowflakeDialect.duckdbTypeOf(told)).toBe(type);
  expect(duckdbType({ name: 'c', ...dataTypeOf(type) })).toBe(type);
});

describe('what Snowflake says', () => {
  const said = (code: number | string, message: string) => Object.assign(new Error(message), { code });

  test.each([
    [said(401001, 'Network error. Could not reach Snowflake.'), 'DestinationFailed', 'cannot be reached'],
    [said('ECONNREFUSED', 'connect ECONNREFUSED 127.0.0.1:9'), 'DestinationFailed', 'cannot be reached'],
    [said(390100, 'Incorrect username or password was specified.'), 'ConfigInvalid', 'does not let this user in'],
    [said('000606', 'No active warehouse selected in the current session.'), 'ConfigInvalid', 'has no warehouse'],
    [said('100038', "Numeric value 'x' is not recognized"), 'ContractViolated', 'cannot hold a value'],
    [said('003001', 'Insufficient privileges to operate on schema'), 'DestinationFailed', 'does not allow this'],
  ])('%s is told as %s', (error, code, message) => {
    expect(snowflakeError(error, location)).toMatchObject({ code, message: expect.stringContaining(message) });
  });

  test('of SQL that somebody else wrote, it is the fault of the SQL', () => {
    const missing = statementError(said('002003', "Object 'NOWHERE' does not exist or not authorized."), location);
    expect(missing).toBeInstanceOf(StatementFailed);
    expect(missing).toMatchObject({ about: 'statement', missing: 'NOWHERE' });
    expect(statementError(said(401001, 'Network error.'), location)).toMatchObject({ code: 'DestinationFailed' });
  });

  test.each(['delete from orders', 'call p()', 'begin', '-- select\ndrop table orders', ''])(
    '%s is not asked',
    (sql) => {
      expect(() => requireReading(sql)).toThrow(StatementFailed);
    },
  );

  test.each(['select 1', ' (select 1)', 'with a as (select 1) select * from a', '/* why */ show tables'])(
    '%s is',
    (sql) => {
      expect(() => requireReading(sql)).not.toThrow();
    },
  );
});
