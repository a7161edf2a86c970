import { placeholderProblem, placeholders, strayPlaceholder } from '../../text/placeholders.ts';
import type { Path } from '../file/located-tree.ts';
import type { ClientConfig } from '../grammar/client-schema.ts';
import type { EndpointConfig } from '../grammar/resource-schema.ts';
import type { Finding } from './finding.ts';

const places = ['params', 'json', 'data', 'headers'] as const;

/**
 * Texts outside of the path whose placeholders cannot be filled in, and secrets that a body would hold as their names. `names` are
 * the parameters that a placeholder may name.
 */
export function checkTexts(endpoint: Partial<EndpointConfig>, names: ReadonlySet<string>): Finding[] {
  return places.flatMap((place) => checkMembers(endpoint[place], [place], names));
}

/** Placeholders in the parts of a client, which are no templates: they would go out as they were written. */
export function checkClientTexts(client: Partial<ClientConfig> | undefined, names: ReadonlySet<string>): Finding[] {
  const { base_url = '', headers = {} } = client ?? {};
  const texts: [Path, unknown][] = Object.entries(headers).map(([name, value]) => [['headers', name], value]);
  return [[['base_url'], base_url] as [Path, unknown], ...texts].flatMap(([path, text]) => {
    const message =
      typeof text === 'string' ? strayPlaceholder(text, names, 'in the client, only in an endpoint') : undefined;
    return message === undefined ? [] : [{ path, message }];
  });
}

/** The names in braces in all texts of an endpoint but its path. */
export function placeholdersIn(endpoint: Partial<EndpointConfig>): Set<string> {
  return new Set(places.flatMap((place) => textsIn(endpoint[place])).flatMap(placeholders));
}

/** The names of the parameters with `type: values`. */
export function valuesIn(params: EndpointConfig['params'] = {}): Set<string> {
  const values = Object.entries(params).filter(
    ([, param]) => typeof param === 'object' && param !== null && !Array.isArray(param),
  );
  return new Set(values.map(([name]) => name));
}

/** `{ secret: KEY, env: VARIABLE }`. */
export function isSecretReference(value: unknown): boolean {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return false;
  const members = Object.entries(value);
  const isReference = members.every(([key, member]) => ['secret', 'env'].includes(key) && typeof member === 'string');
  return isReference && 'secret' in value;
}

export const noSecretHere =
  '`{ secret: … }` is not supported here yet, only in `auth` and `headers`: its name would be sent';

// --- internal ---

function checkMembers(value: unknown, at: Path, names: ReadonlySet<string>): Finding[] {
  if (typeof value === 'string') {
    const message = placeholderProblem(value, names);
    return message === undefined ? [] : [{ path: at, message }];
  }
  if (typeof value !== 'object' || value === null) return [];
  if (isSecretReference(value)) return [{ path: at, message: noSecretHere }];
  return Object.entries(value).flatMap(([key, member]) => {
    const path = [...at, Array.isArray(value) ? Number(key) : key];
    const stray = strayPlaceholder(key, names, 'in the name of a key');
    const found = isValues(member, at) ? [] : checkMembers(member, path, names);
    return stray === undefined ? found : [{ path, message: stray }, ...found];
  });
}

function textsIn(value: unknown): string[] {
  if (typeof value === 'string') return [value];
  return typeof value === 'object' && value !== null ? Object.values(value).flatMap(textsIn) : [];
}

/** Its values come from a list, a variable or a query: they are no templates. */
function isValues(param: unknown, at: Path): boolean {
  return at.length === 1 && at[0] === 'params' && typeof param === 'object' && !Array.isArray(param);
}
