import type { Values } from './http/url.ts';
import type { Position } from './page.ts';
import { progressOf } from './position.ts';

/** What a resource that was begun asks for when it is continued with values that are resolved anew. */
export interface ContinuedChains {
  /** The chains that were read, the one under way, then what is wanted now and was neither. */
  readonly chains: readonly Values[];
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
  wanted: readonly Values[],
): ContinuedChains {
  // The usual case, and the values can be a million.
  if (areSame(begun, wanted)) return { ...nothingChanged, chains: begun };
  const { chain, place } = progressOf(position);
  const [read, underWay] = [begun.slice(0, chain), begun.slice(chain, place === null ? chain : chain + 1)];
  const known = begun.map(keyOf);
  const settled = new Set(known.slice(0, read.length + underWay.length));
  const still = new Set(wanted.map(keyOf));
  const isUnwanted = (values: Values) => !still.has(keyOf(values));
  const rest = wanted.filter((values) => !settled.has(keyOf(values)));
  const chains = [...read, ...underWay, ...rest];
  const isKnown = new Set(known);
  return {
    chains,
    areChanged: !areSame(begun, chains),
    added: rest.filter((values) => !isKnown.has(keyOf(values))),
    unwanted: read.filter(isUnwanted),
    unwantedPart: underWay.find(isUnwanted),
    leftOut: begun.slice(read.length + underWay.length).filter(isUnwanted),
  };
}

/** `id = a, region = eu`: for messages. */
export function chainName(values: Values): string {
  return Object.entries(values)
    .map(([name, value]) => `${name} = ${value}`)
    .join(', ');
}

// --- internal ---

const nothingChanged = { areChanged: false, added: [], unwanted: [], unwantedPart: undefined, leftOut: [] };

/** In the same order. */
function areSame(chains: readonly Values[], others: readonly Values[]): boolean {
  return chains.length === others.length && chains.every((values, at) => isSame(values, others[at] ?? {}));
}

function isSame(values: Values, others: Values): boolean {
  const names = Object.keys(values);
  return (
    names.length === Object.keys(others).length && names.every((name) => String(values[name]) === String(others[name]))
  );
}

/** The same for 7 and `7`, which make the same request. */
function keyOf(values: Values): string {
  return JSON.stringify(Object.entries(values).map(([name, value]) => [name, String(value)]));
}
