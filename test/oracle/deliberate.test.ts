import { describe, expect, it } from 'vitest';
import { type Hints, outcomeOf, outcomeTests } from './outcome.ts';
import { Replay } from './replay.ts';

const test = outcomeTests();

/** A number that decides which of our parsers reads the reply. */
const parsers = [
  ['the quick parser', '1'],
  ['the exact parser', '9007199254740993'],
] as const;

describe('keys that collide after naming', () => {
  const tagged = { fooBar: 'foo_bar__hspdnq', FOO_BAR: 'foo_bar__ey4rcg' };

  for (const keys of [
    ['fooBar', 'foo_bar', 'FOO_BAR'],
    ['FOO_BAR', 'fooBar', 'foo_bar'],
    ['foo_bar', 'FOO_BAR', 'fooBar'],
  ]) {
    const record = Object.fromEntries(keys.map((key) => [key, `of ${key}`]));
    test(`keep their own values in the order ${keys}`, {}, [[record]], ({ rows }) => {
      expect(rows()).toEqual([{ foo_bar: 'of foo_bar', [tagged.fooBar]: 'of fooBar', [tagged.FOO_BAR]: 'of FOO_BAR' }]);
    });
  }

  test(
    'do so in later runs, alone too',
    {},
    [[{ fooBar: 1, foo_bar: 2 }], [{ fooBar: 3 }], [{ foo_bar: 4, fooBar: 5 }]],
    ({ rows }) => {
      expect(rows()).toEqual([
        { foo_bar: '2', [tagged.fooBar]: '1' },
        { [tagged.fooBar]: '3' },
        { foo_bar: '4', [tagged.fooBar]: '5' },
      ]);
    },
  );

  test(
    'do so when the other key comes in a later run only',
    {},
    [[{ fooBar: 1 }], [{ fooBar: 2, foo_bar: 3 }], [{ fooBar: 4 }]],
    ({ rows }) => {
      expect(rows()).toEqual([{ foo_bar: '1' }, { foo_bar: '3', [tagged.fooBar]: '2' }, { [tagged.fooBar]: '4' }]);
    },
  );

  test('do so where no letter of theirs is Latin', {}, [[{ 日本: 1, 中国: 2, '😀': 3 }]], ({ columns, rows }) => {
    expect(Object.values(rows()[0] ?? {}).sort()).toEqual(['1', '2', '3']);
    expect(columns().every((column) => /^x__[a-z0-9]{6} BIGINT$/.test(column))).toBe(true);
  });

  test('do so as objects beside a key that spells their path', {}, [[{ a: { b: 1 }, a__b: 2 }]], ({ rows }) => {
    expect(rows()).toEqual([{ a__b: '2', a__b__atldyq: '1' }]);
  });

  it('keep their own tables', async () => {
    const { rows } = await outcomeOf({}, [{ Items: [2], items: [1] }], [{ Items: [3] }]);
    expect(rows('t__items')).toEqual([{ value: '1' }]);
    expect(rows('t__items__ukwibg')).toEqual([{ value: '2' }, { value: '3' }]);
  });

  test('a key of nothing but separators has a name, as blank keys have', {}, [[{ __: 1, '': 2 }]], ({ rows }) => {
    expect(rows()).toEqual([{ _empty__mcwgpa: '1', _empty: '2' }]);
  });

  it('as names of resources are refused', async () => {
    const project = await Replay.open();
    const run = project.run({ name: 'fooBar', rows: [] }, { name: 'foo_bar', rows: [] });
    await expect(run).rejects.toMatchObject({ code: 'ConfigInvalid' });
  });
});

describe('child rows that bring their own _dlt_id', () => {
  const records = [
    { _dlt_id: 'r', l: [{ _dlt_id: 'c', v: 1, m: [{ _dlt_id: 'g' }, {}] }, { v: 2 }] },
    { l: [{ _dlt_id: 'd' }] },
  ];

  test('keep it, their parent and their index', {}, [records], ({ tables: { t, t__l, t__l__m } }) => {
    const [, other] = t?.rows ?? [];
    expect(t?.rows.map(({ _dlt_id: id }) => id)).toEqual(['r', expect.stringMatching(/^.{9,}$/)]);
    expect(t__l?.rows).toMatchObject([
      { _dlt_id: 'c', _dlt_parent_id: 'r', _dlt_list_idx: '0' },
      { _dlt_parent_id: 'r', _dlt_list_idx: '1' },
      { _dlt_id: 'd', _dlt_parent_id: other?._dlt_id, _dlt_list_idx: '0' },
    ]);
    expect(t__l__m?.rows).toMatchObject([
      { _dlt_id: 'g', _dlt_parent_id: 'c', _dlt_list_idx: '0' },
      { _dlt_parent_id: 'c', _dlt_list_idx: '1' },
    ]);
  });

  test('an empty one is none', {}, [[{ _dlt_id: '' }, { _dlt_id: '' }]], ({ tables: { t } }) => {
    expect(new Set(t?.rows.map(({ _dlt_id: id }) => id)).size).toBe(2);
  });
});

it('a merge without any key is refused', async () => {
  const project = await Replay.open();
  const run = project.run({ name: 't', write_disposition: 'merge', rows: [{ id: 1 }] });
  await expect(run).rejects.toMatchObject({ code: 'ConfigInvalid', message: expect.stringContaining('primary_key') });
});

describe('several rows with one key in a batch', () => {
  const records = [
    { id: 1, s: 2, v: 'a', l: ['a'] },
    { id: 2, s: 0, v: 'x' },
    { id: 1, s: 1, v: 'b', l: ['b', 'c'] },
  ];
  const counted = { 'rows of t dropped as duplicates of a key': 1 };
  const present = { ...counted, 'rows of t left out because a row with their key was there': 2 };

  for (const [strategy, second] of [
    ['delete-insert', counted],
    ['upsert', counted],
    ['insert-only', present],
  ] as const) {
    const hints: Hints = { primary_key: 'id', write_disposition: { disposition: 'merge', strategy } };
    test(`with ${strategy} the last wins, counted`, hints, [records, records], ({ rows, traces }) => {
      const kept = rows().map(({ id, v }) => [id, v]);
      expect(kept.sort()).toEqual([
        ['1', 'b'],
        ['2', 'x'],
      ]);
      expect(rows('t__l').map(({ value }) => value)).toEqual(['b', 'c']);
      expect(traces.map(({ counts }) => counts)).toEqual([counted, second]);
    });
  }

  test(
    'with `dedup_sort` that decides',
    {
      primary_key: 'id',
      write_disposition: { disposition: 'merge', strategy: 'upsert' },
      columns: { s: { dedup_sort: 'desc' } },
    },
    [records],
    ({ rows, traces }) => {
      expect(rows().find(({ id }) => id === '1')).toEqual({ id: '1', s: '2', v: 'a' });
      expect(rows('t__l')).toEqual([{ value: 'a' }]);
      expect(traces[0]?.counts).toEqual(counted);
    },
  );
});

describe('as in dlt', () => {
  test(
    'a boolean that meets a text column is `True` or `False`',
    {},
    [[{ a: 'x', l: ['x'] }], [{ a: true, l: [false] }]],
    ({ columns, rows }) => {
      expect(columns()).toEqual(['a VARCHAR']);
      expect(rows()).toEqual([{ a: 'x' }, { a: 'True' }]);
      expect(rows('t__l')).toEqual([{ value: 'x' }, { value: 'False' }]);
    },
  );

  test(
    'null alone makes no column, but is reported; an empty list or object is not null',
    {},
    [[{ id: 1, a: null, o: { b: null }, l: [{ c: null, d: 1 }], e: [], f: {} }], [{ id: 2, a: 5, o: { b: null } }]],
    ({ columns, traces }) => {
      expect(columns()).toEqual(['id BIGINT', 'a BIGINT']);
      const nullOnly = traces.map(({ packages }) =>
        packages.flatMap(({ tables }) =>
          tables.flatMap((table) => table.nullOnly.map((name) => `${table.name}.${name}`)),
        ),
      );
      expect(nullOnly).toEqual([['t.a', 't.o__b', 't__l.c'], ['t.o__b']]);
    },
  );

  test(
    '`replace` with no records empties the tables, and says so',
    { write_disposition: 'replace' },
    ['[{"a": 1, "l": [1]}]', '[]'],
    ({ rows, traces }) => {
      expect([rows(), rows('t__l')]).toEqual([[], []]);
      expect(traces.map(({ notes }) => notes)).toEqual([[], ['t is empty now: `replace` got no records.']]);
    },
  );

  test(
    '`append` and `merge` with no records leave the tables, and say nothing',
    {},
    ['[{"a": 1}]', '[]'],
    ({ rows, traces }) => {
      expect(rows()).toEqual([{ a: '1' }]);
      expect(traces.flatMap(({ notes }) => notes)).toEqual([]);
    },
  );

  for (const [parser, number] of parsers) {
    test(
      `of duplicate keys in one object the last wins: ${parser}`,
      {},
      [`[{"a": 1, "a": 2, "n": ${number}, "o": {"x": 1}, "o": {"y": 2}, "l": [1], "l": [2, 3]}]`],
      ({ rows }) => {
        expect(rows()).toEqual([{ a: '2', n: number, o__y: '2' }]);
        expect(rows('t__l')).toEqual([{ value: '2' }, { value: '3' }]);
      },
    );
  }

  test(
    'a lone surrogate becomes U+FFFD, in text and in JSON',
    { columns: { j: { data_type: 'json' } } },
    ['[{"a": "x\\ud800y", "j": ["\\udfff"]}]'],
    ({ rows }) => {
      expect(rows()).toEqual([{ a: 'x\ufffdy', j: '["\ufffd"]' }]);
    },
  );
});

describe('keys that mean something elsewhere', () => {
  for (const [parser, number] of parsers) {
    test(
      `are columns as any other: ${parser}`,
      {},
      [
        `[{"__proto__": 1, "constructor": 2, "row": 3, "key": 4, "parent row": 5, "select": 6, "n": ${number}}]`,
        '[{"constructor": 0.5, "__proto__": {"a": 1}}]',
      ],
      ({ rows }) => {
        expect(rows()).toEqual([
          { proto: '1', constructor: '2', row: '3', key: '4', parent_row: '5', select: '6', n: number },
          { constructor: '0.5', proto__a: '1' },
        ]);
      },
    );
  }
});
