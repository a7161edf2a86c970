// By itself, because text of SQL is also made where DuckDB is not loaded: `validate`, and the settings of a server.

export function quotedIdentifier(name: string): string {
  return `"${name.replaceAll('"', '""')}"`;
}

export function quotedString(text: string): string {
  return `'${text.replaceAll("'", "''")}'`;
}

/** How names and texts stand in the SQL of an engine. */
export interface SqlWords {
  identifier(name: string): string;
  literal(text: string): string;
}

export const duckdbWords: SqlWords = { identifier: quotedIdentifier, literal: quotedString };

/** `catalog.schema.table`, every part quoted. */
export function qualifiedName(...parts: readonly string[]): string {
  return parts.map(quotedIdentifier).join('.');
}
