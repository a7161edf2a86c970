import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { readDataset } from '../../../src/destinations/attached/read-dataset.ts';
import { Database } from '../../../src/duckdb/database.ts';
import { DATASET, PIPELINE, SCHEMA_NAME, TestDestination, type TestTable } from '../../support/package.ts';

const names = { dataset: DATASET, schemaName: SCHEMA_NAME, pipelineName: PIPELINE };
const models: TestTable = {
  name: 'models',
  columns: { id: 'text', price: { data_type: 'decimal', precision: 18, scale: 4 } },
  rows: [{ id: 'a', price: '0.5' }],
};
const functions: TestTable = {
  name: 'models__functions',
  parent: 'models',
  columns: { value: 'text' },
  rows: [{ '#parent': 0, value: 'f' }],
};

describe('readDataset', () => {
  it('finds nothing in an empty file', async () => {
    const { connection } = await TestDestination.open();

    expect(await readDataset(connection, 'target', names)).toEqual({
      exists: false,
      tables: new Map(),
      stored: undefined,
      schema: undefined,
      state: undefined,
      lastLoadId: undefined,
    });
  });

  it('reads schema, state and last load of a file that is open read-only', async () => {
    const destination = await TestDestination.open();
    await destination.load({ loadId: '1767322801.000000', tables: [models, functions] });
    const { schemaVersionHash } = await destination.load({ loadId: '1767322802.000000', tables: [models] });
    await destination.sql('checkpoint');
    await destination.connection.run('detach target');

    const database = await Database.open({ tempDirectory: destination.folder });
    try {
      await database.attach(join(destination.folder, 'destination.duckdb'), 'live', { readOnly: true });
      const found = await readDataset(await database.connect(), 'live', names);
      expect(found).toMatchObject({ exists: true, lastLoadId: '1767322802.000000', state: { version: 1 } });
      expect(found.stored?.version_hash).toBe(schemaVersionHash);
      expect(found.schema).toEqual(found.stored);
      expect(found.tables.get('models')?.columns.get('price')).toEqual({
        name: 'price',
        type: 'DECIMAL(18,4)',
        nullable: true,
        defaultValue: null,
        generated: false,
        comment: null,
      });
    } finally {
      database.close();
    }
  });

  it('reads schema and state of the names it is asked for only', async () => {
    const destination = await TestDestination.open();
    await destination.load({ tables: [models] });
    const other = await readDataset(destination.connection, 'target', {
      dataset: DATASET,
      schemaName: 'other',
      pipelineName: 'other',
    });

    expect(other).toMatchObject({ exists: true, stored: undefined, state: undefined, lastLoadId: '1767322801.000000' });
    expect(await readDataset(destination.connection, 'target', { ...names, dataset: 'other' })).toMatchObject({
      exists: false,
    });
  });

  it('takes types and parents from the catalogue when the books are gone', async () => {
    const destination = await TestDestination.open();
    await destination.load({ tables: [models, functions] });
    for (const table of ['_dlt_version', '_dlt_loads', '_dlt_pipeline_state'])
      await destination.sql(`drop table ${table}`);
    const { schema, stored, lastLoadId } = await readDataset(destination.connection, 'target', names);

    expect({ stored, lastLoadId }).toEqual({ stored: undefined, lastLoadId: undefined });
    expect(schema?.tables.models?.columns).toMatchObject({
      id: { data_type: 'text', nullable: true },
      price: { data_type: 'decimal', precision: 18, scale: 4 },
      _dlt_id: { row_key: true, nullable: false },
    });
    expect(schema?.tables.models__functions).toMatchObject({
      parent: 'models',
      columns: { _dlt_parent_id: { parent_key: true } },
    });

    await destination.load({ tables: [models, functions] });
    expect(await destination.rows('models', 'id')).toEqual([{ id: 'a' }, { id: 'a' }]);
  });

  it('adds columns and tables that only the file has, without changing the stored document', async () => {
    const destination = await TestDestination.open();
    await destination.load({ tables: [models] });
    await destination.sql('alter table models add column note date');
    await destination.sql('alter table models add column shape struct(a int)');
    await destination.sql('create table mine (n integer not null)');
    await destination.sql('create view v as select * from models');
    const { schema, stored } = await readDataset(destination.connection, 'target', names);

    expect(schema?.tables.models?.columns.note).toEqual({ name: 'note', data_type: 'date', nullable: true });
    expect(schema?.tables.models?.columns.shape).toBeUndefined();
    expect(schema?.tables.mine?.columns).toEqual({
      n: { name: 'n', data_type: 'bigint', precision: 32, nullable: false },
    });
    expect(schema?.tables.v).toBeUndefined();
    expect(stored?.tables.mine).toBeUndefined();
  });
});

describe('a dataset', () => {
  it('is found whatever the case of its letters, as DuckDB finds it', async () => {
    const destination = await TestDestination.open();
    await destination.load({ tables: [models] });
    const found = await readDataset(destination.connection, 'target', { ...names, dataset: DATASET.toUpperCase() });
    expect(found).toMatchObject({ exists: true, lastLoadId: '1767322801.000000' });
    expect(found.tables.has('models')).toBe(true);
  });
});

describe('tables in the place of the books', () => {
  const read = async (...sql: string[]) => {
    const destination = await TestDestination.open();
    await destination.load({ tables: [models] });
    for (const statement of sql) await destination.sql(statement);
    return readDataset(destination.connection, 'target', names);
  };

  it.each([
    ['_dlt_loads', 'status'],
    ['_dlt_loads', 'load_id'],
    ['_dlt_version', 'schema'],
    ['_dlt_pipeline_state', 'state'],
    ['_elt_schema_changes', 'changed_at'],
    ['_elt_load_tables', 'rows_deleted'],
  ])('%s that lacks %s end with 6, and say which column', async (table, column) => {
    await expect(read(`alter table ${table} drop column ${column}`)).rejects.toMatchObject({
      code: 'DestinationUnreadable',
      exitCode: 6,
      message: `The books of dataset ${DATASET} cannot be read: \`${table}\` lacks \`${column}\`.`,
    });
  });

  it('_dlt_loads with a column of another type ends with 6, and says what DuckDB said', async () => {
    const reading = read('alter table _dlt_loads alter status type varchar', "update _dlt_loads set status = 'done'");
    await expect(reading).rejects.toMatchObject({
      code: 'DestinationUnreadable',
      message: expect.stringContaining("Conversion Error: Could not convert string 'done' to INT"),
    });
  });

  it.each([
    ["update _dlt_version set schema = 'no document'"],
    ["update _dlt_version set schema = '[]'"],
    ['update _dlt_version set schema = \'{"tables": 7}\''],
    ["update _dlt_pipeline_state set state = 'no state'"],
    ["update _dlt_pipeline_state set state = ''"],
  ])('that hold something else (%s) end with 6', async (statement) => {
    await expect(read(statement)).rejects.toMatchObject({ exitCode: 6 });
  });

  it('of an older version get the columns that came later', async () => {
    const destination = await TestDestination.open();
    await destination.load({ tables: [models] });
    for (const [table, column] of [
      ['_dlt_loads', 'schema_version_hash'],
      ['_dlt_loads', 'schema_name'],
      ['_dlt_pipeline_state', 'version_hash'],
    ])
      await destination.sql(`alter table ${table} drop column ${column}`);
    await destination.load({ loadId: '1767322802.000000', tables: [models] });
    expect(
      await destination.sql(
        'select load_id, schema_name, schema_version_hash is null as old from _dlt_loads order by 1',
      ),
    ).toEqual([
      { load_id: '1767322801.000000', schema_name: null, old: true },
      { load_id: '1767322802.000000', schema_name: SCHEMA_NAME, old: false },
    ]);
  });
});
