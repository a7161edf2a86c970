import type { LoadContext } from '../load-context.ts';
import { type ChainPlan, chainTables } from '../plan.ts';
import type { TablePlan } from '../table-plan.ts';
import { insertRows } from './insert-rows.ts';
import { withOwnKeys } from './own-keys.ts';
import { type Fragment, fragment } from './sql-fragment.ts';

/**
 * The package's rows of every table beside those that are there.
 *
 * @param which rows of a table: SQL after `from <package rows> as p`; all of them unless given
 * @returns how many rows got another key than the one they brought
 */
export async function insertChain(
  context: LoadContext,
  chain: ChainPlan,
  which: (table: TablePlan) => Fragment = () => fragment(''),
): Promise<number> {
  const insert = async (settled: LoadContext) => {
    for (const table of chainTables(chain)) await insertRows(settled, table, { which: which(table) });
  };
  return withOwnKeys(context, chain, insert, (table) => ({ among: which(table) }));
}
