import { quotedIdentifier } from '@duckdb/node-api';

export { quotedIdentifier, quotedString } from '@duckdb/node-api';

/** `catalog.schema.table`, every part quoted. */
export function qualifiedName(...parts: readonly string[]): string {
  return parts.map(quotedIdentifier).join('.');
}
