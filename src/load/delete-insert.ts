import { DLT_ID, DLT_ROOT_ID } from '../schema/names.ts';
import { insertRows } from './insert-rows.ts';
import { requireKeyColumns } from './key-census.ts';
import type { LoadContext } from './load-context.ts';
import { type ChainPlan, chainTables } from './plan.ts';
import { createReplaced, deleteReplaced, dropReplaced } from './replaced-rows.ts';
import { keyColumns } from './row-source.ts';
import { dropSurvivors, findSurvivors, restrictedTo } from './survivors.ts';

/**
 * Rows with a key that the package has too go, with everything nested in them, and the package's rows come in their place.
 * Primary and merge key both count, as in dlt: a row goes when either is in the package.
 *
 * @returns how many rows of the package were dropped because a later one has the same primary key
 */
export async function deleteInsert(context: LoadContext, chain: ChainPlan): Promise<number> {
  const { root, nested } = chain;
  if (root.rows === 0) return 0;
  requireKeyColumns(root);
  const { primary, merge } = keyColumns(root);
  const survivors = await findSurvivors(context, root, { identity: primary, required: [...primary, ...merge] });
  if (root.action !== 'create') {
    await createReplaced(context, root, [primary, merge]);
    for (const table of nested) if (table.action !== 'create') await deleteReplaced(context, table, DLT_ROOT_ID);
    await deleteReplaced(context, root, DLT_ID);
    await dropReplaced(context);
  }
  for (const table of chainTables(chain)) await insertRows(context, table, { which: restrictedTo(survivors, table) });
  await dropSurvivors(context, survivors);
  return survivors.duplicates;
}
