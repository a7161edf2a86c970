import type { LoadContext } from '../../load/load-context.ts';
import type { ChainPlan, Disposition } from '../../load/plan.ts';
import type { RowCounts } from '../../load/row-counts.ts';
import { deleteInsert } from './strategies/delete-insert.ts';
import { insertOnly } from './strategies/insert-only.ts';
import { append, replace } from './strategies/replace.ts';
import { scd2 } from './strategies/scd2.ts';
import { upsert } from './strategies/upsert.ts';

const dispositions: Readonly<Record<Disposition, (context: LoadContext, chain: ChainPlan) => Promise<RowCounts>>> = {
  append,
  replace,
  'delete-insert': deleteInsert,
  upsert,
  'insert-only': insertOnly,
  scd2,
};

/** Puts the rows of one resource into its tables, which are as the plan says by now. */
export async function loadRows(context: LoadContext, chain: ChainPlan): Promise<RowCounts> {
  return dispositions[chain.disposition](context, chain);
}
