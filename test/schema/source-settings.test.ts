import { describe, expect, it } from 'vitest';
import { needsRootKey, withSourceSettings } from '../../src/schema/source-settings.ts';
import { emptySchema } from '../../src/schema/stored-schema.ts';
import type { StoredSchema, TableSchema } from '../../src/schema/table-schema.ts';

function root(name: string, hints: Partial<TableSchema> = {}): TableSchema {
  return { name, resource: name, write_disposition: 'append', columns: {}, ...hints };
}

function schemaOf(...tables: readonly TableSchema[]): StoredSchema {
  const schema = emptySchema('demo');
  for (const table of tables) schema.tables[table.name] = table;
  return schema;
}

const merged = root('merged', { write_disposition: 'merge' });
const scd2 = root('scd2', { write_disposition: 'merge', 'x-merge-strategy': 'scd2' });

describe('withSourceSettings(schema, source)', () => {
  it('puts settings where dlt keeps them', () => {
    const { settings, normalizers } = withSourceSettings(schemaOf(root('plain')), {
      schema_contract: 'freeze',
      max_table_nesting: 5,
      root_key: true,
    });
    expect(settings).toMatchObject({ schema_contract: 'freeze', detections: ['iso_timestamp'] });
    expect(normalizers).toEqual({
      names: 'snake_case',
      json: {
        module: 'dlt.common.normalizers.json.relational',
        config: {
          root_key_propagation: true,
          max_nesting: 5,
          propagation: { tables: { plain: { _dlt_id: '_dlt_root_id' } } },
        },
      },
    });
  });

  it('leaves a document alone to which the source says nothing', () => {
    const schema = schemaOf(root('plain'), scd2);
    expect(withSourceSettings(schema, {})).toEqual(schema);
  });

  it('names the roots whose id goes down: merged ones, and those that began with it', () => {
    const begun = root('begun');
    const inner: TableSchema = {
      name: 'begun__list__deep',
      parent: 'begun__list',
      columns: { _dlt_root_id: { name: '_dlt_root_id', root_key: true } },
    };
    const list: TableSchema = { name: 'begun__list', parent: 'begun', columns: {} };
    const { normalizers } = withSourceSettings(schemaOf(root('plain'), merged, scd2, begun, inner, list), {});
    expect(normalizers.json).toMatchObject({
      config: {
        propagation: { tables: { merged: { _dlt_id: '_dlt_root_id' }, begun: { _dlt_id: '_dlt_root_id' } } },
      },
    });
    expect(JSON.stringify(normalizers.json)).not.toMatch(/plain|scd2/);
  });

  it('keeps what dlt put there', () => {
    const schema = schemaOf(merged);
    const json = { module: 'm', config: { propagation: { root: { a: 'b' }, tables: { other: { x: 'y' } } }, more: 1 } };
    const { normalizers } = withSourceSettings({ ...schema, normalizers: { ...schema.normalizers, json } }, {});
    expect(normalizers.json).toEqual({
      module: 'm',
      config: {
        propagation: { root: { a: 'b' }, tables: { other: { x: 'y' }, merged: { _dlt_id: '_dlt_root_id' } } },
        more: 1,
      },
    });
  });
});

describe('needsRootKey(root, rootKey)', () => {
  it('follows the write disposition, unless the source decides', () => {
    expect(needsRootKey(merged, undefined)).toBe(true);
    expect(needsRootKey(scd2, undefined)).toBe(false);
    expect(needsRootKey(root('plain'), undefined)).toBe(false);
    expect(needsRootKey(root('plain'), true)).toBe(true);
    expect(needsRootKey(merged, false)).toBe(false);
  });
});
