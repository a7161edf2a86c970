import type { EndpointConfig, ValueSource, ValuesParam } from '../config/grammar/resource-schema.ts';
import { useOf, type ValueUse } from '../config/value-columns.ts';
import { isValuesParam } from '../config/values-param.ts';
import type { Effects } from '../effects.ts';
import { wellFormed } from '../json/json-text.ts';
import { type ChainSeeds, productOf } from './chain-seeds.ts';
import type { Values } from './http/url.ts';

/** What values are looked for in. */
export interface ValuePlaces {
  readonly env: Effects['env'];
  /** Runs a `query` on the destination. */
  queryIds(sql: string): Promise<Ids | StillToCome>;
  /** The same for several of its columns, by the names that are asked for. */
  queryRows(sql: string, columns: readonly string[]): Promise<readonly ValueRow[] | StillToCome>;
}

type Value = string | number | boolean;
type Ids = readonly (string | number)[];
/** By column; null where there is none. */
export type ValueRow = Readonly<Record<string, Value | null>>;

/** What the query asks is not there yet: ``table `jobs` ``. */
export interface StillToCome {
  readonly stillToCome: string;
}

type Params = NonNullable<EndpointConfig['params']>;

export function hasValues(params: Params = {}): boolean {
  return Object.values(params).some(isValuesParam);
}

/**
 * Resolves the `values` parameters: every source in its order, duplicates and empty ones dropped; several make a product. Half of
 * a surrogate pair becomes U+FFFD.
 */
export async function resolveValues(endpoint: EndpointConfig = {}, places: ValuePlaces): Promise<ChainSeeds> {
  const factors: ChainSeeds[] = [];
  for (const [name, param] of Object.entries(endpoint.params ?? {})) {
    if (!isValuesParam(param)) continue;
    const use = useOf(name, endpoint);
    const found = new Map<string, Values>();
    const sources: string[] = [];
    for (const source of param.from) {
      const rows = await rowsOf(source, use, places);
      sources.push(nameOf(source, name) + ('stillToCome' in rows ? ` (there is no ${rows.stillToCome} yet)` : ''));
      for (const row of 'stillToCome' in rows ? [] : rows) {
        const values = valuesOf(name, row);
        const texts = Object.values(values).map((value) => String(value).trim());
        const key = JSON.stringify(texts);
        if (!texts.includes('') && !found.has(key)) found.set(key, values);
      }
    }
    factors.push({ seeds: [...found.values()].map((values) => ({ values })), sources, partOf: partOf(name, param) });
  }
  return productOf(factors);
}

// --- internal ---

/** What stands in the configuration is all that there is; what is looked up is what is wanted today. */
function partOf(name: string, { from }: ValuesParam): string | undefined {
  return from.every((source) => 'list' in source) ? undefined : `\`${name}\` stands for values that were looked up`;
}

/** The column of values that are no mappings. */
const WHOLE = '';

async function rowsOf(
  source: ValueSource,
  { isWhole, columns }: ValueUse,
  { env, queryIds, queryRows }: ValuePlaces,
): Promise<readonly ValueRow[] | StillToCome> {
  if ('list' in source)
    return source.list.map((item) => (typeof item === 'object' ? picked(item, columns) : whole(item)));
  if ('env' in source) return (env[source.env] ?? '').split(',').map((value) => whole(value.trim()));
  if (columns.length > 0) return queryRows(source.query, isWhole ? [WHOLE, ...columns] : columns);
  const ids = await queryIds(source.query);
  return 'stillToCome' in ids ? ids : ids.map(whole);
}

function whole(value: string | number): ValueRow {
  return { [WHOLE]: value };
}

function picked(item: Readonly<Record<string, Value>>, columns: readonly string[]): ValueRow {
  return Object.fromEntries(columns.map((column) => [column, item[column] ?? null]));
}

/** By what stands in the braces for each: `id`, `id.region`. */
function valuesOf(name: string, row: ValueRow): Values {
  return Object.fromEntries(
    Object.entries(row).map(([column, value]) => [
      column === WHOLE ? name : `${name}.${column}`,
      typeof value === 'string' ? wellFormed(value) : (value ?? ''),
    ]),
  );
}

function nameOf(source: ValueSource, param: string): string {
  if ('list' in source)
    return `the list in the configuration${source.list.length > 0 ? '' : ` (\`endpoint.params.${param}.from\`, which is empty)`}`;
  return 'env' in source ? `environment ${source.env}` : `query \`${source.query}\``;
}
