import { isPaid } from '../paid-endpoint.ts';
import { parentOf } from '../parents.ts';
import type { ResolvedResource } from '../pipeline-config.ts';
import { isBoundParam } from '../values-param.ts';
import type { Finding } from './finding.ts';

/** `skip_unchanged: true` where every reply is loaded all the same. */
export function idleSkip(resource: ResolvedResource): Finding[] {
  if (resource.skip_unchanged !== true) return [];
  const why = whyLoaded(resource);
  return why === undefined
    ? []
    : [{ path: ['skip_unchanged'], message: `has no effect on \`${resource.name}\`: ${why}, and is loaded each time` }];
}

// --- internal ---

function whyLoaded(resource: ResolvedResource): string | undefined {
  const { endpoint } = resource;
  if (endpoint === undefined) return undefined;
  if (isPaid(endpoint)) return 'it costs money';
  if (endpoint.incremental !== undefined) return 'it is incremental';
  if (endpoint.poll !== undefined) return 'it is polled';
  if (parentOf(resource) !== undefined) return 'it is asked for each record of its parent';
  return Object.values(endpoint.params ?? {}).some(isBoundParam) ? 'it is asked for each of its values' : undefined;
}
