import { type ParentBinding, parentOf } from '../config/parents.ts';
import type { ResolvedResource } from '../config/pipeline-config.ts';
import { PipelineError } from '../errors.ts';
import { type ChainSeeds, ONE_CHAIN, productOf } from '../extract/chain-seeds.ts';
import { hasValues, resolveValues } from '../extract/param-values.ts';
import { parentSeeds } from '../extract/parent-seeds.ts';
import { requireWholeParent } from '../extract/whole-parent.ts';
import { readParents, readResources } from '../package/package-books.ts';
import { withConnection } from './attached-package.ts';
import type { Run } from './open-run.ts';
import { queryIds } from './resource-values.ts';

/**
 * What a resource asks for now: a request chain for each record of its parent and each of its values. The parent is over, and
 * what it led to is durable in the package that is attached.
 */
export async function seedsNow(run: Run, resource: ResolvedResource): Promise<ChainSeeds> {
  return productOf([await ofParent(run, resource), await ofValues(run, resource)]);
}

/** False for a resource that asks once, whatever happens. */
export function hasSeeds(resource: ResolvedResource): boolean {
  return hasValues(resource.endpoint?.params) || parentOf(resource) !== undefined;
}

// --- internal ---

async function ofParent(run: Run, child: ResolvedResource): Promise<ChainSeeds> {
  const binding = parentOf(child);
  if (binding === undefined) return ONE_CHAIN;
  return withConnection(run, async (connection) => {
    const parent = (await readResources(connection)).find(({ resource }) => resource === binding.parent);
    if (parent?.status === 'failed') throw parentFailed(child.name, binding);
    if (parent?.status === 'skipped' || parent?.status === 'ignored')
      return { seeds: [], sources: [`the records of \`${binding.parent}\`, which was ${parent.status}`] };
    if (parent?.status !== 'done') throw new Error(`${binding.parent} is not over, but ${child.name} begins`);
    requireWholeParent(child, binding.parent, parent.position);
    return parentSeeds(child.name, binding, readParents(connection, binding.parent));
  });
}

function parentFailed(child: string, { parent }: ParentBinding): PipelineError {
  return new PipelineError({
    code: 'ResourceFailed',
    message: `\`${child}\`: its parent \`${parent}\` failed.`,
    hint: `Run again: dezgo-elt run ${parent} ${child}`,
    facts: { resource: child, parent },
  });
}

function ofValues(run: Run, { endpoint }: ResolvedResource): Promise<ChainSeeds> {
  return resolveValues(endpoint?.params, { env: run.effects.env, queryIds: (sql) => queryIds(run, sql) });
}
