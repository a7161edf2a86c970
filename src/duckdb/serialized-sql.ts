import { printable } from '../text/printable.ts';

/** The statements of a text, or why there are none: the end of a sentence about it. */
export type SerializedSql = { readonly statements: readonly unknown[] } | { readonly problem: string };

/**
 * @param serialized what DuckDB's `json_serialize_sql` says of a text; it takes apart nothing but `select`
 * @param wanted what the text should be
 */
export function statementsIn(serialized: string, wanted = '`select`'): SerializedSql {
  const parsed = parsedOf(serialized);
  if (parsed === undefined) return { problem: 'cannot be read: it holds a number that is too large' };
  if (!parsed.error) return { statements: parsed.statements ?? [] };
  const isOther = parsed.error_message?.startsWith('Only SELECT statements') === true;
  return { problem: isOther ? `is no ${wanted}` : `cannot be read: ${printable(parsed.error_message ?? '')}` };
}

// --- internal ---

interface Parsed {
  readonly error: boolean;
  readonly error_message?: string;
  readonly statements?: readonly unknown[];
}

/** DuckDB writes a number that is too large as `Infinity`, which is no JSON. */
function parsedOf(serialized: string): Parsed | undefined {
  try {
    return JSON.parse(serialized);
  } catch {
    return undefined;
  }
}
