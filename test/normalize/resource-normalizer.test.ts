import { describe, expect, test } from 'vitest';
import { resolveContract } from '../../src/schema/contract.ts';
import { shortenTag } from '../../src/schema/tag.ts';
import { normalize, openPackage } from '../support/normalized.ts';

describe('records become rows', () => {
  test('an object is flattened into its row, a list becomes a nested table', async () => {
    const { rows } = await normalize([{ id: 'a', size: { width: 512, height: 768 }, tags: ['x', 'y'] }]);
    expect(await rows('t')).toEqual([{ '#row': 0, id: 'a', size__width: 512n, size__height: 768n }]);
    expect(await rows('t__tags')).toEqual([
      { '#row': 0, '#parent': 0, '#root': 0, '#index': 0, value: 'x' },
      { '#row': 1, '#parent': 0, '#root': 0, '#index': 1, value: 'y' },
    ]);
  });

  test('rows of a table below a nested table know their parent and their root', async () => {
    const { rows } = await normalize([{ a: [{ b: [1] }] }, { a: [{ b: [2] }, { b: [3, 4] }] }]);
    expect(await rows('t__a__b')).toEqual([
      { '#row': 0, '#parent': 0, '#root': 0, '#index': 0, value: 1n },
      { '#row': 1, '#parent': 1, '#root': 1, '#index': 0, value: 2n },
      { '#row': 2, '#parent': 2, '#root': 1, '#index': 0, value: 3n },
      { '#row': 3, '#parent': 2, '#root': 1, '#index': 1, value: 4n },
    ]);
  });

  test('a list inside a list becomes the table `list` below its row', async () => {
    const { rows } = await normalize([{ m: [[1, 2], [3]] }]);
    expect(await rows('t__m')).toMatchObject([{ '#index': 0 }, { '#index': 1 }]);
    expect(await rows('t__m__list')).toMatchObject([
      { '#parent': 0, value: 1n },
      { '#parent': 0, value: 2n },
      { '#parent': 1, value: 3n },
    ]);
  });

  test('lists of mixed elements share one table', async () => {
    const { rows } = await normalize([{ m: [1, 'a', null, { k: 1 }, true] }]);
    expect(await rows('t__m')).toMatchObject([
      { value: 1n },
      { value: null, value__v_text: 'a' },
      { value: null, value__v_text: null },
      { k: 1n },
      { value__v_bool: true },
    ]);
  });

  test('the key `value` of an object in a list fills the same column as scalar elements', async () => {
    for (const list of [
      [{ value: 1 }, 2],
      [1, { value: 2 }],
    ]) {
      const { rows } = await normalize([{ m: list }]);
      expect((await rows('t__m')).map(({ value }) => value)).toEqual([1n, 2n]);
    }
  });

  test('empty objects and lists make neither columns nor tables', async () => {
    const { documents } = await normalize([{ x: 1, d: {}, l: [] }]);
    expect(Object.keys(documents)).toEqual(['t']);
    expect(Object.keys(documents.t?.columns ?? {})).toEqual(['x', '_dlt_load_id', '_dlt_id']);
  });

  test('a list at the top is taken apart, null is passed over, a scalar is a value', async () => {
    const { rows } = await normalize([[{ a: 1 }], null, 5]);
    expect(await rows('t')).toEqual([
      { '#row': 0, a: 1n, value: null },
      { '#row': 1, a: null, value: 5n },
    ]);
  });

  test('a list of plain values is a record, whose values stay together', async () => {
    const { rows } = await normalize([[1704067200, 0.5], [1704153600, 0.75], [[[{ a: 1 }]]]]);
    expect((await rows('t')).map(({ a }) => a)).toEqual([null, null, 1n]);
    expect((await rows('t__value')).map(({ '#parent': row, value }) => [row, value])).toEqual([
      [0, 1704067200n],
      [0, null],
      [1, 1704153600n],
      [1, null],
    ]);
  });

  test('records whose keys come in another order, fewer or more, fill the same columns', async () => {
    const { rows } = await normalize([{ a: 1, b: 'x' }, { b: 'y', a: 2 }, { b: 'z' }, { c: true, a: 4 }]);
    expect(await rows('t')).toEqual([
      { '#row': 0, a: 1n, b: 'x', c: null },
      { '#row': 1, a: 2n, b: 'y', c: null },
      { '#row': 2, a: null, b: 'z', c: null },
      { '#row': 3, a: 4n, b: null, c: true },
    ]);
  });
});

describe('values find their column', () => {
  test('columns take the type of their first value, timestamps are recognised', async () => {
    const { documents } = await normalize([{ i: 1, d: 1.5, b: true, s: 'x', t: '2024-01-15T10:11:12Z' }]);
    const types = Object.fromEntries(Object.values(documents.t?.columns ?? {}).map((c) => [c.name, c.data_type]));
    expect(types).toMatchObject({ i: 'bigint', d: 'double', b: 'bool', s: 'text', t: 'timestamp' });
  });

  test('a value that does not fit goes to a variant column, and its own column stays null', async () => {
    const { rows, documents } = await normalize([{ a: 1 }, { a: 'x' }, { a: 0.5 }, { a: true }, { a: '7' }]);
    expect(await rows('t')).toMatchObject([
      { a: 1n },
      { a: null, a__v_text: 'x' },
      { a: null, a__v_double: 0.5 },
      { a: null, a__v_bool: true },
      { a: 7n },
    ]);
    expect(documents.t?.columns.a__v_text).toMatchObject({ data_type: 'text', variant: true });
  });

  test('integers to 64 bits are exact, beyond them they go to a HUGEINT variant, infinity to text', async () => {
    const { rows, documents } = await normalize([
      { v: 1 },
      { v: 9007199254740993n },
      { v: -9223372036854775808n },
      { v: 9223372036854775808n },
      { v: Number.POSITIVE_INFINITY },
    ]);
    const values = await rows('t');
    expect(values.slice(0, 3)).toMatchObject([{ v: 1n }, { v: 9007199254740993n }, { v: -9223372036854775808n }]);
    expect(values[3]).toMatchObject({ v: null, v__v_bigint: '9223372036854775808' });
    expect(documents.t?.columns.v__v_bigint).toMatchObject({ data_type: 'bigint', precision: 128 });
    expect(values[4]).toMatchObject({ v: null });
    expect(values[4]?.v__v_text).toEqual(expect.any(String));
  });

  test('null makes no column and is reported', async () => {
    const { documents, nullOnly } = await normalize([{ a: null, b: 1, c: { d: null } }]);
    expect(documents.t?.columns.a).toBeUndefined();
    expect(nullOnly.t).toEqual(['a', 'c__d']);
  });

  test('text keeps quotes, control characters and emoji; a lone surrogate becomes U+FFFD', async () => {
    const { rows } = await normalize([{ v: '日本😀 \\ \' " \n\t\u0000end' }, { v: 'a\ud800b' }]);
    expect(await rows('t')).toMatchObject([{ v: '日本😀 \\ \' " \n\t\u0000end' }, { v: 'a\ufffdb' }]);
  });

  test('a scalar column that meets an object gets columns beside it, and one that meets a list a table', async () => {
    const { rows } = await normalize([{ a: 1 }, { a: { b: 2 } }, { a: [3] }]);
    expect(await rows('t')).toMatchObject([{ a: 1n }, { a: null, a__b: 2n }, { a: null }]);
    expect(await rows('t__a')).toMatchObject([{ '#parent': 2, value: 3n }]);
  });
});

describe('keys that normalize to one name', () => {
  const tagged = `foo_bar__${shortenTag('fooBar')}`;

  test.each([
    ['in one record', [{ fooBar: 1, foo_bar: 2 }]],
    ['in the other order', [{ foo_bar: 2, fooBar: 1 }]],
  ])('the key that equals its name keeps it, %s', async (_, records) => {
    const { rows } = await normalize(records);
    expect(await rows('t')).toEqual([{ '#row': 0, foo_bar: 2n, [tagged]: 1n }]);
  });

  test('it also does when it comes in a later record', async () => {
    const { rows } = await normalize([{ fooBar: 1 }, { foo_bar: 2 }]);
    expect(await rows('t')).toMatchObject([
      { [tagged]: 1n, foo_bar: null },
      { [tagged]: null, foo_bar: 2n },
    ]);
  });

  test('keys of which none equals the name are all tagged', async () => {
    const { rows } = await normalize([{ 日本: 1, 東京: 2 }]);
    expect(await rows('t')).toEqual([
      { '#row': 0, [`x__${shortenTag('日本')}`]: 1n, [`x__${shortenTag('東京')}`]: 2n },
    ]);
  });

  test('a nested object yields to a key that is spelled like its path', async () => {
    const { rows } = await normalize([{ a: { b: 1 }, a__b: 2 }]);
    expect(await rows('t')).toEqual([{ '#row': 0, a__b: 2n, [`a__b__${shortenTag('a.b')}`]: 1n }]);
  });

  test('lists below an object and below a list keep their rows apart, whatever comes first and whatever the key', async () => {
    for (const key of ['b', 'B b']) {
      const below = { a: { [key]: [1, 2] } };
      const inList = { a: [{ [key]: ['x', { k: true }] }] };
      const name = key === 'b' ? 't__a__b' : `t__a__b_b__${shortenTag(`t.a__${key}`)}`;
      const other = `${key === 'b' ? 't__a__b' : 't__a__b_b'}__${shortenTag(`t.a.${key}`)}`;
      for (const records of [
        [below, inList],
        [inList, below],
      ]) {
        const { rows, documents } = await normalize(records);
        expect(await rows(name)).toMatchObject([{ value: 1n }, { value: 2n }]);
        expect(await rows(other)).toMatchObject([{ value: 'x' }, { k: true }]);
        expect([documents[name]?.parent, documents[other]?.parent]).toEqual(['t', 't__a']);
      }
    }
  });

  test('lists keep their rows apart, and the tables below follow their parent', async () => {
    const { rows } = await normalize([{ Items: [{ x: [1] }] }, { items: [{ x: [2] }] }]);
    const other = `t__items__${shortenTag('t.Items')}`;
    expect(await rows('t__items')).toMatchObject([{ '#parent': 1 }]);
    expect(await rows(other)).toMatchObject([{ '#parent': 0 }]);
    expect(await rows('t__items__x')).toMatchObject([{ value: 2n }]);
    expect(await rows(`${other}__x`)).toMatchObject([{ value: 1n }]);
  });

  test.each([['__'], [''], [' '], ['"quoted"'], ['a.b'], ['😀'], ['\u0007'], ['constructor'], ['__proto__']])(
    'a key spelled %j loses nothing',
    async (key) => {
      const { rows } = await normalize([JSON.parse(`{${JSON.stringify(key)}: 42}`)]);
      const [row] = await rows('t');
      expect(Object.values(row ?? {})).toContain(42n);
    },
  );
});

describe('names that are too long for the destination', () => {
  const nameLimit = { longest: 63, unit: 'bytes' } as const;
  const street = 'Street name and number, with an entrance where there is one';
  const short = 'customer_address__street_namex3bkbq_entrance_where_there_is_one';

  test('are those that dlt gives, of columns, nested tables and variants', async () => {
    const positions = {
      'Very long list of positions of an order': [{ 'Very long list of discounts of a position': [1] }],
    };
    const { rows, documents } = await normalize(
      [
        {
          'Customer Address': { [street]: 1 },
          'Very long list of orders of a customer': [positions],
          ['a'.repeat(60)]: 1,
        },
        { ['a'.repeat(60)]: 'text' },
      ],
      { nameLimit },
    );
    expect(Object.keys(documents)).toEqual([
      't',
      't__very_long_list_of_orders_of_a_customer',
      't__very_long_list_of_orders_o2egmigist_of_positions_of_an_order',
      't__very_long_list_of_orders_okbpskwt_of_discounts_of_a_position',
    ]);
    expect(await rows('t')).toMatchObject([
      { [short]: 1n },
      { [`${'a'.repeat(29)}90xrmg${'a'.repeat(20)}__v_text`]: 'text' },
    ]);
    expect(await rows('t__very_long_list_of_orders_okbpskwt_of_discounts_of_a_position')).toMatchObject([
      { value: 1n },
    ]);
  });

  test('two keys that normalize to one keep their values apart', async () => {
    const { rows } = await normalize([{ 'Customer Address': { [street]: 1, [street.replace('n', 'N')]: 2 } }], {
      nameLimit,
    });
    const [row = {}] = await rows('t');
    expect(Object.values(row)).toEqual([0, 1n, 2n]);
    expect(Object.keys(row).filter((name) => name.length > 63)).toEqual([]);
  });
});

test('a key that is named like a column that tables of the destination have by themselves gets an `x`', async () => {
  const nameLimit = { longest: 63, unit: 'bytes', system: ['ctid', 'xmin'] } as const;
  const { rows, documents } = await normalize(
    [{ ctid: 1, Xmin: 'a', xminx: 'b', below: { ctid: 2 }, xmax: 3 }, { ctid: [{ xmin: 4 }] }, { ctid: { xmin: 5 } }],
    { nameLimit },
  );
  const [first = {}, , third = {}] = await rows('t');
  expect(first).toMatchObject({ ctidx: 1n, xminx: 'b', below__ctid: 2n, xmax: 3n });
  expect(Object.values(first)).toContain('a');
  expect(third).toMatchObject({ ctid__xmin: 5n });
  expect(await rows('t__ctid')).toMatchObject([{ xminx: 4n }]);
  expect(Object.values(documents).flatMap(({ columns }) => Object.keys(columns))).not.toContain('ctid');
});

test('a key that begins as no column of the destination may gets an `x` before it', async () => {
  const nameLimit = { longest: 63, unit: 'bytes', reserved: ['_partition'] } as const;
  const { rows } = await normalize([{ _PARTITIONTIME: 1, x_partitiontime: 2, partition: 3, in: { _partition: 4 } }], {
    nameLimit,
  });
  const [row = {}] = await rows('t');
  expect(row).toMatchObject({ x_partitiontime: 2n, partition: 3n, in___partition: 4n });
  expect(Object.values(row)).toContain(1n);
});

test('a key that is named like a generated column of the destination gets one beside it', async () => {
  const { rows } = await normalize([{ price: 1, twice: 2 }], { generated: () => ['twice'] });
  expect(await rows('t')).toEqual([{ '#row': 0, price: 1n, [`twice__${shortenTag('twice')}`]: 2n }]);
});

describe('nesting and width', () => {
  const record = { a: { b: { c: 1 } }, l: [{ m: [{ n: 1 }], d: { e: 1 } }], s: [1], q: [[1]] };

  test('max_table_nesting 0 keeps every object and list as JSON', async () => {
    const { rows } = await normalize([record], { maxNesting: 0 });
    expect(await rows('t')).toEqual([
      { '#row': 0, a: '{"b":{"c":1}}', l: '[{"m":[{"n":1}],"d":{"e":1}}]', s: '[1]', q: '[[1]]' },
    ]);
  });

  test('max_table_nesting 1 allows one level', async () => {
    const { rows } = await normalize([record], { maxNesting: 1 });
    expect(await rows('t')).toEqual([{ '#row': 0, a__b: '{"c":1}' }]);
    expect(await rows('t__l')).toMatchObject([{ m: '[{"n":1}]', d: '{"e":1}' }]);
    expect(await rows('t__s')).toMatchObject([{ value: 1n }]);
  });

  test('a list in a list counts as two levels, as in dlt', async () => {
    const { rows } = await normalize([record], { maxNesting: 2 });
    expect(await rows('t__q')).toMatchObject([{ list: '[1]' }]);
    expect(await rows('t__l__m')).toMatchObject([{ n: 1n }]);
  });

  test('objects on the way to a list are no levels for the rows of the list, as in dlt', async () => {
    const { rows } = await normalize([{ a: { b: { l: [{ m: [{ n: [1] }] }] } } }], { maxNesting: 3 });
    expect(await rows('t__a__b__l__m')).toMatchObject([{ '#parent': 0 }]);
    expect(await rows('t__a__b__l__m__n')).toMatchObject([{ value: 1n }]);
  });

  test('200 levels of objects are one row, 200 levels of lists are tables', async () => {
    let deep: unknown = 1;
    for (let level = 0; level < 200; level++) deep = { k: deep };
    const { rows } = await normalize([deep]);
    expect(Object.values((await rows('t'))[0] ?? {})).toContain(1n);
  });

  describe('20,000 levels', () => {
    const levels = 20_000;
    const text = (open: string, close: string) => open.repeat(levels) + 7 + close.repeat(levels);

    test.each([0, 1000, 1_000_000])(
      'of objects are kept as JSON below 501 keys, whatever max_table_nesting allows: %i',
      async (max) => {
        const { rows } = await normalize([JSON.parse(text('{"k":', '}'))], { maxNesting: max });
        const levelsLeft = levels - (max === 0 ? 1 : 501);
        expect(Object.values((await rows('t'))[0] ?? {})).toContain(
          '{"k":'.repeat(levelsLeft) + 7 + '}'.repeat(levelsLeft),
        );
      },
    );

    test.each(['evolve', 'discard_row'] as const)('of lists make 500 tables and JSON, contract %s', async (columns) => {
      const { normalizer } = await openPackage({
        maxNesting: 1_000_000,
        contract: () => ({ ...resolveContract(), columns }),
      });
      for (const [open, close] of [
        ['{"k":[', ']}'],
        ['{"k":[[', ']]}'],
      ] as const) {
        normalizer.add([JSON.parse(text(open, close))], 0);
      }
      const columnsOf = normalizer.describe().map(({ table }) => Object.values(table.schema.columns));
      expect(columnsOf).toHaveLength(1 + 500 + 499);
      expect(columnsOf.flat().filter(({ data_type }) => data_type === 'json')).toHaveLength(2);
    });

    test('of lists around a record are taken apart', async () => {
      const { rows } = await normalize([JSON.parse(text('[', ']').replace('7', '{"a":7}'))]);
      expect(await rows('t')).toEqual([{ '#row': 0, a: 7n }]);
    });
  });

  test('an object that uses ids as keys meets the limit of columns', async () => {
    const wide = Object.fromEntries(Array.from({ length: 60 }, (_, index) => [`id_${index}`, index]));
    await expect(normalize([wide], { maxColumns: 50 })).rejects.toThrow(
      'Table t would have 51 columns; `max_columns` allows 50',
    );
  });

  test('many rows and many columns pass through the buffers unharmed', async () => {
    const records = Array.from({ length: 2500 }, (_, id) => ({
      id,
      ...Object.fromEntries(Array.from({ length: 40 }, (_, column) => [`c${column}`, `${id}-${column}`])),
      tags: [id, id + 1],
    }));
    const { rows } = await normalize(records);
    const values = await rows('t');
    expect(values).toHaveLength(2500);
    expect(values[2321]).toMatchObject({ '#row': 2321, id: 2321n, c0: '2321-0', c39: '2321-39' });
    expect(await rows('t__tags')).toHaveLength(5000);
  });
});
