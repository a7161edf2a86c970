import { candidates, isAskedOnce } from '../extract/endpoint.ts';
import { configuredStrategy, factsOf } from '../schema/strategies.ts';
import { hasSeeds } from './resource-seeds.ts';
import type { RunResource } from './select-resources.ts';

/** Functions of SQL that give another value each time. */
const ofTheMoment =
  /\b(now|today|age|random|nextval|current_(date|time|timestamp)|get_current_\w+|localtime\w*|\w*uuid\w*|transaction_timestamp)\b/i;

/**
 * Whether the tables of a resource may stay as they are where its source answers what was loaded last. What an incremental
 * resource has loaded its state says; what cost money is loaded.
 */
export function skipsUnchanged(resource: RunResource): boolean {
  const { endpoint, write_disposition, skip_unchanged, expectations = [] } = resource;
  const strategy = configuredStrategy(write_disposition);
  // Of what stands in placeholders, or comes from a parent, a reply says nothing.
  if (endpoint === undefined || hasSeeds(resource)) return false;
  if (isAskedOnce(endpoint) || candidates(endpoint).some(({ poll }) => poll !== undefined)) return false;
  if (strategy === undefined || resource.isOnlyRead === true) return false;
  const ages = expectations.some(({ max_age }) => max_age !== undefined);
  const hasOther = ages || isOfTheMoment(resource.processing_steps) || includesHeaders(endpoint);
  if (skip_unchanged === undefined && hasOther) return false;
  return skip_unchanged ?? factsOf(strategy).isRepeatable;
}

// --- internal ---

/** They are other ones each time. */
function includesHeaders({ include_headers, fallbacks = [] }: NonNullable<RunResource['endpoint']>): boolean {
  return include_headers !== undefined || fallbacks.some((fallback) => fallback.include_headers !== undefined);
}

/** Whether the same records become other rows each time. */
function isOfTheMoment(steps: RunResource['processing_steps'] = []): boolean {
  return steps.some(({ filter = '', set = {} }) => {
    const values = Object.values(set).map((value) => (isSql(value) ? value.sql : ''));
    return [filter, ...values].some((sql) => ofTheMoment.test(sql));
  });
}

function isSql(value: unknown): value is { readonly sql: string } {
  return typeof value === 'object' && value !== null && 'sql' in value;
}
