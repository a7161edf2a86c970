import { placeholderProblem } from '../../text/placeholders.ts';
import type { Path } from '../file/located-tree.ts';
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
  return Object.entries(value).flatMap(([key, member]) =>
    isValues(member, at) ? [] : checkMembers(member, [...at, Array.isArray(value) ? Number(key) : key], names),
  );
}

/** Its values come from a list, a variable or a query: they are no templates. */
function isValues(param: unknown, at: Path): boolean {
  return at.length === 1 && at[0] === 'params' && typeof param === 'object' && !Array.isArray(param);
}
