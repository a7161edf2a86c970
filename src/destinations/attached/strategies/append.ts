import type { LoadContext } from '../../../load/load-context.ts';
import type { ChainPlan } from '../../../load/plan.ts';
import type { RowCounts } from '../../../load/row-counts.ts';
import { insertChain } from '../../../load/staging/insert-chain.ts';

/** Every row as it came, beside those that are there. */
export async function append(context: LoadContext, chain: ChainPlan): Promise<RowCounts> {
  return { rekeyed: await insertChain(context, chain) };
}
