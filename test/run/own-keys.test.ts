import { describe, expect, test } from 'vitest';
import type { MadeTable } from '../oracle/made-tables.ts';
import { type Hints, outcomeTests } from '../oracle/outcome.ts';
import { Replay } from '../oracle/replay.ts';

const keys = outcomeTests();

const merge = (strategy: 'delete-insert' | 'upsert' | 'insert-only', hints: Hints = {}): Hints => ({
  primary_key: 'id',
  ...hints,
  write_disposition: { disposition: 'merge', strategy },
});

describe('an object or list under a name of the pipeline', () => {
  for (const name of ['_dlt_id', '_dlt_load_id']) {
    const records = [
      { id: 1, [name]: { a: 5 } },
      { id: 2, [name]: ['x', { b: 'y' }] },
      { id: 3, [name]: {} },
    ];
    keys(`is loaded as any other: ${name}`, {}, [records], ({ rows }) => {
      expect(rows()).toEqual([{ id: '1', [`${name}__a`]: '5' }, { id: '2' }, { id: '3' }]);
      expect(rows(`t__${name}`)).toEqual([{ value: 'x' }, { b: 'y' }]);
    });
  }

  keys(
    'also in a nested table, and with the record given back whole',
    {},
    [[{ l: [{ _dlt_id: { a: 1 }, _dlt_list_idx: [2], _dlt_parent_id: { c: 3 } }] }]],
    ({ rows }) => {
      expect(rows('t__l')).toEqual([{ _dlt_id__a: '1', _dlt_parent_id__c: '3' }]);
      expect(rows('t__l___dlt_list_idx')).toEqual([{ value: '2' }]);
    },
  );

  keys(
    'where nesting ends it is JSON in a column beside',
    { max_table_nesting: 0 },
    [[{ id: 1, _dlt_id: { a: 1 } }]],
    ({ rows, columns }) => expect(rows()).toEqual([{ id: '1', [beside(columns())]: '{"a":1}' }]),
  );

  const beside = (columns: readonly string[]) =>
    columns.find((column) => column.endsWith(' JSON'))?.split(' ')[0] ?? '';
});

describe('a `_dlt_id` that records bring', () => {
  for (const [given, kept] of [
    [5, '5'],
    [12_345_678_901_234_567_890n, '12345678901234567890'],
    [true, 'true'],
    ['own', 'own'],
  ]) {
    keys(`is kept as text: ${given}`, {}, [[{ _dlt_id: given, l: [1] }]], ({ tables: { t, t__l } }) => {
      expect([t?.rows[0]?._dlt_id, t__l?.rows[0]?._dlt_parent_id]).toEqual([kept, kept]);
    });
  }
});

/** Each row of `t__l` as `id of its parent: value`, and what is wrong with keys. */
function family({ t, t__l }: Readonly<Record<string, MadeTable>>) {
  const parents = new Map((t?.rows ?? []).map(({ _dlt_id, id }) => [_dlt_id, id]));
  const keysOfRows = [...(t?.rows ?? []), ...(t__l?.rows ?? [])].map(({ _dlt_id }) => _dlt_id);
  return {
    ids: (t?.rows ?? []).map(({ id }) => id).sort(),
    items: (t__l?.rows ?? []).map((row) => `${parents.get(row._dlt_parent_id ?? '')}: ${row.value}`).sort(),
    roots: (t__l?.rows ?? []).every((row) => row._dlt_root_id === undefined || parents.has(row._dlt_root_id)),
    unique: new Set(keysOfRows).size === keysOfRows.length,
  };
}

const OWN = 'rows of t given a `_dlt_id` of their own, because another row has the one that they brought';

describe('the `_dlt_id` of another row', () => {
  const runs = [
    [
      { id: 1, _dlt_id: 'k', l: [1] },
      { id: 2, _dlt_id: 'k', l: [2, 22] },
    ],
    [
      { id: 2, _dlt_id: 'k', l: [2, 222] },
      { id: 3, _dlt_id: 'k', l: [3] },
    ],
  ];
  const all = { ids: ['1', '2', '3'], roots: true, unique: true };
  const cases: readonly (readonly [string, Hints, object])[] = [
    ['append', {}, { ...all, ids: ['1', '2', '2', '3'], items: ['1: 1', '2: 2', '2: 2', '2: 22', '2: 222', '3: 3'] }],
    ['replace', { write_disposition: 'replace' }, { ...all, ids: ['2', '3'], items: ['2: 2', '2: 222', '3: 3'] }],
    ['delete-insert', merge('delete-insert'), { ...all, items: ['1: 1', '2: 2', '2: 222', '3: 3'] }],
    ['upsert', merge('upsert'), { ...all, items: ['1: 1', '2: 2', '2: 222', '3: 3'] }],
    ['insert-only', merge('insert-only'), { ...all, items: ['1: 1', '2: 2', '2: 22', '3: 3'] }],
  ];
  for (const [name, hints, expected] of cases) {
    const title = `with ${name} every row is loaded, has a key of its own, and its list items`;
    keys(title, hints, runs, ({ tables, traces }) => {
      expect(traces).toHaveLength(2);
      for (const { counts } of traces) expect(counts[OWN]).toBeGreaterThan(0);
      expect(family(tables)).toEqual(expected);
    });
  }

  const items = [
    { _dlt_id: 'c', value: 1 },
    { _dlt_id: 'c', value: 2 },
  ];
  keys('in a list gives the item a key of its own', {}, [[{ id: 1, l: items }]], ({ tables, traces }) => {
    expect(family(tables)).toMatchObject({ items: ['1: 1', '1: 2'], unique: true });
    expect(traces[0]?.counts).toEqual({ [OWN]: 1 });
  });

  keys(
    'that is its own, loaded again, is kept',
    merge('upsert'),
    [1, 2].map((v) => [{ id: 1, _dlt_id: 'k', v, l: [v] }]),
    ({ tables: { t }, traces }) => {
      expect(traces.map(({ counts }) => counts)).toEqual([{}, {}]);
      expect(t?.rows).toMatchObject([{ _dlt_id: 'k', v: '2' }]);
    },
  );
});

describe('`_dlt_id` as the primary key', () => {
  const runs = [
    [
      { _dlt_id: 'k', id: 1, l: [1] },
      { _dlt_id: 'm', id: 2, l: [2] },
    ],
    [
      { _dlt_id: 'k', id: 3, l: [3] },
      { _dlt_id: 'k', id: 4, l: [4] },
    ],
  ];
  const cases = [
    ['delete-insert', { ids: ['2', '4'], items: ['2: 2', '4: 4'] }],
    ['upsert', { ids: ['2', '4'], items: ['2: 2', '4: 4'] }],
    ['insert-only', { ids: ['1', '2'], items: ['1: 1', '2: 2'] }],
  ] as const;
  for (const [strategy, expected] of cases) {
    keys(`works with ${strategy}`, merge(strategy, { primary_key: '_dlt_id' }), runs, ({ tables }) => {
      expect(family(tables)).toEqual({ ...expected, roots: true, unique: true });
    });
  }

  test('a record without one is loaded anew by delete-insert, and refused by upsert', async () => {
    const project = await Replay.open();
    const run = (strategy: 'delete-insert' | 'upsert') =>
      project.run({ name: 't', ...merge(strategy, { primary_key: '_dlt_id' }), rows: [{ id: 1 }] });
    expect((await run('delete-insert')).exitCode).toBe(0);
    expect((await run('delete-insert')).exitCode).toBe(0);
    expect((await project.tables()).t?.rows).toHaveLength(2);
    expect((await run('upsert')).failure?.code).toBe('KeyMissing');
  });
});
