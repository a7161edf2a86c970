import { tmpdir } from 'node:os';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { Database } from '../../src/duckdb/database.ts';
import { dataTypeOf, duckdbType, packageToColumn, packageType } from '../../src/schema/duckdb-type.ts';
import type { ColumnSchema, DataType } from '../../src/schema/table-schema.ts';
import { coerce } from '../../src/values/coerce.ts';

const column = (data_type: DataType, hints: Partial<ColumnSchema> = {}): ColumnSchema => ({
  name: 'c',
  data_type,
  ...hints,
});

const types: readonly [ColumnSchema, string][] = [
  [column('text'), 'VARCHAR'],
  [column('text', { precision: 64 }), 'VARCHAR'],
  [column('bigint'), 'BIGINT'],
  [column('bigint', { precision: 8 }), 'TINYINT'],
  [column('bigint', { precision: 16 }), 'SMALLINT'],
  [column('bigint', { precision: 32 }), 'INTEGER'],
  [column('bigint', { precision: 33 }), 'BIGINT'],
  [column('bigint', { precision: 128 }), 'HUGEINT'],
  [column('double'), 'DOUBLE'],
  [column('bool'), 'BOOLEAN'],
  [column('timestamp'), 'TIMESTAMP WITH TIME ZONE'],
  [column('timestamp', { precision: 3 }), 'TIMESTAMP WITH TIME ZONE'],
  [column('timestamp', { timezone: false }), 'TIMESTAMP'],
  [column('timestamp', { timezone: false, precision: 0 }), 'TIMESTAMP_S'],
  [column('timestamp', { timezone: false, precision: 3 }), 'TIMESTAMP_MS'],
  [column('timestamp', { timezone: false, precision: 9 }), 'TIMESTAMP_NS'],
  [column('date'), 'DATE'],
  [column('time'), 'TIME'],
  [column('decimal'), 'DECIMAL(38,9)'],
  [column('decimal', { precision: 18, scale: 4 }), 'DECIMAL(18,4)'],
  [column('decimal', { precision: 18 }), 'DECIMAL(18,9)'],
  [column('wei'), 'DECIMAL(38,0)'],
  [column('binary'), 'BLOB'],
  [column('json'), 'JSON'],
];

describe('duckdbType(column)', () => {
  it.each(types)('of %o is %s', (schema, type) => {
    expect(duckdbType(schema)).toBe(type);
  });

  it('needs a data type', () => {
    expect(() => duckdbType({ name: 'c' })).toThrow('Column c has no data type yet.');
  });
});

describe('dataTypeOf(type)', () => {
  it.each(types)('of what %o is, gives that type again: %s', (_, type) => {
    const back = dataTypeOf(type);
    expect(back && duckdbType({ name: 'c', ...back })).toBe(type);
  });

  it.each(['UUID', 'UBIGINT', 'STRUCT(a INTEGER)', 'INTEGER[]', 'INTERVAL'])('knows no word for %s', (type) => {
    expect(dataTypeOf(type)).toBeUndefined();
  });
});

describe('packageToColumn(expression, column)', () => {
  let database: Database;
  beforeAll(async () => {
    database = await Database.open({ tempDirectory: tmpdir() });
  });
  afterAll(() => database.close());

  /** What comes out of a destination column, as DuckDB prints it. */
  async function stored(schema: ColumnSchema, value: unknown): Promise<unknown> {
    const coerced = coerce(schema, value);
    if (coerced === undefined) throw new Error('the value does not fit');
    const connection = await database.connect();
    const parameter =
      schema.data_type === 'timestamp' ? 'make_timestamptz(cast(? as bigint))' : `cast(? as ${packageType(schema)})`;
    const expression = packageToColumn('p.c', schema);
    const row = await connection.row(
      `select typeof(${expression}) as type, cast(${expression} as varchar) as value from (select ${parameter} as c) as p`,
      [schema.data_type === 'timestamp' ? BigInt(coerced) : coerced],
    );
    expect(row?.type).toBe(duckdbType(schema));
    return row?.value;
  }

  it.each<[ColumnSchema, unknown, string]>([
    [column('text'), true, 'True'],
    [column('bigint'), 2n ** 63n - 1n, '9223372036854775807'],
    [column('bigint', { precision: 8 }), -128, '-128'],
    [column('bigint', { precision: 128 }), -(2n ** 127n), '-170141183460469231731687303715884105728'],
    [column('double'), 0.1, '0.1'],
    [column('bool'), 'no', 'false'],
    [column('timestamp'), '2024-01-15T10:11:12.123456+02:00', '2024-01-15 08:11:12.123456+00'],
    [column('timestamp'), '0001-01-01T00:00:00Z', '0001-01-01 00:00:00+00'],
    [column('timestamp'), '9999-12-31T23:59:59.999999Z', '9999-12-31 23:59:59.999999+00'],
    [column('timestamp', { timezone: false }), '2024-01-15T10:11:12+02:00', '2024-01-15 08:11:12'],
    [column('timestamp', { timezone: false, precision: 0 }), '2024-01-15T10:11:12.9Z', '2024-01-15 10:11:13'],
    [column('timestamp', { timezone: false, precision: 0 }), '1969-12-31T23:59:59.9Z', '1970-01-01 00:00:00'],
    [column('timestamp', { timezone: false, precision: 3 }), '2024-01-15T10:11:12.9999Z', '2024-01-15 10:11:13'],
    [column('timestamp', { timezone: false, precision: 9 }), '2024-01-15T10:11:12.5Z', '2024-01-15 10:11:12.5'],
    [column('date'), '2024-W03-1', '2024-01-15'],
    [column('time'), '01:00:00.5+02:00', '23:00:00.5'],
    [column('decimal', { precision: 18, scale: 4 }), 4.27285, '4.2729'],
    [column('wei'), 10n ** 37n, '10000000000000000000000000000000000000'],
    [column('binary'), 'AQID', '\\x01\\x02\\x03'],
    [column('json'), { a: [1, 'é'] }, '{"a":[1,"é"]}'],
    [column('json'), { a: '\ud800' }, '{"a":"\ufffd"}'],
    [column('json'), [2n ** 64n, Number.POSITIVE_INFINITY], '[18446744073709551616,1e999]'],
  ])('keeps a value of %o: %o', async (schema, value, expected) => {
    expect(await stored(schema, value)).toBe(expected);
  });
});
