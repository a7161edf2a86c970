import { describe, expect, test } from 'vitest';
import { numbered } from '../../../src/destinations/warehouse/numbered-values.ts';
import { postgresDialect } from '../../../src/destinations/warehouse/postgres/postgres-dialect.ts';
import { fragment } from '../../../src/load/staging/sql-fragment.ts';
import { dataTypeOf, duckdbType } from '../../../src/schema/duckdb-type.ts';
import type { ColumnSchema } from '../../../src/schema/table-schema.ts';

type Hints = Omit<ColumnSchema, 'name'>;

describe('the PostgreSQL dialect', () => {
  test.each<[Hints, string, string]>([
    [{ data_type: 'text' }, 'character varying', 'VARCHAR'],
    [{ data_type: 'text', precision: 64 }, 'character varying(64)', 'VARCHAR'],
    [{ data_type: 'bigint' }, 'bigint', 'BIGINT'],
    [{ data_type: 'bigint', precision: 32 }, 'integer', 'INTEGER'],
    [{ data_type: 'bigint', precision: 16 }, 'smallint', 'SMALLINT'],
    [{ data_type: 'bigint', precision: 128 }, 'numeric(39,0)', 'HUGEINT'],
    [{ data_type: 'double' }, 'double precision', 'DOUBLE'],
    [{ data_type: 'bool' }, 'boolean', 'BOOLEAN'],
    [{ data_type: 'timestamp' }, 'timestamp with time zone', 'TIMESTAMP WITH TIME ZONE'],
    [{ data_type: 'timestamp', timezone: false }, 'timestamp without time zone', 'TIMESTAMP'],
    [{ data_type: 'timestamp', timezone: false, precision: 3 }, 'timestamp(3) without time zone', 'TIMESTAMP_MS'],
    [{ data_type: 'date' }, 'date', 'DATE'],
    [{ data_type: 'time' }, 'time without time zone', 'TIME'],
    [{ data_type: 'decimal' }, 'numeric(38,9)', 'DECIMAL(38,9)'],
    [{ data_type: 'decimal', precision: 18, scale: 4 }, 'numeric(18,4)', 'DECIMAL(18,4)'],
    [{ data_type: 'wei' }, 'numeric(156,78)', 'DECIMAL(38,0)'],
    [{ data_type: 'binary' }, 'bytea', 'BLOB'],
    [{ data_type: 'json' }, 'jsonb', 'JSON'],
  ])('makes %j a column as dlt does, and knows it again', (hints, native, type) => {
    const column = { name: 'c', ...hints };
    expect(postgresDialect.typeOf(column)).toBe(native);
    expect(postgresDialect.duckdbTypeOf(native)).toBe(type);
    expect(duckdbType({ name: 'c', ...dataTypeOf(type) })).toBe(type);
  });

  test.each(['inet', 'text[]', 'numeric', 'numeric(1000,2)', 'interval'])('%s is nothing that DuckDB has', (native) => {
    expect(postgresDialect.duckdbTypeOf(native)).toBeUndefined();
  });

  test('a quote in a name or a comment ends neither', () => {
    const columns = [{ name: 'a"b', type: 'bigint', required: true }];
    expect(postgresDialect.createTable(postgresDialect.relation('d', 't"'), columns)).toBe(
      'create table "d"."t""" ("a""b" bigint not null)',
    );
    expect(postgresDialect.comments('"d"."t"', { columns: new Map([['a', "it's"]]) })).toEqual([
      `comment on column "d"."t"."a" is 'it''s'`,
    ]);
  });

  test('values come in the order of their places', () => {
    const set = { column: 'to', value: fragment('cast(? as date)', '2026-01-01') };
    expect(postgresDialect.setIn('"d"."t"', set, { column: '_dlt_id', ids: fragment('select ? as id', 'x') })).toEqual({
      sql: 'update "d"."t" set "to" = cast(? as date) where "_dlt_id" in (select ? as id) and 1 = 1',
      values: ['2026-01-01', 'x'],
    });
  });
});

test('a question mark in a name or a text is no place of a value', () => {
  const sql = `select ?, "a?""?" from \`t?\` where x = 'it''s?' and y = ?`;
  expect(numbered(sql, (place) => `$${place}`)).toBe(`select $1, "a?""?" from \`t?\` where x = 'it''s?' and y = $2`);
});
