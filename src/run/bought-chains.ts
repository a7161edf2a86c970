import { createHash } from 'node:crypto';
import { isPaid } from '../config/paid-endpoint.ts';
import type { PipelineConfig, ResolvedResource } from '../config/pipeline-config.ts';
import type { ChainSeed, ChainSeeds } from '../extract/chain-seeds.ts';
import { chainName } from '../extract/continued-chains.ts';
import type { ExtractOutcome } from '../extract/page.ts';
import { removingDisposition } from '../extract/reply/unread-lists.ts';
import { keptBought } from '../load/bought-state.ts';
import type { PackageResource } from '../package/layout.ts';
import { count } from '../text/count.ts';
import type { Asking } from './resource-values.ts';

/**
 * What is left to be asked for of a paid resource that was stopped, by a limit of costs, a rule, or before its package was loaded:
 * what was paid for before and is loaded is not paid for again, while the configuration stays the same.
 */
export async function withoutBought(
  { config, destination, replies }: Asking,
  { name, endpoint }: ResolvedResource,
  found: ChainSeeds,
): Promise<ChainSeeds> {
  if (!isPaid(endpoint) || replies?.isReplay === true) return found;
  const sources = (await destination.read())?.state?.members.get('sources');
  const bought = new Set(keptBought(sources, config.source.name, name));
  const keyed = found.seeds.map((seed) => ({ seed, key: boughtKey(config, seed) }));
  const seeds = keyed.flatMap(({ seed, key }) => (bought.has(key) ? [] : [seed]));
  const left = found.seeds.length - seeds.length;
  if (left === 0) return found;
  const note = areIds(found)
    ? `leaves out ${count(left, 'id')} that a run paid for and loaded before it was stopped`
    : 'asks for nothing: a run paid for it and loaded it before it was stopped';
  return {
    ...found,
    seeds,
    bought: keyed.flatMap(({ key }) => (bought.has(key) ? [key] : [])),
    notes: [...(found.notes ?? []), note],
    partOf: 'others were loaded before',
    isNoneKnown: true,
  };
}

/**
 * What the next run is to leave out, where this one was stopped or does not load its package itself; nothing where loading a part
 * would take rows away, and of what is not paid for.
 */
export function boughtBy(
  { config, isReplay }: { readonly config: PipelineConfig; readonly isReplay: boolean },
  resource: ResolvedResource,
  { stoppedAfter }: ExtractOutcome,
  { seeds, bought = [] }: Pick<ChainSeeds, 'seeds' | 'bought'> = { seeds: [] },
): PackageResource['bought'] {
  if (isReplay || !isPaid(resource.endpoint)) return undefined;
  const isStopped = stoppedAfter !== undefined;
  if (removingDisposition(resource) !== undefined) return { chains: [], isStopped };
  const chains = seeds.slice(0, stoppedAfter).map((seed) => boughtKey(config, seed));
  return { chains: [...bought, ...chains], isStopped };
}

// --- internal ---

function areIds({ seeds }: ChainSeeds): boolean {
  return seeds.some(({ values }) => chainName(values) !== '');
}

function boughtKey({ hash }: PipelineConfig, { values }: ChainSeed): string {
  const texts = Object.entries(values).map(([name, value]) => [name, String(value)]);
  return createHash('sha256')
    .update(JSON.stringify([hash, texts]))
    .digest('base64url')
    .slice(0, 16);
}
