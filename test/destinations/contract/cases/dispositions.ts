import { type Case, inEach, type Step } from './case.ts';

const merge = (strategy: 'delete-insert' | 'upsert' | 'insert-only') => ({ disposition: 'merge', strategy }) as const;
const key = { primary_key: 'id' } as const;

/** Two levels of lists; `word` tells the versions of a record apart. */
const nested = (id: number, word: string, ...lines: number[]) => ({
  id,
  word,
  lines: lines.map((line) => ({ line, word, tags: [`${word}-${line}`, 'both'] })),
});

/** Come, change, stay and go; lists grow and shrink, and one becomes empty. */
const nestedNights = [
  [nested(1, 'a', 1, 2), nested(2, 'a', 3), nested(3, 'a'), nested(4, 'a', 4, 5)],
  [nested(2, 'b', 3, 6, 7), nested(4, 'b', 5), nested(5, 'b', 8)],
  [nested(1, 'c'), nested(3, 'c', 9), nested(6, 'c', 10)],
];
const flatNights = [
  [
    { id: 1, word: 'a', only: 1 },
    { id: 2, word: 'a' },
    { id: 3, word: null },
  ],
  [
    { id: 2, word: 'b', only: 2 },
    { id: 4, word: 'b' },
  ],
  [
    { id: 1, word: null },
    { id: 4, word: 'c', only: 4 },
  ],
];

const both = (name: string, title: string, hints: Omit<Step, 'reply'>): Case[] => [
  { name: `${name}_flat`, title: `${title}, flat`, steps: inEach(hints, ...flatNights) },
  { name: `${name}_nested`, title: `${title}, with lists in lists`, steps: inEach(hints, ...nestedNights) },
];

const needing = (needs: NonNullable<Case['needs']>, cases: readonly Case[]): Case[] =>
  cases.map((one) => ({ ...one, needs: [...needs, ...(one.needs ?? [])] }));

const replaced: readonly Case[] = [
  ...both('replace', 'replace leaves the rows of the last load', { write_disposition: 'replace' }),
  {
    name: 'emptied',
    title: 'replace without records leaves nothing, nested tables neither',
    steps: inEach({ write_disposition: 'replace' }, [nested(1, 'a', 1, 2)], [], [nested(2, 'c', 3)]),
  },
];

const appended: readonly Case[] = both('append', 'append adds the rows of each load', { write_disposition: 'append' });

const merged: readonly Case[] = needing(
  ['merge'],
  [
    ...both('delins', 'delete-insert replaces rows by their key', {
      ...key,
      write_disposition: merge('delete-insert'),
    }),
    ...both('upsert', 'upsert changes rows by their key', { ...key, write_disposition: merge('upsert') }),
    ...both('insonly', 'insert-only leaves rows that are there', { ...key, write_disposition: merge('insert-only') }),
    {
      name: 'byday',
      title: 'a merge key replaces all rows of its value, lists included',
      steps: inEach(
        { merge_key: 'day', write_disposition: 'merge' },
        [
          { day: '1', n: 1, of: [1, 2] },
          { day: '1', n: 2, of: [] },
          { day: '2', n: 3, of: [3] },
        ],
        [
          { day: '2', n: 4, of: [4] },
          { day: '3', n: 5, of: [5] },
        ],
        [{ day: '1', n: 6 }],
      ),
    },
    {
      name: 'twokeys',
      title: 'a key of two columns, beside a merge key',
      steps: inEach(
        { primary_key: ['a', 'b'], merge_key: 'day', write_disposition: 'merge' },
        [
          { a: 1, b: 'x', day: 1, v: 1, of: [1] },
          { a: 1, b: 'y', day: 1, v: 2, of: [2] },
          { a: 2, b: 'x', day: 2, v: 3, of: [3] },
        ],
        [
          { a: 2, b: 'x', day: 3, v: 4, of: [4] },
          { a: 3, b: 'x', day: 1, v: 5, of: [5] },
        ],
      ),
    },
    {
      name: 'lastwins',
      title: 'the last of several records of a key stays, with its lists',
      steps: inEach(
        { ...key, write_disposition: 'merge' },
        [nested(1, 'first', 1), nested(2, 'a', 2), nested(1, 'last', 3, 4)],
        [nested(2, 'first', 5), nested(2, 'last')],
      ),
    },
    {
      name: 'dedupsort',
      title: 'dedup_sort chooses which record of a key stays',
      steps: inEach(
        { ...key, write_disposition: merge('delete-insert'), columns: { at: { dedup_sort: 'desc' } } },
        [
          { id: 1, at: 2, of: ['stays'] },
          { id: 1, at: 1, of: ['goes'] },
          { id: 2, at: null, of: ['goes'] },
          { id: 2, at: 5, of: ['stays'] },
        ],
        [
          { id: 1, at: 7, of: ['goes'] },
          { id: 1, at: 9, of: ['stays'] },
        ],
      ),
    },
    {
      name: 'harddelete',
      title: 'hard_delete takes rows away with their lists, by a bool',
      steps: inEach(
        { ...key, write_disposition: merge('delete-insert'), columns: { gone: { hard_delete: true } } },
        [
          { ...nested(1, 'a', 1, 2), gone: false },
          { ...nested(2, 'a', 3), gone: null },
          { ...nested(3, 'a', 4), gone: true },
        ],
        [
          { ...nested(1, 'b', 1), gone: true },
          { ...nested(4, 'b', 5), gone: true },
          { ...nested(5, 'b', 6), gone: false },
        ],
        [{ ...nested(1, 'c', 7), gone: false }],
      ),
    },
    {
      name: 'harddelat',
      title: 'hard_delete takes rows away by a time, with upsert',
      steps: inEach(
        { ...key, write_disposition: merge('upsert'), columns: { gone_at: { hard_delete: true } } },
        [nested(1, 'a', 1, 2), nested(2, 'a', 3)],
        [{ ...nested(1, 'b', 1), gone_at: '2026-01-01T00:00:00Z' }, nested(3, 'b', 4)],
      ),
    },
    {
      name: 'nullkey',
      title: 'a key of text, with blanks, quotes and letters of all kinds',
      steps: inEach(
        { primary_key: 'k', write_disposition: merge('upsert') },
        [
          { k: 'a', v: 1 },
          { k: 'A', v: 1 },
          { k: ' a', v: 1 },
          { k: "it's", v: 1 },
          { k: 'é', v: 1 },
          { k: 'é', v: 1 },
        ],
        [
          { k: 'A', v: 2 },
          { k: "it's", v: 2 },
          { k: 'é', v: 2 },
        ],
      ),
    },
    {
      name: 'turning',
      title: 'append that turns to merge, and to replace',
      steps: [
        ...inEach({ write_disposition: 'append' }, [nested(1, 'a', 1), nested(1, 'a', 2), nested(2, 'a', 3)]),
        ...inEach({ ...key, write_disposition: 'merge' }, [nested(1, 'b', 4)]),
        ...inEach({ write_disposition: 'replace' }, [nested(9, 'c', 5)]),
      ],
      needs: ['required columns'],
    },
  ],
);

const soft = { disposition: 'merge', delete_missing: 'soft', max_delete: '100%' } as const;
const hard = { disposition: 'merge', delete_missing: 'hard', max_delete: '100%' } as const;

const missing: readonly Case[] = needing(
  ['merge', 'delete missing'],
  [
    ...both('soft', 'rows that do not come are marked', { ...key, write_disposition: soft }),
    ...both('softup', 'rows that do not come are marked, with upsert', {
      ...key,
      write_disposition: { ...soft, strategy: 'upsert' },
    }),
    ...both('hard', 'rows that do not come are deleted', { ...key, write_disposition: hard }),
  ],
);

const versioned: readonly Case[] = needing(
  ['merge', 'scd2'],
  [
    ...both('scd', 'scd2 keeps the old versions of a row', {
      write_disposition: { disposition: 'merge', strategy: 'scd2' },
    }),
    {
      name: 'scdnamed',
      title: 'scd2 with names and times of its own',
      steps: inEach(
        {
          write_disposition: {
            disposition: 'merge',
            strategy: 'scd2',
            validity_column_names: ['since', 'until'],
            active_record_timestamp: '9999-12-31T00:00:00Z',
            boundary_timestamp: '2026-03-01T12:00:00.5Z',
            row_version_column_name: 'row_hash',
          },
        },
        ...flatNights,
      ),
    },
    {
      name: 'scdkey',
      title: 'scd2 with a merge key retires what its values bring anew',
      steps: inEach(
        { merge_key: 'id', write_disposition: { disposition: 'merge', strategy: 'scd2' } },
        ...nestedNights,
      ),
    },
  ],
);

export const dispositions: readonly Case[] = [...appended, ...replaced, ...merged, ...missing, ...versioned];
