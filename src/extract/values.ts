import type { ValueSource } from '../config/resource-schema.ts';
import type { ExtractContext } from './context.ts';
import type { Endpoint } from './endpoint.ts';
import type { Values } from './url.ts';

export interface ResolvedValues {
  /** One request chain for each; a single empty one where the endpoint has no `values` parameter. */
  readonly chains: readonly Values[];
  /** Where values were looked for, for the note of a resource that found none. */
  readonly sources: readonly string[];
}

/** Resolves the `values` parameters: every source in its order, duplicates and empty ones dropped; several make a product. */
export async function resolveValues(
  params: NonNullable<Endpoint['params']>,
  context: ExtractContext,
): Promise<ResolvedValues> {
  let chains: readonly Values[] = [{}];
  const sources: string[] = [];
  for (const [name, param] of Object.entries(params)) {
    if (typeof param !== 'object' || param === null || Array.isArray(param)) continue;
    const found = new Map<string, string | number>();
    for (const source of param.from) {
      sources.push(nameOf(source));
      for (const value of await valuesOf(source, context)) {
        const text = String(value).trim();
        if (text !== '' && !found.has(text)) found.set(text, value);
      }
    }
    chains = chains.flatMap((values) => [...found.values()].map((value) => ({ ...values, [name]: value })));
  }
  return { chains, sources };
}

// --- internal ---

async function valuesOf(
  source: ValueSource,
  { effects, queryIds }: ExtractContext,
): Promise<readonly (string | number)[]> {
  if ('list' in source) return source.list;
  if ('env' in source) return (effects.env[source.env] ?? '').split(',').map((value) => value.trim());
  return queryIds(source.query);
}

function nameOf(source: ValueSource): string {
  if ('list' in source) return 'the list in the configuration';
  return 'env' in source ? `environment ${source.env}` : `query \`${source.query}\``;
}
