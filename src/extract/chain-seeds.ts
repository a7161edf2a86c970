import type { Json } from '../json/json-value.ts';
import type { Values } from './http/url.ts';

/** What one request chain begins with. */
export interface ChainSeed {
  /** What placeholders stand for, by what stands in their braces: `id`, `region.code`, `resources.posts.id`. */
  readonly values: Values;
  /** Members that each of its records gets. */
  readonly included?: Readonly<Record<string, Json>>;
}

export interface ChainSeeds {
  /** One request chain for each, in this order. */
  readonly seeds: readonly ChainSeed[];
  /** Where they were looked for, for the note of a resource that has none. */
  readonly sources: readonly string[];
  /** What a person should know of them. */
  readonly notes?: readonly string[];
  /** Of a paid resource: what was left out because it was paid for and loaded before. */
  readonly bought?: readonly string[] | undefined;
  /** Why there may be more than these; undefined where they are all. */
  readonly partOf?: string | undefined;
  /** If there are none, that is how it is: the parent has no records, say. Else nobody knows what there would have been. */
  readonly isNoneKnown?: boolean;
}

/** Of an endpoint that is asked once. */
export const ONE_CHAIN: ChainSeeds = { seeds: [{ values: {} }], sources: [] };

/** Every combination; the seeds of the last factor change fastest. */
export function productOf(factors: readonly ChainSeeds[]): ChainSeeds {
  return factors.reduce((product, factor) => {
    if (factor === ONE_CHAIN) return product;
    if (product === ONE_CHAIN) return factor;
    return {
      seeds: product.seeds.flatMap((seed) => combined(seed, factor.seeds)),
      sources: [...product.sources, ...factor.sources],
      notes: [...(product.notes ?? []), ...(factor.notes ?? [])],
      partOf: product.partOf ?? factor.partOf,
      isNoneKnown: [product, factor].some(({ seeds, isNoneKnown }) => seeds.length === 0 && isNoneKnown === true),
    };
  }, ONE_CHAIN);
}

// --- internal ---

function combined({ values, included }: ChainSeed, seeds: readonly ChainSeed[]): ChainSeed[] {
  return seeds.map((seed) => {
    const members = included ?? seed.included;
    const both = included === undefined || seed.included === undefined ? members : { ...included, ...seed.included };
    return { values: { ...values, ...seed.values }, ...(both === undefined ? {} : { included: both }) };
  });
}
