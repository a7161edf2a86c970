import { describe, expect, test } from 'vitest';
import { outcomeOf } from '../oracle/outcome.ts';
import { Replay, type Resource } from '../oracle/replay.ts';

type Hints = Omit<Resource, 'name' | 'rows'>;

const merge = (strategy: 'delete-insert' | 'upsert' | 'insert-only' | 'scd2', hints: Hints = {}): Hints => ({
  primary_key: 'id',
  ...hints,
  write_disposition: { disposition: 'merge', strategy },
});

describe('an object or list under a name of the pipeline', () => {
  test.each(['_dlt_id', '_dlt_load_id'])('is loaded as any other: %s', async (name) => {
    const rows = [
      { id: 1, [name]: { a: 5 } },
      { id: 2, [name]: ['x', { b: 'y' }] },
      { id: 3, [name]: {} },
    ];
    const outcome = await outcomeOf({}, rows);
    expect(outcome.rows()).toEqual([{ id: '1', [`${name}__a`]: '5' }, { id: '2' }, { id: '3' }]);
    expect(outcome.rows(`t__${name}`)).toEqual([{ value: 'x' }, { b: 'y' }]);
  });

  test('also in a nested table, and with the record given back whole', async () => {
    const outcome = await outcomeOf({}, [{ l: [{ _dlt_id: { a: 1 }, _dlt_list_idx: [2], _dlt_parent_id: { c: 3 } }] }]);
    expect(outcome.rows('t__l')).toEqual([{ _dlt_id__a: '1', _dlt_parent_id__c: '3' }]);
    expect(outcome.rows('t__l___dlt_list_idx')).toEqual([{ value: '2' }]);
  });

  test('where nesting ends it is JSON in a column beside', async () => {
    const outcome = await outcomeOf({ max_table_nesting: 0 }, [{ id: 1, _dlt_id: { a: 1 } }]);
    expect(outcome.rows()).toEqual([{ id: '1', [beside(outcome.columns())]: '{"a":1}' }]);
  });

  const beside = (columns: readonly string[]) =>
    columns.find((column) => column.endsWith(' JSON'))?.split(' ')[0] ?? '';
});

describe('a `_dlt_id` that records bring', () => {
  test.each([
    [5, '5'],
    [12_345_678_901_234_567_890n, '12345678901234567890'],
    [true, 'true'],
    ['own', 'own'],
  ])('%o is kept as text', async (given, kept) => {
    const project = await Replay.open();
    await project.run({ name: 't', rows: [{ _dlt_id: given, l: [1] }] });
    const { t, t__l } = await project.tables();
    expect([t?.rows[0]?._dlt_id, t__l?.rows[0]?._dlt_parent_id]).toEqual([kept, kept]);
  });
});

/** Each row of `t__l` as `id of its parent: value`, and what is wrong with keys. */
async function family(project: Replay) {
  const { t, t__l } = await project.tables();
  const parents = new Map((t?.rows ?? []).map(({ _dlt_id, id }) => [_dlt_id, id]));
  const keys = [...(t?.rows ?? []), ...(t__l?.rows ?? [])].map(({ _dlt_id }) => _dlt_id);
  return {
    ids: (t?.rows ?? []).map(({ id }) => id).sort(),
    items: (t__l?.rows ?? []).map((row) => `${parents.get(row._dlt_parent_id ?? '')}: ${row.value}`).sort(),
    roots: (t__l?.rows ?? []).every((row) => row._dlt_root_id === undefined || parents.has(row._dlt_root_id)),
    unique: new Set(keys).size === keys.length,
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

  test.each([
    ['append', {}, { ...all, ids: ['1', '2', '2', '3'], items: ['1: 1', '2: 2', '2: 2', '2: 22', '2: 222', '3: 3'] }],
    ['replace', { write_disposition: 'replace' }, { ...all, ids: ['2', '3'], items: ['2: 2', '2: 222', '3: 3'] }],
    ['delete-insert', merge('delete-insert'), { ...all, items: ['1: 1', '2: 2', '2: 222', '3: 3'] }],
    ['upsert', merge('upsert'), { ...all, items: ['1: 1', '2: 2', '2: 222', '3: 3'] }],
    ['insert-only', merge('insert-only'), { ...all, items: ['1: 1', '2: 2', '2: 22', '3: 3'] }],
  ] as const)('with %s every row is loaded, has a key of its own, and its list items', async (_, hints, expected) => {
    const project = await Replay.open();
    for (const rows of runs) {
      const trace = await project.run({ name: 't', ...hints, rows });
      expect(trace.failure).toBeUndefined();
      expect(trace.counts[OWN]).toBeGreaterThan(0);
    }
    expect(await family(project)).toEqual(expected);
  });

  test('in a list gives the item a key of its own', async () => {
    const project = await Replay.open();
    const { counts } = await project.run({
      name: 't',
      rows: [
        {
          id: 1,
          l: [
            { _dlt_id: 'c', value: 1 },
            { _dlt_id: 'c', value: 2 },
          ],
        },
      ],
    });
    expect(await family(project)).toMatchObject({ items: ['1: 1', '1: 2'], unique: true });
    expect(counts).toEqual({ [OWN]: 1 });
  });

  test('that is its own, loaded again, is kept', async () => {
    const project = await Replay.open();
    for (const v of [1, 2]) {
      const { counts } = await project.run({
        name: 't',
        ...merge('upsert'),
        rows: [{ id: 1, _dlt_id: 'k', v, l: [v] }],
      });
      expect(counts).toEqual({});
    }
    const { t } = await project.tables();
    expect(t?.rows).toMatchObject([{ _dlt_id: 'k', v: '2' }]);
  });
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

  test.each([
    ['delete-insert', { ids: ['2', '4'], items: ['2: 2', '4: 4'] }],
    ['upsert', { ids: ['2', '4'], items: ['2: 2', '4: 4'] }],
    ['insert-only', { ids: ['1', '2'], items: ['1: 1', '2: 2'] }],
  ] as const)('works with %s', async (strategy, expected) => {
    const project = await Replay.open();
    for (const rows of runs) {
      const { failure } = await project.run({ name: 't', ...merge(strategy, { primary_key: '_dlt_id' }), rows });
      expect(failure).toBeUndefined();
    }
    expect(await family(project)).toEqual({ ...expected, roots: true, unique: true });
  });

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
