import { describe, expect, it } from 'vitest';
import { CREATED_AT, TestDestination, type TestTable } from '../../support/package.ts';

type Rows = TestTable['rows'];

/** Keys as the normalizer prescribes them: a hash of the primary key, here the key itself. */
function models(strategy: 'upsert' | 'insert-only', rows: Rows, columns: TestTable['columns'] = {}): TestTable {
  return {
    name: 'models',
    hints: { write_disposition: 'merge', 'x-merge-strategy': strategy },
    columns: { id: { data_type: 'text', primary_key: true }, name: 'text', ...columns },
    rows: rows.map((row) => ({ '#key': `key of ${row.id}`, ...row })),
  };
}

/** `of`: the model; nested keys are made of the root's key and the place in the list, as dlt does. */
function functions(rows: readonly { of: string; parent: number; index: number; value: string }[]): TestTable {
  return {
    name: 'models__functions',
    parent: 'models',
    rootKey: true,
    columns: { value: 'text' },
    rows: rows.map(({ of, parent, index, value }) => ({
      '#parent': parent,
      '#index': index,
      '#key': `${of}/${index}`,
      '#parent_key': `key of ${of}`,
      '#root_key': `key of ${of}`,
      value,
    })),
  };
}

const nested = `select _dlt_root_id as root, _dlt_list_idx::int as idx, value from models__functions order by all`;

describe('merge by upsert', () => {
  it('updates rows with a known key where they are, and inserts the others', async () => {
    const destination = await TestDestination.open();
    await destination.load({
      loadId: '1767322801.000000',
      tables: [
        models('upsert', [
          { id: 'a', name: 'old' },
          { id: 'b', name: 'old' },
        ]),
      ],
    });
    await destination.sql('alter table models add column note varchar');
    await destination.sql(`update models set note = 'mine'`);
    await destination.load({
      loadId: '1767322802.000000',
      tables: [
        models('upsert', [
          { id: 'b', name: 'new' },
          { id: 'c', name: 'new' },
        ]),
      ],
    });

    expect(await destination.rows('models', '*')).toEqual([
      { id: 'a', name: 'old', _dlt_load_id: '1767322801.000000', _dlt_id: 'key of a', note: 'mine' },
      { id: 'b', name: 'new', _dlt_load_id: '1767322802.000000', _dlt_id: 'key of b', note: 'mine' },
      { id: 'c', name: 'new', _dlt_load_id: '1767322802.000000', _dlt_id: 'key of c', note: null },
    ]);
  });

  it('empties columns that the new version of a row does not have', async () => {
    const destination = await TestDestination.open();
    await destination.load({ tables: [models('upsert', [{ id: 'a', name: 'old', extra: 'x' }], { extra: 'text' })] });
    await destination.load({ tables: [models('upsert', [{ id: 'a', name: 'new' }], { extra: 'text' })] });

    expect(await destination.rows('models')).toEqual([{ id: 'a', name: 'new', extra: null }]);
  });

  it('updates list items in place and deletes those that are gone', async () => {
    const destination = await TestDestination.open();
    await destination.load({
      tables: [
        models('upsert', [{ id: 'a' }, { id: 'b' }]),
        functions([
          { of: 'a', parent: 0, index: 0, value: 'a0' },
          { of: 'b', parent: 1, index: 0, value: 'b0' },
          { of: 'b', parent: 1, index: 1, value: 'b1' },
        ]),
      ],
    });
    await destination.load({
      tables: [models('upsert', [{ id: 'b' }]), functions([{ of: 'b', parent: 0, index: 0, value: 'B0' }])],
    });
    expect(await destination.sql(nested)).toEqual([
      { root: 'key of a', idx: 0, value: 'a0' },
      { root: 'key of b', idx: 0, value: 'B0' },
    ]);

    await destination.load({ tables: [models('upsert', [{ id: 'b' }])] });
    expect(await destination.sql(nested)).toEqual([{ root: 'key of a', idx: 0, value: 'a0' }]);
  });

  it('keeps the last of several rows with one key, also in a new table', async () => {
    const destination = await TestDestination.open();
    const twice = () => [
      models('upsert', [
        { id: 'a', name: 'first' },
        { id: 'a', name: 'last' },
      ]),
      functions([
        { of: 'a', parent: 0, index: 0, value: 'of first' },
        { of: 'a', parent: 1, index: 0, value: 'of last' },
      ]),
    ];
    for (const { counts } of [
      await destination.load({ tables: twice() }),
      await destination.load({ tables: twice() }),
    ]) {
      expect(Object.values(counts)).toEqual([1]);
      expect(await destination.rows('models')).toEqual([{ id: 'a', name: 'last' }]);
      expect(await destination.sql(nested)).toEqual([{ root: 'key of a', idx: 0, value: 'of last' }]);
    }
  });

  it('deletes rows that the package marks as deleted', async () => {
    const destination = await TestDestination.open();
    const gone = { gone: { data_type: 'bool', hard_delete: true } } as const;
    await destination.load({
      tables: [
        models(
          'upsert',
          [
            { id: 'a', gone: false },
            { id: 'b', gone: true },
            { id: 'c', gone: null },
          ],
          gone,
        ),
        functions([
          { of: 'a', parent: 0, index: 0, value: 'a0' },
          { of: 'c', parent: 2, index: 0, value: 'c0' },
        ]),
      ],
    });
    expect(await destination.rows('models', 'id')).toEqual([{ id: 'a' }, { id: 'c' }]);

    await destination.load({
      tables: [
        models(
          'upsert',
          [
            { id: 'a', gone: true },
            { id: 'd', gone: false },
          ],
          gone,
        ),
      ],
    });
    expect(await destination.rows('models', 'id')).toEqual([{ id: 'c' }, { id: 'd' }]);
    expect(await destination.sql(nested)).toEqual([{ root: 'key of c', idx: 0, value: 'c0' }]);
  });

  it('takes over rows that were loaded with other keys', async () => {
    const destination = await TestDestination.open();
    const before = { ...models('upsert', []), hints: { write_disposition: 'merge' } } as const;
    await destination.load({
      tables: [
        { ...before, rows: [{ id: 'a', name: 'old' }] },
        {
          name: 'models__functions',
          parent: 'models',
          rootKey: true,
          columns: { value: 'text' },
          rows: [{ '#parent': 0, value: 'old' }],
        },
      ],
    });
    await destination.load({
      tables: [
        models('upsert', [{ id: 'a', name: 'new' }]),
        functions([{ of: 'a', parent: 0, index: 0, value: 'new' }]),
      ],
    });

    expect(await destination.rows('models', 'id, name, _dlt_id')).toEqual([
      { id: 'a', name: 'new', _dlt_id: 'key of a' },
    ]);
    expect(await destination.sql(nested)).toEqual([{ root: 'key of a', idx: 0, value: 'new' }]);
  });
});

describe('merge by insert-only', () => {
  it('inserts new keys and leaves what is there', async () => {
    const destination = await TestDestination.open();
    await destination.load({
      tables: [
        models('insert-only', [{ id: 'a', name: 'old' }]),
        functions([{ of: 'a', parent: 0, index: 0, value: 'old' }]),
      ],
    });
    const { counts } = await destination.load({
      tables: [
        models('insert-only', [
          { id: 'a', name: 'new' },
          { id: 'b', name: 'first' },
          { id: 'b', name: 'last' },
        ]),
        functions([
          { of: 'a', parent: 0, index: 0, value: 'new' },
          { of: 'b', parent: 2, index: 0, value: 'new' },
        ]),
      ],
    });

    expect(await destination.rows('models')).toEqual([
      { id: 'a', name: 'old' },
      { id: 'b', name: 'last' },
    ]);
    expect(await destination.sql(nested)).toEqual([
      { root: 'key of a', idx: 0, value: 'old' },
      { root: 'key of b', idx: 0, value: 'new' },
    ]);
    expect(counts).toEqual({
      'rows of models dropped as duplicates of a key': 1,
      'rows of models left out because a row with their key was there': 1,
    });
  });
});

interface Scd2Hints {
  readonly active?: string;
  readonly boundary?: string;
  readonly mergeKey?: string;
  readonly primaryKey?: string;
}

/** Keys as the normalizer prescribes them: a hash of the whole record. */
function versions(rows: Rows, { active, boundary, mergeKey, primaryKey }: Scd2Hints = {}): TestTable {
  const timestamp = { data_type: 'timestamp', nullable: true } as const;
  return {
    name: 'models',
    hints: {
      write_disposition: 'merge',
      'x-merge-strategy': 'scd2',
      ...(boundary === undefined ? {} : { 'x-boundary-timestamp': boundary }),
    },
    columns: {
      _dlt_valid_from: { ...timestamp, 'x-valid-from': true },
      _dlt_valid_to: { ...timestamp, 'x-valid-to': true, 'x-active-record-timestamp': active ?? null },
      id: {
        data_type: 'text',
        ...(mergeKey === 'id' ? { merge_key: true } : {}),
        ...(primaryKey === 'id' ? { primary_key: true } : {}),
      },
      price: 'bigint',
      _dlt_id: { nullable: false, 'x-row-version': true },
    },
    rows: rows.map((row) => ({ '#key': `${row.id}=${row.price}`, ...row })),
  };
}

const history = `select id, price::int as price, strftime(_dlt_valid_from, '%d') as "from", strftime(_dlt_valid_to, '%d') as "to"
  from models order by id, _dlt_valid_from`;
const day = (number: number) => Date.UTC(2026, 0, number, 12);

describe('merge by scd2', () => {
  it('puts the validity columns first', async () => {
    const destination = await TestDestination.open();
    await destination.load({ tables: [versions([{ id: 'a', price: 1 }])] });

    expect((await destination.columns('models')).slice(0, 3)).toEqual([
      '_dlt_valid_from TIMESTAMP WITH TIME ZONE',
      '_dlt_valid_to TIMESTAMP WITH TIME ZONE',
      'id VARCHAR',
    ]);
    expect(
      await destination.sql(
        `select _dlt_valid_from = make_timestamptz(${CREATED_AT * 1000}::bigint) as same from models`,
      ),
    ).toEqual([{ same: true }]);
  });

  it('retires versions that are absent, adds new ones, leaves the others', async () => {
    const destination = await TestDestination.open();
    await destination.load({
      createdAt: day(1),
      tables: [
        versions([
          { id: 'a', price: 1 },
          { id: 'b', price: 1 },
          { id: 'c', price: 1 },
        ]),
      ],
    });
    await destination.load({
      createdAt: day(2),
      tables: [
        versions([
          { id: 'a', price: 1 },
          { id: 'b', price: 2 },
        ]),
      ],
    });

    expect(await destination.sql(history)).toEqual([
      { id: 'a', price: 1, from: '01', to: null },
      { id: 'b', price: 1, from: '01', to: '02' },
      { id: 'b', price: 2, from: '02', to: null },
      { id: 'c', price: 1, from: '01', to: '02' },
    ]);
  });

  it('starts a version anew that retired and comes back', async () => {
    const destination = await TestDestination.open();
    for (const [index, price] of [1, 2, 1].entries()) {
      await destination.load({ createdAt: day(index + 1), tables: [versions([{ id: 'a', price }])] });
    }

    expect(await destination.sql(history)).toEqual([
      { id: 'a', price: 1, from: '01', to: '02' },
      { id: 'a', price: 2, from: '02', to: '03' },
      { id: 'a', price: 1, from: '03', to: null },
    ]);
  });

  it('takes boundary and the timestamp of active records from the hints', async () => {
    const destination = await TestDestination.open();
    const active = '9999-12-31T00:00:00Z';
    await destination.load({
      tables: [versions([{ id: 'a', price: 1 }], { active, boundary: '2025-05-05T00:00:00Z' })],
    });
    await destination.load({
      tables: [versions([{ id: 'a', price: 2 }], { active, boundary: '2025-05-06T00:00:00Z' })],
    });

    expect(await destination.sql(history)).toEqual([
      { id: 'a', price: 1, from: '05', to: '06' },
      { id: 'a', price: 2, from: '06', to: '31' },
    ]);
  });

  it.each([
    ['2025-05-05', '05'],
    ['1746576000', '07'],
    ['2025-W19-2', '06'],
  ])('reads the boundary %s as dlt does', async (boundary, from) => {
    const destination = await TestDestination.open();
    await destination.load({ tables: [versions([{ id: 'a', price: 1 }], { boundary })] });

    expect(await destination.sql(history)).toEqual([{ id: 'a', price: 1, from, to: null }]);
  });

  it('refuses a boundary that is no timestamp', async () => {
    const destination = await TestDestination.open();
    const load = destination.load({ tables: [versions([{ id: 'a', price: 1 }], { boundary: 'soon' })] });

    await expect(load).rejects.toMatchObject({ code: 'ConfigInvalid', message: expect.stringContaining('`soon`') });
  });

  it('leaves one version of a primary key active: the last of a package', async () => {
    const destination = await TestDestination.open();
    const primaryKey = 'id';
    const twice = [
      { id: 'a', price: 1 },
      { id: 'a', price: 2 },
    ];
    for (const [index, rows] of [twice, twice.toReversed(), twice].entries()) {
      const { counts } = await destination.load({
        createdAt: day(index + 1),
        tables: [versions([{ id: 'b', price: 1 }, ...rows], { primaryKey })],
      });
      expect(Object.values(counts)).toEqual([1]);
    }

    expect(await destination.sql(history)).toEqual([
      { id: 'a', price: 2, from: '01', to: '02' },
      { id: 'a', price: 1, from: '02', to: '03' },
      { id: 'a', price: 2, from: '03', to: null },
      { id: 'b', price: 1, from: '01', to: null },
    ]);
  });

  it('leaves all rows of a merge key active, and counts those beside another one', async () => {
    const destination = await TestDestination.open();
    const rows = [1, 2, 3].map((price) => ({ id: 'a', price }));
    const { counts } = await destination.load({ tables: [versions(rows, { mergeKey: 'id' })] });

    expect(await destination.rows('models', 'price')).toHaveLength(3);
    expect(counts).toEqual({ 'rows of models active beside another one of this load with the same merge key': 2 });
  });

  it('retires only rows whose merge key is in the package', async () => {
    const destination = await TestDestination.open();
    const mergeKey = 'id';
    await destination.load({
      createdAt: day(1),
      tables: [
        versions(
          [
            { id: 'a', price: 1 },
            { id: 'b', price: 1 },
          ],
          { mergeKey },
        ),
      ],
    });
    await destination.load({ createdAt: day(2), tables: [versions([{ id: 'b', price: 2 }], { mergeKey })] });

    expect(await destination.sql(history)).toEqual([
      { id: 'a', price: 1, from: '01', to: null },
      { id: 'b', price: 1, from: '01', to: '02' },
      { id: 'b', price: 2, from: '02', to: null },
    ]);
  });

  it('adds nested rows with new versions only, and equal records of one package once', async () => {
    const destination = await TestDestination.open();
    const tags = (...values: string[]): TestTable => ({
      name: 'models__tags',
      parent: 'models',
      rootKey: true,
      columns: { value: 'text' },
      rows: values.map((value, index) => ({
        '#parent': 0,
        '#index': index,
        '#key': `tag ${value}`,
        '#parent_key': 'a=1',
        '#root_key': 'a=1',
        value,
      })),
    });
    const a1 = { id: 'a', price: 1 };
    await destination.load({ createdAt: day(1), tables: [versions([a1]), tags('x')] });
    const { counts } = await destination.load({ createdAt: day(2), tables: [versions([a1, a1]), tags('x')] });

    expect(await destination.sql(history)).toEqual([{ id: 'a', price: 1, from: '01', to: null }]);
    expect(await destination.rows('models__tags')).toEqual([{ value: 'x' }]);
    expect(Object.values(counts)).toEqual([1]);
  });

  it('tells versions apart by a column that the record brings', async () => {
    const destination = await TestDestination.open();
    const table = (version: string, price: number): TestTable => {
      const { columns, ...rest } = versions([]);
      const { _dlt_id: _, ...others } = columns;
      return {
        ...rest,
        columns: { ...others, v: { data_type: 'text', nullable: false, 'x-row-version': true } },
        rows: [{ id: 'a', price, v: version }],
      };
    };
    await destination.load({ createdAt: day(1), tables: [table('v1', 1)] });
    await destination.load({ createdAt: day(2), tables: [table('v1', 9)] });
    await destination.load({ createdAt: day(3), tables: [table('v2', 9)] });

    expect(await destination.sql(history)).toEqual([
      { id: 'a', price: 1, from: '01', to: '03' },
      { id: 'a', price: 9, from: '03', to: null },
    ]);
  });

  it('tells versions of two keys apart that have the same value in that column', async () => {
    const destination = await TestDestination.open();
    const table = (...rows: Rows): TestTable => {
      const { columns, ...rest } = versions([], { mergeKey: 'id' });
      const { _dlt_id: _, ...others } = columns;
      return {
        ...rest,
        columns: { ...others, v: { data_type: 'text', nullable: false, 'x-row-version': true } },
        rows,
      };
    };
    await destination.load({
      createdAt: day(1),
      tables: [table({ id: 'a', price: 1, v: 'v1' }, { id: 'b', price: 1, v: 'v1' })],
    });
    await destination.load({
      createdAt: day(2),
      tables: [table({ id: 'c', price: 1, v: 'v1' }, { id: 'b', price: 2, v: 'v2' })],
    });

    expect(await destination.sql(history)).toEqual([
      { id: 'a', price: 1, from: '01', to: null },
      { id: 'b', price: 1, from: '01', to: '02' },
      { id: 'b', price: 2, from: '02', to: null },
      { id: 'c', price: 1, from: '02', to: null },
    ]);
  });
});
