import { expect } from 'vitest';
import type { Trace } from '../../src/index.ts';
import { childRowId } from '../../src/schema/row-id.ts';
import { shared } from '../support/shared.ts';
import type { MadeRow, MadeTable } from './made-tables.ts';
import { Replay, type Resource } from './replay.ts';

type Tables = Readonly<Record<string, MadeTable>>;

/** A resource `t`, and its rows of one run after another. */
export interface Together extends Omit<Resource, 'name' | 'rows'> {
  readonly runs: readonly Resource['rows'][];
}

export interface Loaded {
  readonly tables: Tables;
  readonly traces: readonly Trace[];
}

/**
 * Loads resources that have nothing to do with one another into one file, when a test first asks: all first runs are one run, all
 * second ones another. Each is told of as if it were alone and called `t`, except for what a run counts without naming it.
 */
export function loadedTogether(resources: readonly Together[]): (index: number) => Promise<Loaded> {
  const loaded = shared(() => load(resources));
  return async (index) => (await loaded())(index);
}

// --- internal ---

const nameOf = (index: number) => `r${String(index).padStart(3, '0')}`;

async function load(resources: readonly Together[]): Promise<(index: number) => Loaded> {
  const replay = await Replay.open();
  const traces: Trace[] = [];
  for (let run = 0; run < Math.max(...resources.map(({ runs }) => runs.length)); run++) {
    const trace = await replay.run(
      ...resources.flatMap(({ runs, ...resource }, index) => {
        const rows = runs[run];
        return rows === undefined ? [] : [{ ...resource, name: nameOf(index), rows }];
      }),
    );
    expect(trace.failure).toBeUndefined();
    traces.push(trace);
  }
  const tables = await replay.tables();
  return (index) => ({
    tables: tablesOf(nameOf(index), tables),
    traces: traces.slice(0, resources[index]?.runs.length).map((trace) => traceOf(nameOf(index), trace)),
  });
}

/** What is told of one resource. */
function traceOf(name: string, trace: Trace): Trace {
  const all = {
    ...trace,
    resources: trace.resources.filter((resource) => resource.name === name),
    packages: trace.packages.map((one) => ({
      ...one,
      tables: one.tables.filter((table) => isOf(name, table.name)),
      schemaChanges: one.schemaChanges.filter(({ table }) => isOf(name, table)),
    })),
    notes: trace.notes.filter((note) => note.includes(name)),
    counts: Object.fromEntries(Object.entries(trace.counts).filter(([what]) => what.includes(name))),
  };
  return JSON.parse(JSON.stringify(all).replaceAll(name, 't'));
}

function tablesOf(name: string, all: Tables): Tables {
  const own = Object.entries(all).filter(([table]) => isOf(name, table));
  const keys = new Map<string, string>();
  for (const [table, { rows }] of own) for (const row of rows) addChildKey(keys, row, table, calledT(name, table));
  const renamed = (row: MadeRow): MadeRow =>
    Object.fromEntries(
      Object.entries(row).map(([column, value]) => [
        column,
        isKey(column) && value !== null ? (keys.get(value) ?? value) : value,
      ]),
    );
  return Object.fromEntries(
    own.map(([table, { columns, rows }]) => [calledT(name, table), { columns, rows: rows.map(renamed) }]),
  );
}

/** Keys of list items are made of the name of their table: what one would be under the other name. Parents come first. */
function addChildKey(keys: Map<string, string>, row: MadeRow, table: string, as: string): void {
  const { _dlt_id: key, _dlt_parent_id: parent, _dlt_list_idx: at } = row;
  if (typeof key !== 'string' || typeof parent !== 'string') return;
  const index = Number(at);
  if (key === childRowId(parent, table, index)) keys.set(key, childRowId(keys.get(parent) ?? parent, as, index));
}

const isOf = (name: string, table: string) => table === name || table.startsWith(`${name}__`);
const isKey = (column: string) => /^_dlt_(id|parent_id)$/.test(column);
const calledT = (name: string, table: string) => table.replace(name, 't');
