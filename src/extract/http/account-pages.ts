import type { ClientConfig } from '../../config/grammar/client-schema.ts';

type Linking = Pick<ClientConfig, 'links'> | undefined;

/** A sentence for a hint, with a blank before it; empty where the configuration names no page. */
export function keysPage(client: Linking): string {
  return client?.links?.keys === undefined ? '' : ` Keys are made at ${client.links.keys}.`;
}

/** `Add credit to the account at …`, as a hint begins. */
export function billingPage(client: Linking): string {
  return `Add credit to the account${client?.links?.billing === undefined ? '' : ` at ${client.links.billing}`}`;
}
