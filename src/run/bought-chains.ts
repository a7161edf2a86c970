import { createHash } from 'node:crypto';
import { isPaid } from '../config/paid-endpoint.ts';
import type { PipelineConfig, ResolvedResource } from '../config/pipeline-config.ts';
import type { ChainSeed, ChainSeeds } from '../extract/chain-seeds.ts';
import type { ExtractOutcome } from '../extract/page.ts';
import { keptBought } from '../load/bought-state.ts';
import { count } from '../text/count.ts';
import type { Asking } from './resource-values.ts';

/**
 * What is left to be asked for of a paid resource that was stopped, by a limit of costs or a rule: what was paid for before and is
 * loaded is not paid for again, while the configuration stays the same.
 */
export async function withoutBought(
  { config, destination }: Asking,
  { name, endpoint }: ResolvedResource,
  found: ChainSeeds,
): Promise<ChainSeeds> {
  if (!isPaid(endpoint)) return found;
  const sources = (await destination.read())?.state?.members.get('sources');
  const bought = new Set(keptBought(sources, config.source.name, name));
  const seeds = found.seeds.filter((seed) => !bought.has(boughtKey(config, seed)));
  const left = found.seeds.length - seeds.length;
  if (left === 0) return found;
  const note = `leaves out ${count(left, 'id')} that a run paid for and loaded before it was stopped`;
  return {
    ...found,
    seeds,
    bought: found.seeds.map((seed) => boughtKey(config, seed)).filter((key) => bought.has(key)),
    notes: [...(found.notes ?? []), note],
    partOf: 'others were loaded before',
    isNoneKnown: true,
  };
}

/** What the next run is to leave out, after one that was stopped; nothing after one that came to the end. */
export function boughtBy(
  config: PipelineConfig,
  { endpoint }: ResolvedResource,
  { stoppedAfter }: ExtractOutcome,
  { seeds, bought = [] }: Pick<ChainSeeds, 'seeds' | 'bought'> = { seeds: [] },
): readonly string[] {
  if (stoppedAfter === undefined || !isPaid(endpoint)) return [];
  return [...bought, ...seeds.slice(0, stoppedAfter).map((seed) => boughtKey(config, seed))];
}

// --- internal ---

function boughtKey({ hash }: PipelineConfig, { values }: ChainSeed): string {
  const texts = Object.entries(values).map(([name, value]) => [name, String(value)]);
  return createHash('sha256')
    .update(JSON.stringify([hash, texts]))
    .digest('base64url')
    .slice(0, 16);
}
