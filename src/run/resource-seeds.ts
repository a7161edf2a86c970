import type { ResolvedResource } from '../config/pipeline-config.ts';
import { type ChainSeeds, productOf } from '../extract/chain-seeds.ts';
import { hasValues, resolveValues } from '../extract/param-values.ts';
import type { Run } from './open-run.ts';
import { queryIds } from './resource-values.ts';

/** What a resource asks for now: a request chain for each of its values. */
export async function seedsNow(run: Run, resource: ResolvedResource): Promise<ChainSeeds> {
  return productOf([await ofValues(run, resource)]);
}

/** False for a resource that asks once, whatever happens. */
export function hasSeeds({ endpoint }: ResolvedResource): boolean {
  return hasValues(endpoint?.params);
}

// --- internal ---

function ofValues(run: Run, { endpoint }: ResolvedResource): Promise<ChainSeeds> {
  return resolveValues(endpoint?.params, { env: run.effects.env, queryIds: (sql) => queryIds(run, sql) });
}
