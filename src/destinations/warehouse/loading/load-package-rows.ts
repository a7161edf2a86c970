import { telling } from '../../../load/load-errors.ts';
import { type ChainPlan, chainTables, type LoadPlan } from '../../../load/plan.ts';
import { inWords, type RowCounts } from '../../../load/row-counts.ts';
import type { Strategy } from '../../../schema/strategies.ts';
import type { Dialect } from '../dialect.ts';
import { addAll, emptyTables, replaceAll } from './added-chain.ts';
import { deleteAndInsert } from './keyed-chain.ts';
import { insertNew } from './new-rows.ts';
import type { ServerLoad } from './server-load.ts';
import { carriedTable } from './staged-rows.ts';
import { updateOrInsert } from './updated-chain.ts';
import { keepVersions } from './versioned-rows.ts';

/** A function for every strategy that there is. */
const loaders: Readonly<Record<Strategy, (load: ServerLoad, chain: ChainPlan) => Promise<RowCounts>>> = {
  append: addAll,
  replace: replaceAll,
  'delete-insert': deleteAndInsert,
  upsert: updateOrInsert,
  'insert-only': insertNew,
  scd2: keepVersions,
};

/** Puts the rows of every resource into its tables, which are as the plan says by now. Answers what a person should see. */
export async function loadPackageRows(load: ServerLoad, { chains }: LoadPlan): Promise<Record<string, number>> {
  const counts: Record<string, number> = {};
  for (const chain of chains) {
    const { name } = chain.root;
    load.script.part();
    const found = await telling({ loadId: load.loadId, table: name }, async () => {
      if (chain.isRefreshed) await emptyTables(load, chain);
      return loaders[chain.strategy](load, chain);
    });
    Object.assign(counts, inWords(name, found));
  }
  return counts;
}

/** The plan, with the columns of types that DuckDB lacks as texts. */
export function carriedPlan({ chains, changes }: LoadPlan, dialect: Dialect): LoadPlan {
  const carried = chains.map((chain) => {
    const [root = chain.root, ...nested] = chainTables(chain).map((table) => carriedTable(table, dialect));
    return { ...chain, root, nested };
  });
  return { chains: carried, changes };
}
