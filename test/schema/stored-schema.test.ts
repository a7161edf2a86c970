import { describe, expect, it } from 'vitest';
import { PipelineError } from '../../src/errors.ts';
import { packedDocument } from '../../src/schema/packed-document.ts';
import { bumpVersion, emptySchema, parseStoredSchema } from '../../src/schema/stored-schema.ts';
import type { StoredSchema } from '../../src/schema/table-schema.ts';
import { versionHash } from '../../src/schema/version-hash.ts';

/** With a nested table, hints, a name beyond ASCII, and columns out of their alphabetical order. */
function smallSchema(): StoredSchema {
  const schema = emptySchema('demo');
  schema.tables.models = {
    name: 'models',
    resource: 'models',
    write_disposition: 'merge',
    columns: {
      price: { name: 'price', data_type: 'decimal', precision: 18, scale: 4, description: 'Price «in» USD' },
      id: { name: 'id', data_type: 'text', nullable: false, primary_key: true, 'x-rate': 0.5 },
    },
  };
  schema.tables.models__tags = {
    name: 'models__tags',
    parent: 'models',
    columns: { value: { name: 'value', data_type: 'text', nullable: true } },
  };
  return schema;
}

function withColumns(schema: StoredSchema, order: readonly string[]): StoredSchema {
  const models = schema.tables.models;
  if (models === undefined) throw new Error('no table models');
  const columns = Object.fromEntries(
    order.flatMap((name) => {
      const column = models.columns[name];
      return column === undefined ? [] : [[name, column]];
    }),
  );
  return { ...schema, tables: { ...schema.tables, models: { ...models, columns } } };
}

describe('versionHash(schema)', () => {
  // Both computed by dlt 1.31.0: dlt.common.schema.utils.generate_version_hash.
  it('is the one that dlt computes', () => {
    expect(versionHash(emptySchema('demo'))).toBe('Mm2YILMjI+JjZke2G9t4qACz5WWAwMO8sWPfD/Lu9Mw=');
    expect(versionHash(smallSchema())).toBe('QE7IfKWUaCNS+pN9/qVd+8YY0neJcfjUt2eEZ+sBkNo=');
  });

  it('changes with the order of columns, not with that of tables or with the version', () => {
    const schema = smallSchema();
    expect(versionHash(withColumns(schema, ['id', 'price']))).not.toBe(versionHash(schema));
    const reversed = Object.fromEntries(Object.entries(schema.tables).reverse());
    expect(versionHash({ ...schema, tables: reversed, version: 7, previous_hashes: ['x'] })).toBe(versionHash(schema));
  });
});

describe('bumpVersion(schema)', () => {
  it('makes the first version of a new document', () => {
    const first = bumpVersion(smallSchema());
    expect(first).toMatchObject({ version: 1, previous_hashes: [] });
    expect(first.version_hash).toBe(versionHash(first));
  });

  it('leaves an unchanged document alone', () => {
    const first = bumpVersion(smallSchema());
    expect(bumpVersion(first)).toBe(first);
  });

  it('counts a change and remembers the last ten hashes, newest first', () => {
    let schema = bumpVersion(smallSchema());
    const hashes: string[] = [];
    for (let change = 0; change < 12; change++) {
      hashes.unshift(schema.version_hash);
      schema = bumpVersion({ ...schema, settings: { ...schema.settings, change } });
    }
    expect(schema.version).toBe(13);
    expect(schema.previous_hashes).toEqual(hashes.slice(0, 10));
  });
});

describe('parseStoredSchema(json)', () => {
  const read = (change: object) => () =>
    parseStoredSchema(JSON.stringify({ ...bumpVersion(smallSchema()), ...change }));

  it('gives the document back', () => {
    const schema = bumpVersion(smallSchema());
    expect(parseStoredSchema(JSON.stringify(schema))).toEqual(schema);
  });

  it('gives one back that is packed, since it is longer than the column takes', () => {
    const schema = bumpVersion(smallSchema());
    const json = JSON.stringify(schema);
    expect(packedDocument(json, Buffer.byteLength(json))).toBe(json);
    const packed = packedDocument(json, Buffer.byteLength(json) - 1);
    expect(packed.length).toBeLessThan(json.length);
    expect(parseStoredSchema(packed)).toEqual(schema);
  });

  it('refuses the document of a newer dlt', () => {
    expect(read({ engine_version: 12 })).toThrow(
      expect.objectContaining({ code: 'DestinationTooNew', message: expect.stringContaining('schema engine 12') }),
    );
  });

  it.each([
    ['of a dlt before 1.0', { engine_version: 9 }, 'before 1.0'],
    ['with another naming convention', { normalizers: { names: 'duck_case' } }, 'duck_case'],
    ['without tables', { tables: undefined }, 'does not hold a schema document'],
    ['with a table that is none', { tables: { a: 5 } }, 'does not hold a schema document'],
  ])('refuses a document %s', (_, change, message) => {
    expect(read(change)).toThrow(
      expect.objectContaining({ code: 'DestinationUnreadable', message: expect.stringContaining(message) }),
    );
  });

  it.each(['', '{', '[]', 'null', '5'])('refuses %j', (json) => {
    expect(() => parseStoredSchema(json)).toThrow(PipelineError);
  });
});
