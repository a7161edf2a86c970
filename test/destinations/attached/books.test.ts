import { deflateSync, inflateSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { parseStoredSchema } from '../../../src/schema/stored-schema.ts';
import { versionHash } from '../../../src/schema/version-hash.ts';
import { CREATED_AT, PIPELINE, SCHEMA_NAME, TestDestination, type TestTable } from '../../support/package.ts';

function models(columns: TestTable['columns'] = { id: 'text' }): TestTable {
  return { name: 'models', columns, rows: [{ id: 'a' }] };
}

const loadTable = (load_id: string, rows: Readonly<Record<string, bigint>>) => ({
  ...{ load_id, table_name: 'models' },
  ...{ rows_inserted: 0n, rows_updated: 0n, rows_deleted: 0n, rows_retired: 0n },
  ...rows,
});

const stateText = (stored: unknown) => inflateSync(Buffer.from(String(stored), 'base64')).toString('utf8');

describe('the books', () => {
  it('have dlt’s tables, column for column', async () => {
    const destination = await TestDestination.open();
    await destination.load({ tables: [models()] });

    expect(await destination.columns('_dlt_loads')).toEqual([
      'load_id VARCHAR NOT NULL',
      'schema_name VARCHAR',
      'status BIGINT NOT NULL',
      'inserted_at TIMESTAMP WITH TIME ZONE NOT NULL',
      'schema_version_hash VARCHAR',
    ]);
    expect(await destination.columns('_dlt_version')).toEqual([
      'version BIGINT NOT NULL',
      'engine_version BIGINT NOT NULL',
      'inserted_at TIMESTAMP WITH TIME ZONE NOT NULL',
      'schema_name VARCHAR NOT NULL',
      'version_hash VARCHAR NOT NULL',
      'schema VARCHAR NOT NULL',
    ]);
    expect(await destination.columns('_dlt_pipeline_state')).toEqual([
      'version BIGINT NOT NULL',
      'engine_version BIGINT NOT NULL',
      'pipeline_name VARCHAR NOT NULL',
      'state VARCHAR NOT NULL',
      'created_at TIMESTAMP WITH TIME ZONE NOT NULL',
      'version_hash VARCHAR',
      '_dlt_load_id VARCHAR NOT NULL',
      '_dlt_id VARCHAR NOT NULL',
    ]);
  });

  it('get one row a load, and one for each schema that differs', async () => {
    const destination = await TestDestination.open();
    const first = await destination.load({ loadId: '1767322801.000000', tables: [models()] });
    const second = await destination.load({ loadId: '1767322802.000000', tables: [models()] });
    const third = await destination.load({ loadId: '1767322803.000000', tables: [models({ id: 'text', b: 'date' })] });

    expect(await destination.sql('select load_id, schema_name, status, schema_version_hash from _dlt_loads')).toEqual(
      [first, second, third].map(({ schemaVersionHash }, index) => ({
        load_id: `176732280${index + 1}.000000`,
        schema_name: SCHEMA_NAME,
        status: 0n,
        schema_version_hash: schemaVersionHash,
      })),
    );
    expect(second.schemaVersionHash).toBe(first.schemaVersionHash);
    expect(await destination.sql('select version, version_hash, schema_name from _dlt_version')).toEqual([
      { version: 1n, version_hash: first.schemaVersionHash, schema_name: SCHEMA_NAME },
      { version: 2n, version_hash: third.schemaVersionHash, schema_name: SCHEMA_NAME },
    ]);
  });

  it('hold a schema document that dlt’s hash is of', async () => {
    const destination = await TestDestination.open();
    const { schemaVersionHash } = await destination.load({ tables: [models()] });
    const [row] = await destination.sql('select schema from _dlt_version');
    const document = parseStoredSchema(String(row?.schema));

    expect(document.version_hash).toBe(schemaVersionHash);
    expect(versionHash(document)).toBe(schemaVersionHash);
    expect(Object.keys(document.tables)).toEqual(['_dlt_version', '_dlt_loads', '_dlt_pipeline_state', 'models']);
  });

  it('say when in the run’s own time, the schema’s time later than every earlier one', async () => {
    const destination = await TestDestination.open();
    await destination.load({ tables: [models()] }, { now: CREATED_AT });
    await destination.load({ tables: [models({ id: 'text', b: 'date' })] }, { now: CREATED_AT - 60_000 });

    expect(await destination.sql(`select epoch_ms(inserted_at) as ms from _dlt_loads order by load_id`)).toEqual([
      { ms: BigInt(CREATED_AT) },
      { ms: BigInt(CREATED_AT - 60_000) },
    ]);
    expect(await destination.sql('select version from _dlt_version order by inserted_at')).toEqual([
      { version: 1n },
      { version: 2n },
    ]);
  });

  it('tell what each load wrote to which table, also in a file of a version that did not', async () => {
    const destination = await TestDestination.open();
    await destination.load({ loadId: '1767322801.000000', tables: [models()] });
    await destination.sql('drop table _elt_load_tables');
    const merged = { ...models(), hints: { write_disposition: 'replace' } } as const;
    await destination.load({ loadId: '1767322802.000000', tables: [merged] });
    await destination.load({ loadId: '1767322803.000000', tables: [], resources: { models: 'done' } });
    await destination.load({ loadId: '1767322804.000000', tables: [], resources: { models: 'done' } });

    expect(await destination.sql('select * from _elt_load_tables order by all')).toEqual([
      loadTable('1767322802.000000', { rows_inserted: 1n, rows_deleted: 1n }),
      loadTable('1767322803.000000', { rows_deleted: 1n }),
    ]);
    const [{ comments } = {}] = await destination.sql(
      "select count(comment) as comments from duckdb_columns() where table_name = '_elt_load_tables'",
    );
    expect(comments).toBe(6n);
  });

  it('tell each schema change with its load', async () => {
    const destination = await TestDestination.open();
    await destination.load({ loadId: '1767322801.000000', tables: [{ ...models(), firstValues: { id: 'a' } }] });
    await destination.load({ loadId: '1767322802.000000', tables: [models({ id: 'text', 'we"ird': 'date' })] });
    await destination.load({ loadId: '1767322803.000000', tables: [models()] });

    expect(await destination.sql('select * exclude (changed_at) from _elt_schema_changes')).toEqual([
      {
        load_id: '1767322801.000000',
        table_name: 'models',
        column_name: null,
        change: 'table_added',
        old_type: null,
        new_type: null,
        first_value: null,
      },
      {
        load_id: '1767322801.000000',
        table_name: 'models',
        column_name: 'id',
        change: 'column_added',
        old_type: null,
        new_type: 'VARCHAR',
        first_value: 'a',
      },
      {
        load_id: '1767322802.000000',
        table_name: 'models',
        column_name: 'we"ird',
        change: 'column_added',
        old_type: null,
        new_type: 'DATE',
        first_value: null,
      },
    ]);
  });
});

describe('the pipeline state', () => {
  it('is written once, and again only when it changes', async () => {
    const destination = await TestDestination.open();
    await destination.load({ tables: [models()] });
    await destination.load({ tables: [models()] });
    const rows = await destination.sql('select version, engine_version, pipeline_name, state from _dlt_pipeline_state');

    expect(rows).toMatchObject([{ version: 1n, engine_version: 4n, pipeline_name: PIPELINE }]);
    expect(JSON.parse(stateText(rows[0]?.state))).toMatchObject({
      _state_version: 1,
      _state_engine_version: 4,
      pipeline_name: PIPELINE,
      dataset_name: 'dezgo_api_data',
      schema_names: [SCHEMA_NAME],
      default_schema_name: SCHEMA_NAME,
      destination_type: 'dlt.destinations.duckdb',
      destination_name: null,
    });
  });

  it('of dlt survives byte for byte when our schema is added to it', async () => {
    const destination = await TestDestination.open();
    await destination.load({ loadId: '1767322801.000000', tables: [models()] });
    const sources = '{"github":{"10":1.0,"2":{"cursor":"2024-01-01","big":12345678901234567890},"é":["\\"}",1e-7]}}';
    const state = `{"_state_version":7,"_state_engine_version":4,"schema_names":["github"],"sources":${sources},"default_schema_name":"github","x":null,"_version_hash":"old"}`;
    await destination.sql(
      `update _dlt_pipeline_state set version = 7, state = '${deflateSync(state).toString('base64')}'`,
    );
    await destination.load({ loadId: '1767322802.000000', tables: [models()] });

    const [newest] = await destination.sql(
      `select version, version_hash, state from _dlt_pipeline_state where _dlt_load_id = '1767322802.000000'`,
    );
    expect(newest?.version).toBe(8n);
    expect(stateText(newest?.state)).toBe(
      `{"_state_version":8,"_state_engine_version":4,"schema_names":["github","${SCHEMA_NAME}"],"sources":${sources},"default_schema_name":"github","x":null,"_version_hash":"${newest?.version_hash}"}`,
    );
  });

  it('that cannot be read is an error, not a fresh start', async () => {
    const destination = await TestDestination.open();
    await destination.load({ tables: [models()] });
    await destination.sql(`update _dlt_pipeline_state set state = 'garbage'`);

    await expect(destination.load({ tables: [models()] })).rejects.toMatchObject({
      code: 'DestinationUnreadable',
      exitCode: 6,
    });
  });
});
