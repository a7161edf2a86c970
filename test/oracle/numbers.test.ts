import { describe, expect, it } from 'vitest';
import { changes, outcomeOf, outcomeTests } from './outcome.ts';
import { Replay } from './replay.ts';

const test = outcomeTests();

/** The first integer that no double is. */
const odd = 2n ** 53n + 1n;

describe('an integer column meets 0.5', () => {
  test('in one run: it is double', {}, [[{ a: 1 }, { a: 0.5 }]], ({ columns, rows }) => {
    expect(columns()).toEqual(['a DOUBLE']);
    expect(rows()).toEqual([{ a: '1' }, { a: '0.5' }]);
  });

  test(
    'in a later run: it widens, the change is told, and integers still fit',
    {},
    [[{ a: 1 }], [{ a: 0.5 }], [{ a: 2 }]],
    ({ columns, rows, traces }) => {
      expect(columns()).toEqual(['a DOUBLE']);
      expect(rows()).toEqual([{ a: '1' }, { a: '0.5' }, { a: '2' }]);
      expect(changes(traces[1])).toEqual([['a', 'column_widened', 'DOUBLE', '0.5']]);
      expect(changes(traces[2])).toEqual([]);
    },
  );

  test('in a list: the nested table widens', {}, [[{ l: [1, 2] }], [{ l: [0.5] }]], ({ columns, rows }) => {
    expect(columns('t__l')).toEqual(['value DOUBLE']);
    expect(rows('t__l')).toEqual([{ value: '1' }, { value: '2' }, { value: '0.5' }]);
  });

  test(
    'although a hint says bigint: also in the runs that follow',
    { columns: { a: { data_type: 'bigint' } } },
    [[{ a: 1 }], [{ a: 0.5 }], [{ a: 1.5 }]],
    ({ columns, rows }) => {
      expect(columns()).toEqual(['a DOUBLE']);
      expect(rows()).toEqual([{ a: '1' }, { a: '0.5' }, { a: '1.5' }]);
    },
  );

  test(
    'as a merge key: rows are still found by it',
    { primary_key: 'id', write_disposition: 'merge' },
    [
      [
        { id: 1, v: 'a' },
        { id: 2, v: 'b' },
      ],
      [
        { id: 1, v: 'c' },
        { id: 1.5, v: 'd' },
      ],
    ],
    ({ columns, rows }) => {
      expect(columns()).toEqual(['id DOUBLE', 'v VARCHAR']);
      expect(rows()).toHaveLength(3);
      expect(rows()).toEqual(
        expect.arrayContaining([
          { id: '1', v: 'c' },
          { id: '1.5', v: 'd' },
          { id: '2', v: 'b' },
        ]),
      );
    },
  );

  for (const [place, runs] of [
    ['this run', [[{ a: odd }, { a: 0.5 }]]],
    ['the file', [[{ a: odd }], [{ a: 0.5 }]]],
  ] as const) {
    test(
      `a variant takes it where an integer beyond 2^53 is in ${place}`,
      {},
      [...runs, [{ a: 1.5 }, { a: 3 }]],
      ({ columns, rows }) => {
        expect(columns()).toEqual(['a BIGINT', 'a__v_double DOUBLE']);
        expect(rows()).toEqual([{ a: String(odd) }, { a__v_double: '0.5' }, { a__v_double: '1.5' }, { a: '3' }]);
      },
    );
  }

  test(
    'a variant takes it where the integer beyond 2^53 comes with it, and small ones are in the file',
    {},
    [[{ a: 1 }], [{ a: odd }, { a: 0.5 }]],
    ({ columns, rows }) => {
      expect(columns()).toEqual(['a BIGINT', 'a__v_double DOUBLE']);
      expect(rows()).toEqual([{ a: '1' }, { a: String(odd) }, { a__v_double: '0.5' }]);
    },
  );

  test(
    'the other way round: an integer beyond 2^53 goes to a variant of a double column, smaller ones do not',
    {},
    [[{ a: 0.5 }], [{ a: odd }, { a: odd - 1n }]],
    ({ columns, rows }) => {
      expect(columns()).toEqual(['a DOUBLE', 'a__v_bigint BIGINT']);
      expect(rows()).toEqual([{ a: '0.5' }, { a__v_bigint: String(odd) }, { a: String(odd - 1n) }]);
    },
  );
});

describe('integers beyond 64 bits', () => {
  const [least, most] = [-(2n ** 127n), 2n ** 127n - 1n];
  test(
    'widen the column to HUGEINT up to 128 bits, exactly',
    {},
    [[{ a: 1 }], [{ a: most }], [{ a: least }, { a: 2 }]],
    ({ columns, rows, traces }) => {
      expect(columns()).toEqual(['a HUGEINT']);
      expect(rows()).toEqual([{ a: '1' }, { a: String(most) }, { a: String(least) }, { a: '2' }]);
      expect(changes(traces[1])).toEqual([['a', 'column_widened', 'HUGEINT', String(most)]]);
    },
  );

  const digits = '1234567890123456789012345678901234567890';
  test(
    'are text in a variant beyond 128 bits, digit for digit',
    {},
    ['[{"a": 1}]', `[{"a": ${digits}}, {"a": -${digits}}]`],
    ({ columns, rows }) => {
      expect(columns()).toEqual(['a BIGINT', 'a__v_text VARCHAR']);
      expect(rows()).toEqual([{ a: '1' }, { a__v_text: digits }, { a__v_text: `-${digits}` }]);
    },
  );

  test(
    'keep 0.5 out of the column',
    {},
    [[{ a: 1 }, { a: 2n ** 64n }, { a: 0.5 }], [{ a: 1.5 }]],
    ({ columns, rows }) => {
      expect(columns()).toEqual(['a HUGEINT', 'a__v_double DOUBLE']);
      expect(rows()).toEqual([{ a: '1' }, { a: String(2n ** 64n) }, { a__v_double: '0.5' }, { a__v_double: '1.5' }]);
    },
  );
});

describe('an integral fraction is', () => {
  test('an integer', {}, ['[{"a": 1.0}]'], ({ columns, rows }) => {
    expect([columns(), rows()]).toEqual([['a BIGINT'], [{ a: '1' }]]);
  });

  test('an integer until a real one comes', {}, ['[{"a": 1.0}]', '[{"a": 1.5}]'], ({ columns, rows }) => {
    expect([columns(), rows()]).toEqual([['a DOUBLE'], [{ a: '1' }, { a: '1.5' }]]);
  });
});

describe('numbers that no double can hold', () => {
  it('are text in a variant, and counted', async () => {
    const { columns, rows, traces } = await outcomeOf({}, '[{"a": 1, "b": 0.5}, {"a": 1e400, "b": -1e400}]');
    expect(columns()).toEqual(['a BIGINT', 'b DOUBLE', 'a__v_text VARCHAR', 'b__v_text VARCHAR']);
    expect(rows()).toEqual([
      { a: '1', b: '0.5' },
      { a__v_text: 'Infinity', b__v_text: '-Infinity' },
    ]);
    expect(traces[0]?.counts).toEqual({ 'numbers that no double can hold, kept as text': 2 });
  });

  it('so is NaN from a program', async () => {
    const { rows, traces } = await outcomeOf({}, [{ a: 1 }, { a: Number.NaN }]);
    expect(rows()).toEqual([{ a: '1' }, { a__v_text: 'NaN' }]);
    expect(traces[0]?.counts).toEqual({ 'numbers that no double can hold, kept as text': 1 });
  });
});

describe('null and empty lists among the records', () => {
  it.each([
    ['[null]', [], 1],
    ['[{"a": 1}, null, [], [{"a": 2}], {}]', [{ a: '1' }, { a: '2' }, {}], 2],
  ])('make no row, and are counted: %s', async (reply, expected, count) => {
    const { rows, traces } = await outcomeOf({}, reply);
    expect(rows()).toEqual(expected);
    expect(traces[0]?.counts).toEqual({ 'records left out because they were null or an empty list': count });
  });
});

describe('decimals', () => {
  const decimal = { data_type: 'decimal', precision: 20, scale: 4 } as const;

  const texts = ['1234567890123456.7891', '0.00005', '0.00004999999999999999999', '-0.00005', '4.2729', '1e3'];
  test(
    'are exact from the JSON text on, and round half away from zero',
    { columns: { m: decimal } },
    [`[${texts.map((text) => `{"m": ${text}}`)}]`],
    ({ columns, rows }) => {
      expect(columns()).toEqual(['m DECIMAL(20,4)']);
      expect(rows().map(({ m }) => m)).toEqual([
        '1234567890123456.7891',
        '0.0001',
        '0.0000',
        '-0.0001',
        '4.2729',
        '1000.0000',
      ]);
    },
  );

  const json = '[{"m": 1234567890123456.7891, "l": [{"m": 1234567890123456.7891}]}]';
  const exact = [{ m: '1234567890123456.7891' }];
  test('are exact in nested tables', { nested_hints: { l: { columns: { m: decimal } } } }, [json], ({ rows }) => {
    expect(rows('t__l')).toEqual(exact);
  });

  it('are exact in columns that are decimal in the file', async () => {
    const project = await Replay.open();
    await project.run({ name: 't', columns: { m: decimal }, rows: json });
    await project.run({ name: 't', rows: json });
    const { t } = await project.tables();
    expect(t?.rows.map(({ m }) => m)).toEqual([...exact, ...exact].map(({ m }) => m));
  });

  test(
    'that are too large are text in a variant, digit for digit',
    { columns: { m: decimal, w: { data_type: 'wei' } } },
    ['[{"m": 12345678901234567.89012, "w": 123456789012345678901234567890123456789}, {"m": 12345678901234567}]'],
    ({ columns, rows }) => {
      expect(columns()).toEqual(['m DECIMAL(20,4)', 'w DECIMAL(38,0)', 'm__v_text VARCHAR', 'w__v_text VARCHAR']);
      expect(rows()).toEqual([
        { m__v_text: '12345678901234567.89012', w__v_text: '123456789012345678901234567890123456789' },
        { m__v_text: '12345678901234567' },
      ]);
    },
  );
});
