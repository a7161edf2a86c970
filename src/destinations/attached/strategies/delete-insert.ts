import type { LoadContext } from '../../../load/load-context.ts';
import type { ChainPlan } from '../../../load/plan.ts';
import type { RowCounts } from '../../../load/row-counts.ts';
import { tally, tallyReplaced } from '../../../load/row-tally.ts';
import { insertChain } from '../../../load/staging/insert-chain.ts';
import { requireKeyColumns } from '../../../load/staging/key-census.ts';
import { createReplaced, deleteMarked, deleteReplaced, dropReplaced } from '../../../load/staging/replaced-rows.ts';
import { keyColumns } from '../../../load/staging/row-source.ts';
import { dropSurvivors, findSurvivors, restrictedTo, type Survivors } from '../../../load/staging/survivors.ts';
import { DLT_ID, DLT_ROOT_ID } from '../../../schema/names.ts';

/**
 * Rows with a key that the package has too go, with everything nested in them, and the package's rows come in their place.
 * Primary and merge key both count, as in dlt: a row goes when either is in the package.
 */
export async function deleteInsert(context: LoadContext, chain: ChainPlan): Promise<RowCounts> {
  const { root } = chain;
  if (root.rows === 0) return {};
  requireKeyColumns(root);
  const { primary, merge } = keyColumns(root);
  const survivors = await findSurvivors(context, root, { identity: primary, required: [...primary, ...merge] });
  const replaced = root.action === 'create' ? 0 : await deleteKnown(context, chain, survivors);
  const rekeyed = await insertChain(context, chain, (table) => restrictedTo(survivors, table));
  if (merge.length === 0) tallyReplaced(context.tallies, root.name, replaced);
  else tally(context.tallies, root.name, { deleted: replaced });
  await dropSurvivors(context, survivors);
  return { duplicates: survivors.duplicates, marked: survivors.marked, rekeyed };
}

/** Answers how many root rows make room for others. */
async function deleteKnown(context: LoadContext, { root, nested }: ChainPlan, survivors: Survivors): Promise<number> {
  const { primary, merge } = keyColumns(root);
  await createReplaced(context, root, [primary, merge]);
  for (const table of nested) {
    if (table.action === 'create') continue;
    tally(context.tallies, table.name, { deleted: await deleteReplaced(context, table, DLT_ROOT_ID) });
  }
  if (survivors.marked > 0 && merge.length === 0)
    tally(context.tallies, root.name, { deleted: await deleteMarked(context, root, primary, survivors) });
  const replaced = await deleteReplaced(context, root, DLT_ID);
  await dropReplaced(context);
  return replaced;
}
