import { describe, expect, it } from 'vitest';
import { TestDestination, type TestTable } from '../../support/package.ts';

const models: TestTable = {
  name: 'models',
  columns: { id: 'text', price: { data_type: 'decimal', precision: 18, scale: 4 }, created_at: 'timestamp' },
  rows: [
    { id: 'flux', price: '0.0123', created_at: null },
    { id: 'sdxl', price: null, created_at: null },
  ],
};
const functions: TestTable = {
  name: 'models__functions',
  parent: 'models',
  columns: { value: 'text' },
  rows: [
    { '#parent': 0, '#index': 0, value: 'text2image' },
    { '#parent': 0, '#index': 1, value: 'inpainting' },
    { '#parent': 1, '#index': 0, value: 'upscale' },
  ],
};

describe('loadPackage into a new file', () => {
  it('makes tables with own columns first and dlt’s after them, in dlt’s types', async () => {
    const destination = await TestDestination.open();
    const result = await destination.load({ tables: [models, functions] });

    expect(await destination.columns('models')).toEqual([
      'id VARCHAR',
      'price DECIMAL(18,4)',
      'created_at TIMESTAMP WITH TIME ZONE',
      '_dlt_load_id VARCHAR NOT NULL',
      '_dlt_id VARCHAR NOT NULL',
    ]);
    expect(await destination.columns('models__functions')).toEqual([
      'value VARCHAR',
      '_dlt_parent_id VARCHAR NOT NULL',
      '_dlt_list_idx BIGINT NOT NULL',
      '_dlt_id VARCHAR NOT NULL',
    ]);
    expect(result.tables).toMatchObject([
      { name: 'models', rows: 2, newColumns: ['id', 'price', 'created_at'] },
      { name: 'models__functions', rows: 3, newColumns: ['value'] },
    ]);
  });

  it('joins nested rows to their parents and marks root rows with the load', async () => {
    const destination = await TestDestination.open();
    await destination.load({ loadId: '1767322801.000000', tables: [models, functions] });

    expect(
      await destination.sql(
        `select m.id, f._dlt_list_idx as idx, f.value, m._dlt_load_id as load
         from models__functions f join models m on f._dlt_parent_id = m._dlt_id order by 1, 2`,
      ),
    ).toEqual([
      { id: 'flux', idx: 0n, value: 'text2image', load: '1767322801.000000' },
      { id: 'flux', idx: 1n, value: 'inpainting', load: '1767322801.000000' },
      { id: 'sdxl', idx: 0n, value: 'upscale', load: '1767322801.000000' },
    ]);
  });
});
