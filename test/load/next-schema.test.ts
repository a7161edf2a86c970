import { expect, test } from 'vitest';
import { nextSchema } from '../../src/load/next-schema.ts';
import type { ColumnSchema, TableSchema } from '../../src/schema/table-schema.ts';

const settings = {};

function table(...columns: readonly ColumnSchema[]): TableSchema {
  return { name: 'orders', columns: Object.fromEntries(columns.map((column) => [column.name, column])) };
}

test('columns that another load added meanwhile stay in the schema document', () => {
  const id: ColumnSchema = { name: 'id', data_type: 'bigint' };
  const first = nextSchema(undefined, 'shop', [table(id, { name: 'young', data_type: 'text' })], settings);
  const overtaken = table(id, { name: 'young', primary_key: true }, { name: 'old', data_type: 'text' });
  const next = nextSchema(first, 'shop', [overtaken], settings);
  expect(next.version).toBe(first.version + 1);
  expect(Object.keys(next.tables.orders?.columns ?? {})).toEqual(['id', 'young', 'old']);
  expect(next.tables.orders?.columns.young?.data_type).toBe('text');
  expect(nextSchema(next, 'shop', [table(id)], settings).version_hash).toBe(next.version_hash);
});
