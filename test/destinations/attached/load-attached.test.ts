import { describe, expect, it } from 'vitest';
import { TestDestination, type TestTable } from '../../support/package.ts';

const loadId = '1767322801.000000';
const models: TestTable = { name: 'models', columns: { id: 'text' }, rows: [{ id: 'a' }, { id: 'b' }] };
const functions: TestTable = {
  name: 'models__functions',
  parent: 'models',
  columns: { value: 'text' },
  rows: [{ '#parent': 1, value: 'f' }],
};

async function everything(destination: TestDestination) {
  return {
    models: await destination.rows('models', '*'),
    functions: await destination.rows('models__functions', '*'),
    loads: await destination.sql('select load_id, schema_version_hash from _dlt_loads'),
  };
}

describe('loadPackage', () => {
  it('does not load a package again, and says so', async () => {
    const destination = await TestDestination.open();
    const first = await destination.load({ loadId, tables: [models, functions] });
    const before = await everything(destination);
    const second = await destination.load({ loadId, tables: [models, functions] });

    expect(first.loaded).toBe(true);
    expect(second).toEqual({
      loaded: false,
      tables: [],
      changes: [],
      counts: {},
      notes: [],
      emptied: [],
      replaced: [],
      resources: [],
      schemaVersionHash: first.schemaVersionHash,
    });
    expect(await everything(destination)).toEqual(before);
  });

  it('gives the same keys when one package is loaded into two files, other keys for another load', async () => {
    const [one, two, three] = [
      await TestDestination.open(),
      await TestDestination.open(),
      await TestDestination.open(),
    ];
    await one.load({ loadId, tables: [models, functions] });
    await two.load({ loadId, tables: [models, functions] });
    await three.load({ loadId: '1767322802.000000', tables: [models, functions] });
    const ids = async (destination: TestDestination) =>
      (await destination.rows('models', '_dlt_id')).map((row) => row._dlt_id);

    expect(await everything(two)).toEqual(await everything(one));
    expect(new Set([...(await ids(one)), ...(await ids(three))]).size).toBe(4);
  });

  it('leaves everything as it was when the last statement of a load fails', async () => {
    const destination = await TestDestination.open();
    await destination.load({ loadId, tables: [models, functions] });
    const before = await everything(destination);
    await destination.sql('drop table _dlt_loads');
    await destination.sql(
      `create table _dlt_loads (load_id varchar, schema_name varchar, status bigint check (status > 0), inserted_at timestamptz, schema_version_hash varchar)`,
    );
    const more = { ...models, columns: { id: 'text', extra: 'text' }, rows: [{ id: 'c', extra: 'x' }] } as const;

    await expect(destination.load({ tables: [more, functions] })).rejects.toThrow('the books');
    expect(await destination.rows('models', '*')).toEqual(before.models);
    expect(await destination.rows('models__functions', '*')).toEqual(before.functions);
  });

  it('keeps ids that records bring, and joins their children to them', async () => {
    const destination = await TestDestination.open();
    await destination.load({
      tables: [
        { ...models, rows: [{ id: 'a', '#key': 'mine' }, { id: 'b' }] },
        {
          ...functions,
          rows: [
            { '#parent': 0, '#parent_key': 'mine', value: 'of a' },
            { '#parent': 1, value: 'of b' },
          ],
        },
      ],
    });

    expect(
      await destination.sql(
        "select m.id, f.value, m._dlt_id = 'mine' as own from models m join models__functions f on f._dlt_parent_id = m._dlt_id order by 1",
      ),
    ).toEqual([
      { id: 'a', value: 'of a', own: true },
      { id: 'b', value: 'of b', own: false },
    ]);
  });

  it('stores every data type of dlt', async () => {
    const destination = await TestDestination.open();
    await destination.load({
      tables: [
        {
          name: 't',
          columns: {
            a_text: 'text',
            a_double: 'double',
            a_bool: 'bool',
            a_bigint: 'bigint',
            a_small: { data_type: 'bigint', precision: 8 },
            a_binary: 'binary',
            a_json: 'json',
            a_decimal: { data_type: 'decimal', precision: 10, scale: 2 },
            a_wei: 'wei',
            a_date: 'date',
            a_time: 'time',
          },
          rows: [
            {
              a_text: '日本語\n\'"',
              a_double: 0.1,
              a_bool: true,
              a_bigint: 9223372036854775807n,
              a_small: 127,
              a_binary: 'AAH/',
              a_json: '{"a":[1,null]}',
              a_decimal: '12345678.905',
              a_wei: '99999999999999999999999999999999999999',
              a_date: '2024-02-29',
              a_time: '10:11:12.5',
            },
          ],
        },
      ],
    });

    const columns = await destination.columns('t');
    expect(columns.slice(0, 11).map((column) => column.split(' ')[1])).toEqual([
      'VARCHAR',
      'DOUBLE',
      'BOOLEAN',
      'BIGINT',
      'TINYINT',
      'BLOB',
      'JSON',
      'DECIMAL(10,2)',
      'DECIMAL(38,0)',
      'DATE',
      'TIME',
    ]);
    expect(await destination.sql("select columns(c -> starts_with(c, 'a_'))::varchar from t")).toEqual([
      {
        a_text: '日本語\n\'"',
        a_double: '0.1',
        a_bool: 'true',
        a_bigint: '9223372036854775807',
        a_small: '127',
        a_binary: '\\x00\\x01\\xFF',
        a_json: '{"a":[1,null]}',
        a_decimal: '12345678.91',
        a_wei: '99999999999999999999999999999999999999',
        a_date: '2024-02-29',
        a_time: '10:11:12.5',
      },
    ]);
  });

  it.each(['no date', 'no space left on device'])(
    'refuses a value that does not fit its column as a broken contract, and names table and value: %s',
    async (d) => {
      const destination = await TestDestination.open();
      const failure = destination.load({ tables: [{ name: 't', columns: { d: 'date' }, rows: [{ d }] }] });

      await expect(failure).rejects.toMatchObject({ code: 'ContractViolated', exitCode: 7, facts: { table: 't' } });
      await expect(failure).rejects.toThrow(new RegExp(`table \`t\`.*${d}`));
    },
  );

  it('blames the destination for what only a person can mend there', async () => {
    const destination = await TestDestination.open();
    await destination.sql('create schema dezgo_api_data');
    await destination.sql('create view models as select 1 as id');

    await expect(destination.load({ tables: [models] })).rejects.toMatchObject({
      code: 'DestinationFailed',
      exitCode: 6,
    });
  });

  it('refuses a package that is not the one it was asked for, or not complete', async () => {
    const destination = await TestDestination.open();

    await expect(destination.load({ loadId, tables: [models] }, { loadId: '1.000000' })).rejects.toMatchObject({
      code: 'Internal',
    });
    await expect(
      destination.load({ loadId, tables: [models], resources: { models: 'running' } }),
    ).rejects.toMatchObject({ code: 'Internal' });
  });

  it('takes names with quotes, dots and blanks as they are', async () => {
    const destination = await TestDestination.open();
    const odd = `o'd"d. name`;
    await destination.load({
      tables: [
        {
          name: odd,
          columns: { [odd]: { data_type: 'text', description: odd } },
          hints: { description: odd },
          rows: [{ [odd]: odd }],
        },
      ],
    });

    expect(await destination.rows(odd)).toEqual([{ [odd]: odd }]);
  });

  it('loads a table of 2,000 columns', async () => {
    const destination = await TestDestination.open();
    const names = Array.from({ length: 2000 }, (_, index) => `c${index}`);
    await destination.load({
      tables: [
        {
          name: 'wide',
          columns: Object.fromEntries(names.map((name) => [name, 'text'])),
          rows: [Object.fromEntries(names.map((name) => [name, name]))],
        },
      ],
    });

    expect(await destination.sql('select c0, c1999 from wide')).toEqual([{ c0: 'c0', c1999: 'c1999' }]);
    expect(await destination.sql('select count(*)::int as n from _elt_schema_changes')).toEqual([{ n: 2001 }]);
  });
});
