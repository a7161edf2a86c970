import { plainNames } from './json-path-syntax.ts';
import { type JsonPath, namesPath } from './names-path.ts';

export type { Absence, JsonPath } from './names-path.ts';

/**
 * Compiles a JSONPath of RFC 9535, with or without its leading `$`. Plain names (`data.items`) are resolved by hand: the
 * library is only imported for what needs it. Throws ConfigInvalid, naming `key`, the place in the configuration.
 *
 * @example
 * (await jsonPath('data[?@.id > 1]', 'data_selector')).matches({ data: [{ id: 1 }, { id: 2 }] }) // [{ id: 2 }]
 */
export async function jsonPath(expression: string, key: string): Promise<JsonPath> {
  const names = plainNames(expression);
  if (names !== undefined) return namesPath(expression, names);
  return (await import('./rfc-json-path.ts')).rfcJsonPath(expression, key);
}
