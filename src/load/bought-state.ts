import type { PackageResource } from '../package/layout.ts';
import { membersOf } from './incremental-state.ts';
import { type RawJson, rawText } from './staging/raw-json.ts';

const KEY = 'bought';

/** What was kept at `sources.<source>.resources.<resource>.bought`: the chains of a resource that was stopped before the others. */
export function keptBought(sources: RawJson | undefined, source: string, resource: string): readonly string[] {
  const path = [source, 'resources', resource];
  const kept = path.reduce<RawJson | undefined>((place, name) => membersOf(place).get(name), sources);
  const chains = membersOf(kept).get(KEY);
  return Array.isArray(chains) ? chains.map((chain) => String(JSON.parse(rawText(chain)))) : [];
}

/**
 * The member `sources` after resources were loaded: of one that was read to its end nothing is kept any more, unless another run
 * loads it (`isRecovered`), which is not to pay for the same.
 */
export function withBought(
  sources: RawJson | undefined,
  source: string,
  { resources, isRecovered }: { readonly resources: readonly PackageResource[]; readonly isRecovered: boolean },
): RawJson | undefined {
  return resources.reduce<RawJson | undefined>((before, { resource, status, bought }) => {
    if (status !== 'done' || bought === undefined) return before;
    return withOne(before, source, resource, bought.isStopped || isRecovered ? bought.chains : []);
  }, sources);
}

// --- internal ---

function withOne(
  sources: RawJson | undefined,
  source: string,
  resource: string,
  bought: readonly string[],
): RawJson | undefined {
  const ofSource = membersOf(membersOf(sources).get(source));
  const ofResources = membersOf(ofSource.get('resources'));
  const ofResource = membersOf(ofResources.get(resource));
  if (bought.length === 0 && !ofResource.has(KEY)) return sources;
  const kept = new Map(ofResource);
  if (bought.length === 0) kept.delete(KEY);
  else
    kept.set(
      KEY,
      bought.map((chain) => JSON.stringify(chain)),
    );
  const all = new Map(ofSource).set('resources', new Map(ofResources).set(resource, kept));
  return new Map(membersOf(sources)).set(source, all);
}
