import { describe, expect, test } from 'vitest';
import { useDlt } from './dlt.ts';
import { type Rows, RowsProject } from './library.ts';

const first = [
  { id: 1, code: 'a', note: 'stays', price: 0.5, tags: ['x', 'y'], parts: [{ sku: 'p1', sizes: [1, 2] }] },
  { id: 2, code: 'b', note: 'changes', price: 1e-7, tags: ['z'], parts: [] },
];
const second = [
  { id: 1, code: 'a', note: 'stays', price: 0.5, tags: ['x', 'y'], parts: [{ sku: 'p1', sizes: [1, 2] }] },
  { id: 2, code: 'b', note: 'changed ä', price: 1.5, tags: ['z', 'more'], parts: [{ sku: 'p2', sizes: [] }] },
  { id: 3, code: 'c', note: 'is new', price: 2.25, tags: [], parts: [] },
];

/** What was there, what changed, and what comes back. */
const loads = [first, second, [...first, { id: 4, code: 'd', late: '2024-01-15T10:11:12Z' }]];

const DLT_ALONE = 'dlt, dlt, dlt';
const orders = [DLT_ALONE, 'ours, ours, ours', 'ours, dlt, ours', 'dlt, ours, dlt'];

const strategies: Readonly<Record<string, Rows['hints']>> = {
  append: { write_disposition: 'append' },
  replace: { write_disposition: 'replace' },
  'delete-insert': { write_disposition: 'merge', primary_key: 'id' },
  upsert: { write_disposition: { disposition: 'merge', strategy: 'upsert' }, primary_key: ['id', 'code'] },
  'insert-only': { write_disposition: { disposition: 'merge', strategy: 'insert-only' }, primary_key: 'id' },
  scd2: { write_disposition: { disposition: 'merge', strategy: 'scd2' } },
  'scd2 with a merge key': { write_disposition: { disposition: 'merge', strategy: 'scd2' }, merge_key: 'id' },
};

/** Those whose `_dlt_id`s dlt prescribes. */
const prescribed = new Set(['upsert', 'insert-only', 'scd2', 'scd2 with a merge key']);

/** In which columns of the books programs, loads or moments show. */
const incidental = ['_dlt_load_id', '_dlt_valid_from', '_dlt_valid_to'];

const dlt = useDlt('1.5');

describe.each(Object.keys(strategies))('a table with %s', (strategy) => {
  const rows = (list: readonly object[]): Rows => ({ name: 't', rows: list, ...hints });
  const hints = strategies[strategy] === undefined ? {} : { hints: strategies[strategy] };

  test('comes to the same rows whichever program loads first and whichever goes on', async () => {
    const tables: Record<string, Record<string, readonly string[]>> = {};
    for (const programs of orders) {
      const project = await RowsProject.open();
      for (const [index, program] of programs.split(', ').entries()) await load(program, project, loads[index] ?? []);
      tables[programs] = await contents(project);
    }
    const { [DLT_ALONE]: expected, ...others } = tables;
    expect(Object.keys(expected ?? {})).toEqual(
      expect.arrayContaining(['t', 't__parts', 't__parts__sizes', 't__tags']),
    );
    for (const programs of Object.keys(others)) expect(others[programs], programs).toEqual(expected);
  });

  async function load(program: string, project: RowsProject, list: readonly object[]): Promise<void> {
    if (program === 'dlt') await dlt('run_rows', project.given(rows(list)));
    else await project.run(rows(list));
  }

  /** Every table with its rows: keys where dlt prescribes them, else without. */
  async function contents(project: RowsProject): Promise<Record<string, readonly string[]>> {
    const names = await project.rows(
      "select table_name as name from duckdb_tables() where table_name similar to 't(__.*)?'",
    );
    const found: Record<string, readonly string[]> = {};
    for (const { name } of names) {
      const list = await project.rows(`from ${name}`);
      found[String(name)] = list.map((row) => JSON.stringify(comparable(row), asNumber)).sort();
    }
    return found;
  }

  function comparable(row: object): object {
    const kept = Object.entries(row).filter(([column]) => {
      return !incidental.includes(column) && (prescribed.has(strategy) || !/^_dlt_(parent_|root_)?id$/.test(column));
    });
    const active = '_dlt_valid_to' in row ? [['active', row._dlt_valid_to === null]] : [];
    return Object.fromEntries([...kept, ...active].sort());
  }
});

const asNumber = (_: string, value: unknown) => (typeof value === 'bigint' ? Number(value) : value);
