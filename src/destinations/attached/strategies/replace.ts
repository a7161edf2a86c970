import type { LoadContext } from '../../../load/load-context.ts';
import { type ChainPlan, chainTables } from '../../../load/plan.ts';
import type { RowCounts } from '../../../load/row-counts.ts';
import { deleteAllRows } from '../../../load/staging/insert-rows.ts';
import { append } from './append.ts';

/**
 * The rows of this load instead of all others, also in nested tables that have none now. dlt's three strategies differ in
 * what a reader sees meanwhile; here readers see the file before or after, so they are the same.
 */
export async function replace(context: LoadContext, chain: ChainPlan): Promise<RowCounts> {
  for (const table of chainTables(chain)) await deleteAllRows(context, table);
  return append(context, chain);
}
