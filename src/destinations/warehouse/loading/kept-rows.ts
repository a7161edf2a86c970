import type { RootKeys } from '../../../load/staging/key-census.ts';
import { dropSurvivors, findSurvivors, type Survivors } from '../../../load/staging/survivors.ts';
import type { TablePlan } from '../../../load/table-plan.ts';
import type { ServerLoad } from './server-load.ts';

/** Does the work while it is known which root rows of the package get into their table. */
export async function withSurvivors<T>(
  load: ServerLoad,
  root: TablePlan,
  keys: RootKeys,
  work: (survivors: Survivors) => Promise<T>,
): Promise<T> {
  const survivors = await findSurvivors(load, root, keys);
  try {
    return await work(survivors);
  } finally {
    await dropSurvivors(load, survivors); // the session with DuckDB goes on after a load that was refused
  }
}
