import { describe, expect, test } from 'vitest';
import { whyNoLayout } from '../../../src/config/grammar/file-placeholders.ts';
import { FileLayout } from '../../../src/destinations/filesystem/file-layout.ts';

const parts = {
  table: 'models__tags',
  schemaName: 'shop',
  loadId: '1700000000.123456',
  fileId: '0a1b2c3d4e-7',
  ext: 'parquet',
  time: Date.UTC(2026, 0, 5, 9, 3),
};

describe('FileLayout', () => {
  test.each([
    ['{table_name}/{load_id}.{file_id}.{ext}', 'models__tags/1700000000.123456.0a1b2c3d4e-7.parquet'],
    ['{table_name}/{load_id}.{file_id}', 'models__tags/1700000000.123456.0a1b2c3d4e-7.parquet'],
    [
      '{schema_name}/{table_name}/{YYYY}/{MM}-{D}/{H}{mm}/{load_id}.{file_id}.{ext}',
      'shop/models__tags/2026/01-5/903/1700000000.123456.0a1b2c3d4e-7.parquet',
    ],
    [
      '{table_name}/{curr_date}/{dddd}-{dd}-{d}-{MMM}-Q{Q}-{timestamp}/{load_id}-{file_id}.{ext}',
      'models__tags/2026-01-05/monday-mo-1-jan-Q1-1767603780/1700000000.123456-0a1b2c3d4e-7.parquet',
    ],
  ])('%s names a file %s, and finds whose it is', (layout, key) => {
    expect(whyNoLayout(layout)).toBeUndefined();
    const files = new FileLayout(layout);
    expect(files.keyOf(parts)).toBe(key);
    expect(files.ownerOf(key, parts.table, parts.schemaName)).toEqual({ loadId: parts.loadId, ext: 'parquet' });
    expect(files.ownerOf(key, 'models', parts.schemaName)).toBeUndefined();
    expect(key.startsWith(files.prefixOf(parts.table, parts.schemaName))).toBe(true);
    expect(key.startsWith(files.prefixOf('models', parts.schemaName))).toBe(false);
  });

  test.each([
    ['{table_name}/{load_id}.{file_id}.{owner}', '{owner}'],
    ['{table_name}/{file_id}.{ext}', '{load_id}'],
    ['{load_id}/{table_name}.{file_id}.{ext}', 'at its beginning'],
    ['{table_name}{load_id}.{file_id}.{ext}', 'separator'],
    ['../{table_name}/{load_id}.{file_id}.{ext}', '`..`'],
    ['/{table_name}/{load_id}.{file_id}.{ext}', 'empty part'],
  ])('%s is refused: %s', (layout, why) => {
    expect(whyNoLayout(layout)).toContain(why);
  });
});
