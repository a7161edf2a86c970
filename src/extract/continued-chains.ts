import type { ChainSeed } from './chain-seeds.ts';
import type { Values } from './http/url.ts';
import type { Position } from './page.ts';
import { progressOf } from './position.ts';

/** What a resource that was begun asks for when it is continued with values that are resolved anew. */
export interface ContinuedChains {
  /** The chains that were read, the one under way, then what is wanted now and was neither. */
  readonly seeds: readonly ChainSeed[];
  /** They are others than those that were begun with, or come in another order. */
  readonly areChanged: boolean;
  /** Chains wanted now that the earlier run did not know. */
  readonly added: readonly Values[];
  /** Chains read to their end that are not wanted now. */
  readonly unwanted: readonly Values[];
  /** The chain of which a part was read, where it is not wanted now. */
  readonly unwantedPart: Values | undefined;
  /** Chains that were still to come and are not wanted now. */
  readonly leftOut: readonly Values[];
}

/** `begun`: the chains that `position` counts in. What was read keeps its place, so that the position stays true. */
export function continuedChains(
  begun: readonly Values[],
  position: Position | null,
  wanted: readonly ChainSeed[],
): ContinuedChains {
  // The usual case, and the values can be a million.
  if (areSame(begun, wanted)) return { ...nothingChanged, seeds: wanted };
  const { chain, place } = progressOf(position);
  const [before, now] = [byKey(begun.map((values) => ({ values }))), byKey(wanted)];
  const settled = [...before.keys()].slice(0, place === null ? chain : chain + 1);
  const [read, underWay] = [settled.slice(0, chain), settled.slice(chain)];
  const left = [...before.keys()].slice(settled.length);
  const isSettled = new Set(settled);
  const rest = [...now.keys()].filter((key) => !isSettled.has(key));
  const isUnwanted = (key: string) => !now.has(key);
  const seedOf = (key: string) => now.get(key) ?? before.get(key) ?? { values: {} };
  const valuesOf = (keys: readonly string[]) => keys.map((key) => seedOf(key).values);
  const seeds = [...settled, ...rest].map(seedOf);
  return {
    seeds,
    areChanged: !areSame(begun, seeds),
    added: valuesOf(rest.filter((key) => !before.has(key))),
    unwanted: valuesOf(read.filter(isUnwanted)),
    unwantedPart: valuesOf(underWay.filter(isUnwanted))[0],
    leftOut: valuesOf(left.filter(isUnwanted)),
  };
}

/** `id = a, region = eu`: for messages. Empty for one that differs from others in its window alone, if at all. */
export function chainName(values: Values): string {
  return Object.entries(values)
    .filter(([name]) => !name.startsWith('incremental.'))
    .map(([name, value]) => `${name} = ${value}`)
    .join(', ');
}

// --- internal ---

const nothingChanged = { areChanged: false, added: [], unwanted: [], unwantedPart: undefined, leftOut: [] };

/** In the same order. */
function areSame(chains: readonly Values[], seeds: readonly ChainSeed[]): boolean {
  return chains.length === seeds.length && chains.every((values, at) => isSame(values, seeds[at]?.values ?? {}));
}

function isSame(values: Values, others: Values): boolean {
  const names = Object.keys(values);
  return (
    names.length === Object.keys(others).length && names.every((name) => String(values[name]) === String(others[name]))
  );
}

/** In their order. What makes the same request, as 7 and `7` do, has the same key, but the second time it is asked for another. */
function byKey(seeds: readonly ChainSeed[]): Map<string, ChainSeed> {
  const keyed = new Map<string, ChainSeed>();
  const times = new Map<string, number>();
  for (const seed of seeds) {
    const key = JSON.stringify(Object.entries(seed.values).map(([name, value]) => [name, String(value)]));
    const before = times.get(key) ?? 0;
    times.set(key, before + 1);
    keyed.set(`${before} ${key}`, seed);
  }
  return keyed;
}
