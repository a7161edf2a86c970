import type { GoneRows, PackageContext } from '../../../load/load-context.ts';
import type { ChainPlan } from '../../../load/plan.ts';
import type { RowTallies } from '../../../load/row-tally.ts';
import type { TablePlan } from '../../../load/table-plan.ts';
import type { Server } from '../server-dataset.ts';
import type { LoadScript } from './load-script.ts';

/** What one load of a package into a warehouse works with. */
export interface ServerLoad extends PackageContext {
  readonly server: Server;
  readonly dataset: string;
  /** When the rows of an `scd2` table become valid and the old ones retire, microseconds since 1970. */
  readonly boundary: bigint;
  readonly script: LoadScript;
  /** A name that nothing else of this load has: `3_keys`. */
  label(what: string): string;
  /** Rows that were changed so far. */
  readonly tallies: RowTallies;
  /** What became of rows that did not come, or came again, by table. */
  readonly gone: Map<string, GoneRows>;
  /** Rows that the server was given and did not take, by table. */
  readonly refused: Map<string, number>;
  /** However many rows are to be deleted because they did not come. */
  readonly allowDelete: boolean;
}

/** The table as SQL. */
export function relationOf({ server, dataset }: ServerLoad, table: Pick<TablePlan, 'name' | 'actual'>): string {
  return server.dialect.relation(dataset, table.actual?.name ?? table.name);
}

/** No rows of an earlier load are in it when those of this one come. */
export function isEmptyBefore({ isRefreshed }: ChainPlan, table: TablePlan): boolean {
  return isRefreshed || table.action === 'create';
}

export function countRefused({ refused }: ServerLoad, { name }: Pick<TablePlan, 'name'>, rows: number): void {
  if (rows > 0) refused.set(name, (refused.get(name) ?? 0) + rows);
}

/** A column of `d`, `s` or `k`, as SQL of the engine. */
export function columnOf({ server }: ServerLoad, alias: string, name: string): string {
  return `${alias}.${server.dialect.identifier(name)}`;
}
