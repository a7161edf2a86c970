import { keyColumns } from '../../../load/staging/row-source.ts';
import { type Fragment, fragment } from '../../../load/staging/sql-fragment.ts';
import { isSurvivor, type Survivors } from '../../../load/staging/survivors.ts';
import type { ColumnPlan, TablePlan } from '../../../load/table-plan.ts';
import { DLT_ID } from '../../../schema/names.ts';
import { readFrom } from './load-script.ts';
import { columnOf, relationOf, type ServerLoad } from './server-load.ts';
import { KEPT, keyRows, type Shipment } from './staged-rows.ts';

/** The keys of all root rows of the package, where the engine can compare them. */
export interface StagedKeys {
  /** Relation. */
  readonly from: string;
  readonly carriers: Shipment['carriers'];
  readonly root: TablePlan;
  /** A row of the table belongs to the package when its columns of any of these are the same. */
  readonly sets: readonly (readonly ColumnPlan[])[];
}

/** Of the primary and the merge key. Undefined: no row has one. */
export async function stageKeys(
  load: ServerLoad,
  root: TablePlan,
  survivors: Survivors,
): Promise<StagedKeys | undefined> {
  const { primary, merge } = keyColumns(root);
  const columns = [...new Set([...primary, ...merge])];
  const shipped = columns.length === 0 ? undefined : keyRows(load, root, columns, isSurvivor(survivors));
  if (shipped === undefined) return undefined;
  const from = await load.server.transport.stage(shipped.rows);
  return { from, carriers: shipped.carriers, root, sets: [primary, merge].filter(({ length }) => length > 0) };
}

/**
 * `id`: `_dlt_id` of the table's root rows whose key is in the package.
 *
 * @param kept of these, those that no row of the package replaces: it was marked as deleted
 */
export function matchedIds(load: ServerLoad, keys: StagedKeys, kept: 'all' | 'none kept' = 'all'): Fragment {
  const relation = relationOf(load, keys.root);
  const isKept = columnOf(load, 'k', KEPT);
  const selects = keys.sets.map((columns) => {
    const same = sameKey(load, keys, columns);
    const none = kept === 'all' ? '' : ` and not exists (select 1 from ${keys.from} as k where ${same} and ${isKept})`;
    return `select ${columnOf(load, 'd', DLT_ID)} as ${id(load)} from ${relation} as d
            where exists (select 1 from ${keys.from} as k where ${same})${none}`;
  });
  return fragment(selects.join(' union all '));
}

/** SQL of whether the key of row `d` is not in the package. Without `or`, beside which not every engine takes `exists`. */
export function isAbsent(load: ServerLoad, keys: StagedKeys | undefined): string {
  if (keys === undefined) return '1 = 1';
  return keys.sets
    .map((columns) => `not exists (select 1 from ${keys.from} as k where ${sameKey(load, keys, columns)})`)
    .join(' and ');
}

/** `d` and `k` have the same values in these columns. */
export function sameKey(load: ServerLoad, { carriers }: StagedKeys, columns: readonly ColumnPlan[]): string {
  const { identifier } = load.server.dialect;
  return columns
    .map(({ name }) => `${columnOf(load, 'd', name)} = ${readFrom('k', name, carriers, identifier)}`)
    .join(' and ');
}

/** The only column of a list of ids. */
export function id({ server }: ServerLoad): string {
  return server.dialect.identifier('id');
}
