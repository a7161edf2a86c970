import { deleteInsert } from './delete-insert.ts';
import { insertOnly } from './insert-only.ts';
import type { LoadContext } from './load-context.ts';
import type { ChainPlan, Disposition } from './plan.ts';
import { append, replace } from './replace.ts';
import type { RowCounts } from './row-counts.ts';
import { scd2 } from './scd2.ts';
import { upsert } from './upsert.ts';

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
