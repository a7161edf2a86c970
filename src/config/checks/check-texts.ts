import { placeholderProblem } from '../../text/placeholders.ts';
import type { Path } from '../file/located-tree.ts';
import type { ClientConfig } from '../grammar/client-schema.ts';
import type { EndpointConfig } from '../grammar/resource-schema.ts';
import type { Finding } from './finding.ts';

const places = ['params', 'json', 'data', 'headers'] as const;

/**
 * Texts outside of the path whose placeholders would go out as they were written, and secrets that a body would hold as their
 * names. `names` are the parameters that a placeholder may name.
 */
export function checkTexts(endpoint: Partial<EndpointConfig>, names: ReadonlySet<string>): Finding[] {
  return places.flatMap((place) => checkMembers(endpoint[place], [place], names));
}

/** The same of the parts of a client that are no templates at all. */
export function checkClientTexts(client: Partial<ClientConfig> | undefined, names: ReadonlySet<string>): Finding[] {
  const { base_url, headers } = client ?? {};
  return [...checkMembers(base_url, ['base_url'], names), ...checkMembers(headers, ['headers'], names)];
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
    return [...checkMembers(key, path, names), ...(isValues(member, at) ? [] : checkMembers(member, path, names))];
  });
}

/** Its values come from a list, a variable or a query: they are no templates. */
function isValues(param: unknown, at: Path): boolean {
  return at.length === 1 && at[0] === 'params' && typeof param === 'object' && !Array.isArray(param);
}
