import { PipelineError } from '../errors.ts';
import type { Json } from './page.ts';

/** A JSONPath, ready to be used. */
export interface JsonPath {
  readonly expression: string;
  matches(value: Json): readonly Json[];
  /** The first match, or undefined. */
  first(value: Json): Json;
  /** True if what the path names before its first wildcard, filter or slice is there: then no match means an empty list. */
  reaches(value: Json): boolean;
}

const plainPath = /^(?:\$|(?:\$\.)?([\p{L}_][\p{L}\p{N}_-]*(?:\.[\p{L}_][\p{L}\p{N}_-]*)*))$/u;

/**
 * Compiles a JSONPath of RFC 9535, with or without its leading `$`. Plain names (`data.items`) are resolved by hand: the
 * library is only imported for what needs it. Throws ConfigInvalid, naming `key`, the place in the configuration.
 *
 * @example
 * (await jsonPath('data[?@.id > 1]', 'data_selector')).matches({ data: [{ id: 1 }, { id: 2 }] }) // [{ id: 2 }]
 */
export async function jsonPath(expression: string, key: string): Promise<JsonPath> {
  const plain = plainPath.exec(expression.trim());
  if (plain !== null) return namesPath(expression, plain[1]?.split('.') ?? []);
  return (await import('./rfc-json-path.ts')).rfcJsonPath(expression, key);
}

/** `data.items` → `$.data.items`, `[0]` → `$[0]`. */
export function withRoot(expression: string): string {
  const text = expression.trim();
  if (text.startsWith('$')) return text;
  return text.startsWith('[') || text.startsWith('.') ? `$${text}` : `$.${text}`;
}

export function invalidPath(expression: string, key: string, reason: string, hint: string): PipelineError {
  return new PipelineError({
    code: 'ConfigInvalid',
    message: `\`${key}: ${expression}\` is not a JSONPath of RFC 9535: ${reason}`,
    hint,
    facts: { key, expression },
  });
}

// --- internal ---

function namesPath(expression: string, names: readonly string[]): JsonPath {
  const matches = (value: Json): readonly Json[] => {
    let place = value;
    for (const name of names) {
      if (!isObject(place) || !Object.hasOwn(place, name)) return [];
      place = place[name];
    }
    return [place];
  };
  return { expression, matches, first: (value) => matches(value)[0], reaches: () => false };
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
