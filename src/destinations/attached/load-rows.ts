import type { LoadContext } from '../../load/load-context.ts';
import { type ChainPlan, chainTables } from '../../load/plan.ts';
import type { RowCounts } from '../../load/row-counts.ts';
import { deleteAllRows } from '../../load/staging/insert-rows.ts';
import type { Strategy } from '../../schema/strategies.ts';
import { append } from './strategies/append.ts';
import { deleteInsert } from './strategies/delete-insert.ts';
import { insertOnly } from './strategies/insert-only.ts';
import { settlingMissing } from './strategies/missing-rows.ts';
import { replace } from './strategies/replace.ts';
import { scd2 } from './strategies/scd2.ts';
import { upsert } from './strategies/upsert.ts';

/** A file each, for every strategy that there is. */
const loaders: Readonly<Record<Strategy, (context: LoadContext, chain: ChainPlan) => Promise<RowCounts>>> = {
  append,
  replace,
  'delete-insert': deleteInsert,
  upsert,
  'insert-only': insertOnly,
  scd2,
};

/** Puts the rows of one resource into its tables, which are as the plan says by now. */
export async function loadRows(context: LoadContext, chain: ChainPlan): Promise<RowCounts> {
  if (chain.isRefreshed) for (const table of chainTables(chain)) await deleteAllRows(context, table);
  return settlingMissing(context, chain, () => loaders[chain.strategy](context, chain));
}
