import { describe, expect, it } from 'vitest';
import { mergeTable } from '../../src/schema/merge-table.ts';
import type { TableSchema } from '../../src/schema/table-schema.ts';

const stored: TableSchema = {
  name: 'models',
  resource: 'models',
  write_disposition: 'merge',
  'x-merge-strategy': 'upsert',
  description: 'old',
  'x-normalizer': { 'seen-data': true, max_nesting: 2 },
  'x-mine': 'kept',
  columns: {
    id: { name: 'id', data_type: 'bigint', nullable: false, primary_key: true },
    price: { name: 'price', data_type: 'double', nullable: true, 'x-note': 'kept' },
    later: { name: 'later', description: 'no value yet' },
  },
};

const hinted: TableSchema = {
  name: 'models',
  resource: 'models',
  write_disposition: 'append',
  'x-normalizer': { 'seen-data': true },
  columns: {
    added: { name: 'added', data_type: 'text' },
    price: { name: 'price', data_type: 'decimal', precision: 18, scale: 4, description: 'USD' },
    later: { name: 'later', data_type: 'date' },
  },
};

describe('mergeTable(stored, hinted)', () => {
  it('is the hinted table where nothing is stored', () => {
    expect(mergeTable(undefined, hinted)).toBe(hinted);
  });

  it('lets the configuration decide what it alone decides, and keeps the rest', () => {
    const { columns: _, ...table } = mergeTable(stored, hinted);
    expect(table).toEqual({
      name: 'models',
      resource: 'models',
      write_disposition: 'append',
      'x-normalizer': { 'seen-data': true },
      'x-mine': 'kept',
    });
  });

  it('keeps place and type of columns that exist, takes their hints, adds new ones at the end', () => {
    expect(Object.values(mergeTable(stored, hinted).columns)).toEqual([
      { name: 'id', data_type: 'bigint', nullable: false },
      { name: 'price', data_type: 'double', nullable: true, 'x-note': 'kept', description: 'USD' },
      { name: 'later', data_type: 'date', description: 'no value yet' },
      { name: 'added', data_type: 'text' },
    ]);
  });

  it('does not change what it was given', () => {
    const before = structuredClone(stored);
    mergeTable(stored, hinted);
    expect(stored).toEqual(before);
  });
});
