import type { ClientConfig } from '../../config/grammar/client-schema.ts';
import { isLedOn } from '../../config/grammar/paginator-kinds.ts';
import type { PaginatorConfig } from '../../config/grammar/paginator-schema.ts';
import { isSingleEntity } from '../../text/placeholders.ts';
import type { Endpoint } from '../endpoint.ts';
import type { SettledPaginator } from './guess.ts';

/** As the configuration has it, or leaves it open. */
export function configuredPaginator(endpoint: Endpoint, client: ClientConfig | undefined): PaginatorConfig {
  return endpoint.paginator ?? client?.paginator ?? { type: 'auto' };
}

/** As many pages as the configuration wants at most. */
export function maximumPages(config: PaginatorConfig): number | undefined {
  if (config.type === 'single_page') return 1;
  return 'maximum_pages' in config ? config.maximum_pages : undefined;
}

/**
 * That of the endpoint, else that of the client; undefined where the first reply decides. A path that ends with a placeholder is
 * a single entity, whose pages nobody counts; a POST is not repeated for a guess, and what is polled has one page.
 */
export function settledPaginator(endpoint: Endpoint, client: ClientConfig | undefined): SettledPaginator | undefined {
  const single = { type: 'single_page' } as const;
  const config = configuredPaginator(endpoint, client);
  if (endpoint.paginator === undefined && isSingleEntity(endpoint.path) && !isLedOn(config.type)) return single;
  if (config.type !== 'auto') return config;
  return endpoint.method === 'POST' || endpoint.poll !== undefined ? single : undefined;
}
