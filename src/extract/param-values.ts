import type { ValueSource } from '../config/grammar/resource-schema.ts';
import { isValuesParam } from '../config/values-param.ts';
import type { Effects } from '../effects.ts';
import { wellFormed } from '../json/json-text.ts';
import { type ChainSeeds, productOf } from './chain-seeds.ts';
import type { Endpoint } from './endpoint.ts';

type Params = NonNullable<Endpoint['params']>;

/** What values are looked for in. */
export interface ValuePlaces {
  readonly env: Effects['env'];
  /** Runs a `query` on the destination. */
  queryIds(sql: string): Promise<Ids | StillToCome>;
}

type Ids = readonly (string | number)[];

/** What the query asks is not there yet: ``table `jobs` ``. */
export interface StillToCome {
  readonly stillToCome: string;
}

export function hasValues(params: Params = {}): boolean {
  return Object.values(params).some(isValuesParam);
}

/** Resolves the `values` parameters: every source in its order, duplicates and empty ones dropped; several make a product. Half of a surrogate pair becomes U+FFFD. */
export async function resolveValues(params: Params = {}, places: ValuePlaces): Promise<ChainSeeds> {
  const factors: ChainSeeds[] = [];
  for (const [name, param] of Object.entries(params)) {
    if (!isValuesParam(param)) continue;
    const found = new Map<string, string | number>();
    const sources: string[] = [];
    for (const source of param.from) {
      const values = await valuesOf(source, places);
      sources.push(nameOf(source) + ('stillToCome' in values ? ` (there is no ${values.stillToCome} yet)` : ''));
      for (const given of 'stillToCome' in values ? [] : values) {
        const value = typeof given === 'string' ? wellFormed(given) : given;
        const text = String(value).trim();
        if (text !== '' && !found.has(text)) found.set(text, value);
      }
    }
    factors.push({ seeds: [...found.values()].map((value) => ({ values: { [name]: value } })), sources });
  }
  return productOf(factors);
}

// --- internal ---

async function valuesOf(source: ValueSource, { env, queryIds }: ValuePlaces): Promise<Ids | StillToCome> {
  if ('list' in source) return source.list;
  if ('env' in source) return (env[source.env] ?? '').split(',').map((value) => value.trim());
  return queryIds(source.query);
}

function nameOf(source: ValueSource): string {
  if ('list' in source) return 'the list in the configuration';
  return 'env' in source ? `environment ${source.env}` : `query \`${source.query}\``;
}
