import type { EndpointConfig } from './grammar/resource-schema.ts';

/** Whether what it answers costs money, also where only a fallback does. */
export function isPaid(endpoint: Pick<EndpointConfig, 'paid' | 'fallbacks'> | undefined): boolean {
  const { paid = false, fallbacks = [] } = endpoint ?? {};
  return paid || fallbacks.some((fallback) => fallback.paid === true);
}
