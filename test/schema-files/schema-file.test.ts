import { describe, expect, it } from 'vitest';
import { bumpVersion, emptySchema } from '../../src/schema/stored-schema.ts';
import type { StoredSchema } from '../../src/schema/table-schema.ts';
import {
  firstSchemaFile,
  importHash,
  schemaFileContent,
  schemaOfFile,
  withoutProcessingHints,
} from '../../src/schema-files/schema-file.ts';

const stored: StoredSchema = bumpVersion({
  ...emptySchema('shop'),
  imported_version_hash: 'of a file',
  tables: {
    ...emptySchema('shop').tables,
    models: {
      name: 'models',
      resource: 'models',
      write_disposition: 'append',
      'x-normalizer': { 'seen-data': true },
      columns: { id: { name: 'id', data_type: 'bigint', 'x-normalizer': { 'seen-null-first': true } } },
    },
  },
});

describe('a schema file', () => {
  it('names tables and columns only as keys, and knows nothing of what was imported', () => {
    const { tables, ...document } = schemaFileContent(stored);
    expect(document).not.toHaveProperty('imported_version_hash');
    expect(tables).toMatchObject({ models: { resource: 'models', columns: { id: { data_type: 'bigint' } } } });
    expect(tables).not.toHaveProperty('models.name');
    expect(tables).not.toHaveProperty('models.columns.id.name');
  });

  it('stands for the very document it was made of, with the same hash', () => {
    const { imported_version_hash: _, ...expected } = stored;
    const read = schemaOfFile({ ...schemaFileContent(stored), name: 'shop', tables: contentTables(stored) });
    expect(read).toEqual(expected);
    expect(importHash(read)).toBe(stored.version_hash);
  });

  it('may leave out what dlt fills in: versions, settings, dispositions and resources of root tables', () => {
    const read = schemaOfFile({
      name: 'shop',
      tables: { a: { columns: { b: {} } }, a__c: { parent: 'a', columns: {} } },
    });
    expect(read).toMatchObject({ engine_version: 11, settings: { detections: ['iso_timestamp'] } });
    expect(read.tables).toEqual({
      a: { name: 'a', resource: 'a', write_disposition: 'append', columns: { b: { name: 'b' } } },
      a__c: { name: 'a__c', parent: 'a', columns: {} },
    });
  });

  it('for another destination has no marks of what was seen, and a version of its own', () => {
    const bare = withoutProcessingHints(stored);
    expect(JSON.stringify(bare)).not.toContain('x-normalizer');
    expect(bare.version).toBe(stored.version + 1);
    expect(bare.previous_hashes).toEqual([stored.version_hash]);
  });

  it('that comes first has what is stored, and the hints of the resources', () => {
    const prices = {
      name: 'prices',
      table_name: 'prices',
      selected: true,
      write_disposition: { disposition: 'replace' },
      columns: { amount: { data_type: 'decimal' } },
    } as const;
    const { tables } = firstSchemaFile(stored, 'shop', [prices], {});
    expect(tables.models?.columns).toEqual({ id: { name: 'id', data_type: 'bigint' } });
    expect(tables.prices).toEqual({
      name: 'prices',
      resource: 'prices',
      write_disposition: 'replace',
      columns: { amount: { name: 'amount', data_type: 'decimal' } },
    });
  });
});

function contentTables(schema: StoredSchema): Record<string, object> {
  const { tables } = schemaFileContent(schema);
  return typeof tables === 'object' && tables !== null ? Object.fromEntries(Object.entries(tables)) : {};
}
