import { type Case, inEach } from './case.ts';

const append = { write_disposition: 'append' } as const;
const long = (letter: string, length: number) => letter.repeat(length);

export const evolution: readonly Case[] = [
  {
    name: 'newcolumns',
    title: 'columns and tables that come later',
    steps: inEach(
      append,
      [{ id: 1 }],
      [{ id: 2, word: 'a', in: { deep: { er: true } }, of: [{ a: 1 }] }],
      [{ id: 3, at: '2026-01-01T00:00:00Z', of: [{ a: 2, b: 'x', more: [1.5] }] }],
    ),
  },
  {
    name: 'nullfirst',
    title: 'a column of which only null came has the type of the first value',
    steps: inEach(append, [{ id: 1, v: null }], [{ id: 2, v: 1.5 }], [{ id: 3, v: null }]),
  },
  {
    name: 'variant',
    title: 'values that do not fit go to columns of their type',
    steps: inEach(
      append,
      [{ id: 1, n: 1, b: true, at: '2026-01-01T00:00:00Z', of: [1] }],
      [{ id: 2, n: 'one', b: 2, at: 'soon', of: ['x'] }],
      [{ id: 3, n: { a: 1 }, b: 'no', at: 1.5, of: [true] }],
    ),
  },
  {
    name: 'widened',
    title: 'integers that meet a fraction become doubles',
    needs: ['widening'],
    steps: inEach(append, [{ id: 1, n: 1, of: [{ m: 2 }] }], [{ id: 2, n: 2.5, of: [{ m: 0.1 }] }], [{ id: 3, n: 3 }]),
  },
  {
    name: 'huge',
    title: 'integers beyond 64 bits widen their column',
    needs: ['widening'],
    steps: inEach(append, '[{"id": 1, "n": 1}]', '[{"id": 2, "n": 9223372036854775808}]', '[{"id": 3, "n": -1}]'),
  },
  {
    name: 'unwidened',
    title: 'integers that no double holds are not changed by a fraction',
    steps: inEach(append, '[{"id": 1, "n": 9007199254740993}]', '[{"id": 2, "n": 2.5}]'),
  },
  {
    name: 'laterkey',
    title: 'a key that comes later makes its column NOT NULL',
    needs: ['merge', 'required columns'],
    steps: [
      ...inEach(append, [
        { id: 1, v: 1, of: [1] },
        { id: 2, v: 1, of: [2] },
      ]),
      ...inEach(
        { primary_key: 'id', write_disposition: { disposition: 'merge', strategy: 'upsert' } },
        [
          { id: 2, v: 2, of: [3] },
          { id: 3, v: 2, of: [4] },
        ],
        [{ id: 1, v: 3, of: [] }],
      ),
    ],
  },
  {
    name: 'oddnames',
    title: 'names with blanks, quotes, words of SQL, digits and letters of all kinds',
    steps: inEach(
      append,
      [
        {
          select: 1,
          'order by': 2,
          'a"b': 3,
          "it's": 4,
          camelCase: 5,
          '2nd': 6,
          'ß é': 7,
          user: 8,
          'x-y.z': 9,
          'a;b': 10,
        },
      ],
      [{ Table: [{ Group: 1, 'from where': [1] }], '🙂': 1, UPPER: 'x', with__two: 1, _under: 2, limit: 3, offset: 4 }],
    ),
  },
  {
    name: 'longnames',
    title: 'long names of columns, tables and nested tables',
    hasLongNames: true,
    steps: inEach(
      append,
      [{ id: 1, [long('a', 63)]: 1, [long('b', 64)]: 2, [`${long('c', 90)}1`]: 3, [`${long('c', 90)}2`]: 4 }],
      [{ id: 2, [long('list', 12)]: [{ [long('of', 20)]: [{ [long('x', 70)]: 1 }] }], [long('é', 40)]: 5 }],
    ),
  },
  {
    name: 'hinted',
    title: 'types that hints give',
    steps: inEach(
      {
        ...append,
        description: "It's the table; of \\hints",
        columns: {
          small: { data_type: 'bigint', precision: 16, description: "it's small" },
          middle: { data_type: 'bigint', precision: 32 },
          money: { data_type: 'decimal', precision: 18, scale: 4 },
          plain: { data_type: 'decimal' },
          wei: { data_type: 'wei' },
          day: { data_type: 'date' },
          clock: { data_type: 'time' },
          local: { data_type: 'timestamp', timezone: false },
          rough: { data_type: 'timestamp', precision: 3 },
          raw: { data_type: 'json' },
          bytes: { data_type: 'binary' },
          must: { data_type: 'text', nullable: false },
          never: { data_type: 'double' },
        },
        nested_hints: { of: { columns: { v: { data_type: 'decimal', precision: 6, scale: 2 } } } },
      },
      `[{"small": 32767, "middle": -2147483648, "money": 12345678901234.5678, "plain": 0.1, "wei": 99999999999999999999999999999999999999,
         "day": "2024-02-29", "clock": "23:59:59.999999", "local": "2026-03-29T02:30:00", "rough": "2026-01-01T00:00:00.123456Z",
         "raw": {"b": [1, 2], "a": null}, "bytes": "AP+AXA==", "must": "", "of": [{"v": 1.005}, {"v": -9999.99}]}]`,
      `[{"small": -32768, "money": -0.0001, "wei": -1, "day": "0001-01-01", "clock": "00:00:00", "raw": [], "bytes": "", "must": "x"},
        {"day": "9999-12-31", "local": "1969-12-31T23:59:59.999999", "raw": "text", "must": "\\\\N"}]`,
    ),
  },
  {
    name: 'flattened',
    title: 'what is deeper than max_table_nesting is JSON',
    steps: inEach(
      { ...append, max_table_nesting: 1 },
      [{ id: 1, of: [{ a: 1, of: [{ b: 1, of: [1, 2] }] }] }],
      [{ id: 2, of: [{ of: [] }, { of: [{ b: 'x' }] }] }],
    ),
  },
  {
    name: 'contracted',
    title: 'what the schema contract discards is kept aside',
    steps: inEach(
      { ...append, schema_contract: { columns: 'discard_value', data_type: 'discard_row' }, keep_rejected: true },
      [{ id: 1, n: 1 }],
      [
        { id: 2, n: 2, more: 'x' },
        { id: 3, n: 'two' },
      ],
    ),
  },
];
