import { tally } from '../../../load/row-tally.ts';
import { type Fragment, fragment } from '../../../load/staging/sql-fragment.ts';
import type { ColumnPlan, TablePlan } from '../../../load/table-plan.ts';
import type { Merge } from '../dialect.ts';
import { readFrom, type Step } from './load-script.ts';
import { countRefused, relationOf, type ServerLoad } from './server-load.ts';
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
    const come = await countStaged(load, staged);
    let found = 0;
    const counted = (updated: number) => {
      found = updated;
      tally(load.tallies, table.name, { updated });
    };
    const same = fragment(sameValues(load, staged, on));
    return [{ run: dialect.update(merge), counted }, insertAbsent(load, staged, same, () => come - found)];
  }
  // How many rows a merge wrote it tells, not how many of them are new.
  const [row] = await transport.rows(
    fragment(
      `select (select count(*) from ${from} as a) as come, count(*) as found from ${merge.target} as d
       where exists (select 1 from ${from} as s where ${sameValues(load, staged, on)})`,
    ),
  );
  const [come, found] = [Number(row?.come ?? 0), Number(row?.found ?? 0)];
  const counted = (merged: number) => {
    const updated = Math.min(found, merged);
    tally(load.tallies, table.name, { updated, inserted: merged - updated });
    countRefused(load, table, come - merged);
  };
  return [{ run: dialect.merge(merge), counted }];
}

export async function countStaged({ server }: ServerLoad, { from }: StagedTable): Promise<number> {
  const [row] = await server.transport.rows(fragment(`select count(*) as come from ${from} as s`));
  return Number(row?.come ?? 0);
}

/** Staged rows `s` for which there is no row `d`; `absent`: how many these are, where that is known. */
export function insertAbsent(load: ServerLoad, staged: StagedTable, same: Fragment, absent = () => 0): Step {
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
    counted: (inserted) => {
      tally(load.tallies, table.name, { inserted });
      countRefused(load, table, absent() - inserted);
    },
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
