import type { EndpointConfig } from '../config/grammar/resource-schema.ts';

/** An endpoint whose path and method are settled. */
export interface Endpoint extends Omit<EndpointConfig, 'fallbacks'> {
  readonly path: string;
  readonly method: 'GET' | 'POST';
}

/** The `endpoint` of a resource and its fallbacks, each with what it inherits, in the order of trying. */
export function candidates({ fallbacks = [], ...own }: EndpointConfig & Endpoint): readonly Endpoint[] {
  const inherit = (fallback: Partial<EndpointConfig>): Endpoint => ({
    ...own,
    ...definedOf(fallback),
    path: fallback.path ?? own.path,
    method: fallback.method ?? own.method,
  });
  return [own, ...fallbacks.map(inherit)];
}

/** Whether the same request may be sent again, ahead of its turn and beside others. */
export function isIdempotent({ method, paid = false, idempotent = method === 'GET' }: Endpoint): boolean {
  return idempotent && !paid;
}

/** What a request that is not idempotent answers may have cost money: it is asked for once. Also where only a fallback is one. */
export function isAskedOnce(endpoint: (EndpointConfig & Endpoint) | undefined): boolean {
  return endpoint !== undefined && !candidates(endpoint).every(isIdempotent);
}

// --- internal ---

function definedOf<T extends object>(object: T): T {
  const result = { ...object };
  for (const key of Object.keys(result)) {
    if (Reflect.get(result, key) === undefined) Reflect.deleteProperty(result, key);
  }
  return result;
}
