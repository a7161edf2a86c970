import { isPaid } from '../config/paid-endpoint.ts';
import { type ParentBinding, parentOf } from '../config/parents.ts';
import type { ResolvedResource } from '../config/pipeline-config.ts';
import { PipelineError } from '../errors.ts';
import { type ChainSeeds, ONE_CHAIN, productOf } from '../extract/chain-seeds.ts';
import { hasValues, resolveValues } from '../extract/param-values.ts';
import { parentSeeds } from '../extract/parent-seeds.ts';
import { requireWholeParent } from '../extract/whole-parent.ts';
import type { IncrementalStart } from '../incremental/incremental-start.ts';
import { incrementalChains } from '../incremental/placeholder-values.ts';
import { readParents, readResources } from '../package/package-books.ts';
import { withConnection } from './attached-package.ts';
import { withoutBought } from './bought-chains.ts';
import { type Asking, queryIds, queryRows } from './resource-values.ts';

/**
 * What a resource asks for now: a request chain for each record of its parent, each of its values and, of one that is
 * incremental, each of its windows. The parent is over, and what it led to is durable in the package that is attached.
 */
export async function seedsNow(
  run: Asking,
  resource: ResolvedResource,
  start: IncrementalStart | undefined,
): Promise<ChainSeeds> {
  const factors = [await ofParent(run, resource), await ofValues(run, resource), ofIncremental(resource, start)];
  return withoutBought(run, resource, productOf(factors));
}

/** False for a resource that asks once, whatever happens; what was paid for is not asked for again. */
export function hasSeeds(resource: ResolvedResource): boolean {
  const { endpoint } = resource;
  const hasIds = hasValues(endpoint?.params) || parentOf(resource) !== undefined;
  return hasIds || endpoint?.incremental !== undefined || isPaid(endpoint);
}

// --- internal ---

async function ofParent(run: Asking, child: ResolvedResource): Promise<ChainSeeds> {
  const binding = parentOf(child);
  if (binding === undefined) return ONE_CHAIN;
  if (run.ofParent !== undefined) return run.ofParent(child.name, binding);
  return withConnection(run, async (connection) => {
    const parent = (await readResources(connection)).find(({ resource }) => resource === binding.parent);
    if (parent?.status === 'failed') throw parentFailed(child.name, binding);
    if (parent?.status === 'skipped' || parent?.status === 'ignored')
      return { seeds: [], sources: [`the records of \`${binding.parent}\`, which was ${parent.status}`] };
    if (parent?.status !== 'done') throw new Error(`${binding.parent} is not over, but ${child.name} begins`);
    requireWholeParent(child, binding.parent, parent.position);
    const found = await parentSeeds(child.name, binding, readParents(connection, binding.parent));
    return parent.isWhole === true
      ? found
      : { ...found, partOf: `its parent \`${binding.parent}\` was not read whole` };
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

function ofIncremental({ endpoint }: ResolvedResource, start: IncrementalStart | undefined): ChainSeeds {
  const config = endpoint?.incremental;
  if (config === undefined || start === undefined) return ONE_CHAIN;
  return { seeds: incrementalChains(config, start).map(({ values }) => ({ values })), sources: [] };
}

async function ofValues(run: Asking, { name, endpoint }: ResolvedResource): Promise<ChainSeeds> {
  if (!hasValues(endpoint?.params)) return ONE_CHAIN;
  const resolve = () =>
    resolveValues(endpoint, {
      env: run.effects.env,
      queryIds: (sql) => queryIds(run, sql),
      queryRows: (sql, columns) => queryRows(run, sql, columns),
    });
  return run.replies === undefined ? resolve() : run.replies.values(name, resolve);
}
