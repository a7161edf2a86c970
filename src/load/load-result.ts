import { isEmptying } from '../schema/strategies.ts';
import type { SchemaChange } from '../schema/table-schema.ts';
import type { RowChanges } from '../trace.ts';
import type { GoneRows } from './load-context.ts';
import { chainTables, type LoadPlan } from './plan.ts';
import { type RowTallies, tallyOf } from './row-tally.ts';
import { newColumns } from './table-plan.ts';

interface LoadedTable extends GoneRows {
  readonly name: string;
  /** Rows that got into it: not those that were left out, or that only deleted others. */
  readonly rows: number;
  readonly newColumns: readonly string[];
  /** Of all its rows, whatever made them go. */
  readonly changed: RowChanges;
}

export interface LoadResult {
  /** False: `_dlt_loads` has the load id already, nothing was done. */
  readonly loaded: boolean;
  /** Tables that the package brought rows or columns for, or rows of which had to go. */
  readonly tables: readonly LoadedTable[];
  readonly changes: readonly SchemaChange[];
  /** Decisions about rows that a person should see, such as duplicates of a key. */
  readonly counts: Readonly<Record<string, number>>;
  /** Decisions about tables that a person should see. */
  readonly notes: readonly string[];
  /** Root tables that are empty now, because `replace` got no records. */
  readonly emptied: readonly string[];
  /** Tables whose earlier rows are gone, whatever they were: `replace`, or a refresh. */
  readonly replaced: readonly string[];
  /** Whose rows were loaded. */
  readonly resources: readonly string[];
  readonly schemaVersionHash: string;
}

/** For a load id that `_dlt_loads` has already. */
export function unchanged(schemaVersionHash: string): LoadResult {
  return {
    loaded: false,
    tables: [],
    changes: [],
    counts: {},
    notes: [],
    emptied: [],
    replaced: [],
    resources: [],
    schemaVersionHash,
  };
}

interface Outcome {
  /** As {@link LoadResult} has them. */
  readonly counts: Readonly<Record<string, number>>;
  readonly notes: readonly string[];
  readonly tallies: RowTallies;
  readonly gone: ReadonlyMap<string, GoneRows>;
  readonly versionHash: string;
}

export function loadResult(plan: LoadPlan, { counts, notes, tallies, gone, versionHash }: Outcome): LoadResult {
  return {
    loaded: true,
    tables: loadedTables(plan, tallies, gone),
    changes: plan.changes,
    counts,
    notes,
    emptied: emptyingChains(plan).flatMap(({ root }) => (root.rows === 0 ? [root.name] : [])),
    replaced: emptyingChains(plan)
      .flatMap(chainTables)
      .map(({ name }) => name),
    resources: plan.chains.map(({ resource }) => resource),
    schemaVersionHash: versionHash,
  };
}

function emptyingChains({ chains }: LoadPlan): LoadPlan['chains'] {
  return chains.filter(({ strategy, isRefreshed }) => isEmptying(strategy) || isRefreshed);
}

function loadedTables({ chains }: LoadPlan, tallies: RowTallies, gone: ReadonlyMap<string, GoneRows>): LoadedTable[] {
  return chains
    .flatMap(chainTables)
    .map((table) => ({ table, added: newColumns(table).map(({ name }) => name) }))
    .filter(({ table, added }) => table.rows > 0 || added.length > 0 || gone.has(table.name) || tallies.has(table.name))
    .map(({ table: { name }, added }) => {
      const changed = tallyOf(tallies, name);
      return { name, rows: changed.inserted + changed.updated, newColumns: added, changed, ...gone.get(name) };
    });
}
