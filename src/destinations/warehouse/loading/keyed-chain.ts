import type { ChainPlan } from '../../../load/plan.ts';
import type { RowCounts } from '../../../load/row-counts.ts';
import { tally, tallyReplaced } from '../../../load/row-tally.ts';
import { requireKeyColumns } from '../../../load/staging/key-census.ts';
import { keyColumns } from '../../../load/staging/row-source.ts';
import { restrictedTo } from '../../../load/staging/survivors.ts';
import type { TablePlan } from '../../../load/table-plan.ts';
import { DLT_ID, DLT_ROOT_ID } from '../../../schema/names.ts';
import { settleAbsent } from './absent-rows.ts';
import { addChain } from './added-chain.ts';
import { withSurvivors } from './kept-rows.ts';
import type { Step } from './load-script.ts';
import { columnOf, isEmptyBefore, relationOf, type ServerLoad } from './server-load.ts';
import { matchedIds, type StagedKeys, stageKeys } from './staged-keys.ts';

/**
 * `delete-insert`: rows with a key that the package has too go, with everything nested in them, and the package's rows come in
 * their place. Primary and merge key both count, as in dlt: a row goes when either is in the package.
 */
export async function deleteAndInsert(load: ServerLoad, chain: ChainPlan): Promise<RowCounts> {
  const { root } = chain;
  if (root.rows === 0) {
    await load.script.perform(await settleAbsent(load, chain, undefined));
    return {};
  }
  requireKeyColumns(root);
  const { primary, merge } = keyColumns(root);
  return withSurvivors(load, root, { identity: primary, required: [...primary, ...merge] }, async (survivors) => {
    const keys = isEmptyBefore(chain, root) ? undefined : await stageKeys(load, root, survivors);
    const absent = await settleAbsent(load, chain, keys);
    const which = (table: TablePlan) => restrictedTo(survivors, table);
    let replaced = 0;
    if (keys !== undefined) {
      const marked = survivors.marked > 0 && merge.length === 0;
      await load.script.perform(deleteKnown(load, chain, keys, marked, (rows) => (replaced = rows)));
    }
    const rekeyed = await addChain(load, chain, which, (table) => stays(load, chain, keys, table));
    const settle = () => {
      if (merge.length === 0) tallyReplaced(load.tallies, root.name, replaced);
      else tally(load.tallies, root.name, { deleted: replaced });
    };
    await load.script.perform([{ tell: settle }, ...absent]);
    return { duplicates: survivors.duplicates, marked: survivors.marked, rekeyed };
  });
}

function deleteKnown(
  load: ServerLoad,
  { root, nested, isRefreshed }: ChainPlan,
  keys: StagedKeys,
  isMarked: boolean,
  replaced: (rows: number) => void,
): readonly Step[] {
  const { deleteIn } = load.server.dialect;
  const counted = (table: TablePlan) => (deleted: number) => tally(load.tallies, table.name, { deleted });
  const known = nested.filter((table) => !isRefreshed && table.action !== 'create');
  return [
    ...known.map((table) => ({
      run: deleteIn(relationOf(load, table), DLT_ROOT_ID, matchedIds(load, keys)),
      counted: counted(table),
    })),
    ...(isMarked
      ? [{ run: deleteIn(relationOf(load, root), DLT_ID, matchedIds(load, keys, 'none kept')), counted: counted(root) }]
      : []),
    { run: deleteIn(relationOf(load, root), DLT_ID, matchedIds(load, keys)), counted: replaced },
  ];
}

/** SQL of whether row `d` of a table is not one of those that go. */
function stays(load: ServerLoad, { root }: ChainPlan, keys: StagedKeys | undefined, table: TablePlan): string {
  if (keys === undefined) return '1 = 1';
  const column = columnOf(load, 'd', table === root ? DLT_ID : DLT_ROOT_ID);
  return `${column} not in (${matchedIds(load, keys).sql})`;
}
