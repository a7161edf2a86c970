import { type ChainPlan, chainTables } from '../../../load/plan.ts';
import type { RowCounts } from '../../../load/row-counts.ts';
import { tally } from '../../../load/row-tally.ts';
import { type Fragment, fragment } from '../../../load/staging/sql-fragment.ts';
import type { TablePlan } from '../../../load/table-plan.ts';
import type { Step } from './load-script.ts';
import { withServerKeys } from './own-server-keys.ts';
import { countRefused, isEmptyBefore, relationOf, type ServerLoad } from './server-load.ts';
import { addedRows } from './staged-rows.ts';

/** Which of the package's rows of a table are added: SQL after `from <package rows> as p`. */
export type Which = (table: TablePlan) => Fragment;

/**
 * The package's rows of every table beside those that stay.
 *
 * @param staying SQL of whether row `d` of a table stays; all of them unless given
 * @returns how many rows got another key than the one they brought
 */
export async function addChain(
  load: ServerLoad,
  chain: ChainPlan,
  which: Which = () => fragment(''),
  staying: (table: TablePlan) => string = () => '1 = 1',
): Promise<number> {
  const question = (table: TablePlan) => ({
    among: which(table),
    staying: isEmptyBefore(chain, table) ? undefined : () => staying(table),
  });
  return withServerKeys(load, chain, question, async (settled) => {
    for (const table of chainTables(chain)) await settled.script.perform(addRows(settled, table, which(table)));
  });
}

export function addRows(load: ServerLoad, table: TablePlan, which: Fragment): readonly Step[] {
  if (table.rows === 0) return [];
  const counted = (inserted: number, refused: number) => {
    tally(load.tallies, table.name, { inserted });
    countRefused(load, table, refused);
  };
  return [{ add: addedRows(load, table, { which }), counted }];
}

/** Every row as it came, beside those that are there. */
export async function addAll(load: ServerLoad, chain: ChainPlan): Promise<RowCounts> {
  return { rekeyed: await addChain(load, chain) };
}

/** The rows of this load instead of all others, also in nested tables that have none now. */
export async function replaceAll(load: ServerLoad, chain: ChainPlan): Promise<RowCounts> {
  await emptyTables(load, chain);
  return { rekeyed: await addChain(load, chain, undefined, () => '1 = 0') };
}

/** By `delete`, which others do not see before the end, and which lets them read meanwhile. */
export async function emptyTables(load: ServerLoad, chain: ChainPlan): Promise<void> {
  for (const table of chainTables(chain)) {
    if (table.action === 'create') continue;
    const counted = (deleted: number) => tally(load.tallies, table.name, { deleted });
    await load.script.perform([{ run: fragment(`delete from ${relationOf(load, table)} where 1 = 1`), counted }]);
  }
}
