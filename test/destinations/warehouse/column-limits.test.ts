import { expect, test } from 'vitest';
import { limitsOf } from '../../../src/destinations/warehouse/column-limits.ts';
import { postgresDialect } from '../../../src/destinations/warehouse/postgres/postgres-dialect.ts';
import { isHeld } from '../../../src/load/staging/exact-cast.ts';
import { duckdbType } from '../../../src/schema/duckdb-type.ts';
import type { ColumnSchema } from '../../../src/schema/table-schema.ts';
import { takeDatabase } from '../../support/idle-database.ts';

async function holds(native: string, column: Omit<ColumnSchema, 'name'>, value: string): Promise<unknown> {
  const schema = { name: 'v', ...column };
  const type = duckdbType(schema);
  const limits = limitsOf(postgresDialect, { native }, schema);
  const condition = limits && isHeld(`cast('${value}' as ${type})`, type, limits);
  if (condition === undefined) return true;
  const database = await takeDatabase();
  const connection = await database.connect();
  await connection.run("set timezone to 'UTC'");
  return (await connection.row(`select ${condition} as held`))?.held;
}

test.each([
  ['character varying(3)', { data_type: 'text' }, 'äöü', 'äöü!'],
  ['character(3)', { data_type: 'bigint' }, '123', '1234'],
  ['timestamp(3) with time zone', { data_type: 'timestamp' }, '2026-01-01 10:00:00.123Z', '2026-01-01 10:00:00.1234Z'],
  ['timestamp(0) without time zone', { data_type: 'text' }, '2026-01-01 10:00:00', '2026-01-01 10:00:00.5'],
  ['time(0) without time zone', { data_type: 'time' }, '10:00:00', '10:00:00.5'],
  ['numeric(6,2)', { data_type: 'double' }, '1.25', '1.2345'],
  ['numeric(50,2)', { data_type: 'double' }, '1e40', '1.2345'],
  ['money', { data_type: 'decimal' }, '1.25', '1.2345'],
  ['real', { data_type: 'double' }, '0.5', '0.1'],
  ['smallint', { data_type: 'bigint' }, '7', '70000'],
  ['date', { data_type: 'timestamp' }, '2026-01-01T00:00:00Z', '2026-01-01T10:00:00Z'],
] as const)('%s of PostgreSQL holds what it gives back', async (native, column, held, lost) => {
  expect([await holds(native, column, held), await holds(native, column, lost)]).toEqual([true, false]);
});

test.each([
  ['character varying(3)', { data_type: 'text', precision: 3 }],
  ['timestamp(3) with time zone', { data_type: 'timestamp', precision: 3 }],
  ['inet', { data_type: 'text' }],
  ['text', { data_type: 'text' }],
  ['numeric', { data_type: 'double' }],
] as const)('%s is not looked at where a load makes it so, or nothing can be lost', async (native, column) => {
  const schema = { name: 'v', ...column };
  const limits = limitsOf(postgresDialect, { native }, schema);
  expect(limits && isHeld('v', duckdbType(schema), limits)).toBeUndefined();
});
