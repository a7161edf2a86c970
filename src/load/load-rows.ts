import { deleteInsert } from './delete-insert.ts';
import { insertOnly } from './insert-only.ts';
import type { LoadContext } from './load-context.ts';
import type { ChainPlan, Disposition } from './plan.ts';
import { append, replace } from './replace.ts';
import { scd2 } from './scd2.ts';
import { upsert } from './upsert.ts';

/** Each gives the number of package rows that it dropped because a later one has the same key. */
const dispositions: Readonly<Record<Disposition, (context: LoadContext, chain: ChainPlan) => Promise<number>>> = {
  append,
  replace,
  'delete-insert': deleteInsert,
  upsert,
  'insert-only': insertOnly,
  scd2,
};

/** Puts the rows of one resource into its tables, which are as the plan says by now. */
export async function loadRows(context: LoadContext, chain: ChainPlan): Promise<number> {
  return dispositions[chain.disposition](context, chain);
}
