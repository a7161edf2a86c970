import { tally } from '../../../load/row-tally.ts';
import { type Fragment, fragment } from '../../../load/staging/sql-fragment.ts';
import type { ColumnPlan, TablePlan } from '../../../load/table-plan.ts';
import type { Merge } from '../dialect.ts';
import { readFrom, type Step } from './load-script.ts';
import { relationOf, type ServerLoad } from './server-load.ts';
import { type RowChoice, type Shipment, tableRows } from './staged-rows.ts';

/** Final rows of a table, where the engine can join them. */
export interface StagedTable {
  readonly table: TablePlan;
  /** Relation. */
  readonly from: string;
  readonly columns: readonly string[];
  readonly carriers: Shipment['carriers'];
}

export async function stageTable(load: ServerLoad, table: TablePlan, choice: RowChoice): Promise<StagedTable> {
  const { rows, carriers } = tableRows(load, table, choice);
  const columns = rows.columns.map(({ name }) => name);
  return { table, from: await load.server.transport.stage(rows), columns, carriers };
}

/** Rows that are there get the values of the staged ones, the others are inserted; `on`: what tells which are there. */
export async function mergeRows(load: ServerLoad, staged: StagedTable, on: readonly ColumnPlan[]): Promise<Step[]> {
  const { dialect, transport } = load.server;
  const { table, from, columns } = staged;
  const keys = on.map(({ name }) => name);
  const value = (column: string) => stagedValue(load, staged, column);
  const merge: Merge = { target: relationOf(load, table), source: from, columns, on: keys, value };
  if (!dialect.merges || dialect.merge === undefined) {
    return [
      { run: dialect.update(merge), counted: (updated) => tally(load.tallies, table.name, { updated }) },
      insertAbsent(load, staged, fragment(sameValues(load, staged, on))),
    ];
  }
  // How many rows a merge wrote it tells, not how many of them are new.
  const [row] = await transport.rows(
    fragment(
      `select count(*) as found from ${merge.target} as d
       where exists (select 1 from ${from} as s where ${sameValues(load, staged, on)})`,
    ),
  );
  const updated = Number(row?.found ?? 0);
  const counted = (merged: number) => tally(load.tallies, table.name, { updated, inserted: merged - updated });
  return [{ run: dialect.merge(merge), counted }];
}

/** Staged rows `s` for which there is no row `d`. */
export function insertAbsent(load: ServerLoad, staged: StagedTable, same: Fragment): Step {
  const { table, from, columns } = staged;
  const relation = relationOf(load, table);
  const names = columns.map(load.server.dialect.identifier);
  const values = columns.map((column) => stagedValue(load, staged, column));
  return {
    run: fragment(
      `insert into ${relation} (${names.join(', ')}) select ${values.join(', ')} from ${from} as s
       where not exists (select 1 from ${relation} as d where ${same.sql})`,
      ...same.values,
    ),
    counted: (inserted) => tally(load.tallies, table.name, { inserted }),
  };
}

/** `d` and `s` have the same values in these columns. */
export function sameValues(load: ServerLoad, staged: StagedTable, columns: readonly ColumnPlan[]): string {
  const { identifier } = load.server.dialect;
  return columns.map(({ name }) => `d.${identifier(name)} = ${stagedValue(load, staged, name)}`).join(' and ');
}

function stagedValue({ server }: ServerLoad, { carriers }: StagedTable, column: string): string {
  return readFrom('s', column, carriers, server.dialect.identifier);
}
