import { parentField } from '../../text/parent-field.ts';
import { type KnownNames, placeholderProblem, placeholders, strayPlaceholder } from '../../text/placeholders.ts';
import type { Path } from '../file/located-tree.ts';
import type { ClientConfig } from '../grammar/client-schema.ts';
import type { EndpointConfig } from '../grammar/resource-schema.ts';
import { Secret } from '../secret.ts';
import { isSecretReference } from '../secret-reference.ts';
import { textsIn } from '../texts-in.ts';
import { isBoundParam, isIncrementalParam, isValuesParam } from '../values-param.ts';
import { placeholderOf, variablesIn } from '../variables.ts';
import type { CursorTexts } from './cursor-texts.ts';
import type { Finding } from './finding.ts';

const places = ['params', 'json', 'data', 'headers'] as const;

/**
 * Texts outside of the path whose placeholders cannot be filled in. `params` are what a placeholder may name; variables are
 * looked at elsewhere.
 */
export function checkTexts(endpoint: Partial<EndpointConfig>, params: KnownNames, cursor: CursorTexts): Finding[] {
  const variables = [...variablesIn(places.map((place) => endpoint[place]))].map(placeholderOf);
  const own = new Set([...variables, ...cursor.names]);
  const names = { has: (expression: string) => params.has(expression) || own.has(expression) };
  return places.flatMap((place) =>
    isNamedAsReference(endpoint[place])
      ? [{ path: [place], message: manyHere }]
      : [...checkCursorTexts(endpoint[place], [place], cursor), ...checkMembers(endpoint[place], [place], names)],
  );
}

/** Placeholders in the parts of a client, which are no templates: they would go out as they were written. */
export function checkClientTexts(client: Partial<ClientConfig> | undefined, names: KnownNames): Finding[] {
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

/** What a placeholder outside of the path may name. */
export function namesFor(params: EndpointConfig['params']): KnownNames {
  const values = valuesIn(params);
  return {
    has: (expression) =>
      values.has(expression) || parentField(expression) !== undefined || isColumn(expression, params),
  };
}

/** True for `region.code` where `region` has values that can be mappings. */
export function isColumn(expression: string, params: EndpointConfig['params'] = {}): boolean {
  const [name = '', column] = expression.split(/\.(.*)/s);
  return column !== undefined && column !== '' && Object.hasOwn(params, name) && isValuesParam(params[name]);
}

/** The names of the parameters with `type: values` or `type: resolve`. */
export function valuesIn(params: EndpointConfig['params'] = {}): Set<string> {
  const values = Object.entries(params).filter(([, param]) => isBoundParam(param));
  return new Set(values.map(([name]) => name));
}

// --- internal ---

const manyHere = '`{ secret: … }` stands for one value, and here stand several by their names: `name: { secret: … }`';

function checkMembers(value: unknown, at: Path, names: KnownNames): Finding[] {
  if (typeof value === 'string') {
    const message = placeholderProblem(value, names);
    return message === undefined ? [] : [{ path: at, message }];
  }
  if (typeof value !== 'object' || value === null || value instanceof Secret) return [];
  return Object.entries(value).flatMap(([key, member]) => {
    const path = [...at, Array.isArray(value) ? Number(key) : key];
    const stray = strayPlaceholder(key, names, 'in the name of a key');
    const found = isValues(member, at) ? [] : checkMembers(member, path, names);
    return stray === undefined ? found : [{ path, message: stray }, ...found];
  });
}

/** Where nothing can stand for nothing: a parameter is left out then, and in JSON it is null. */
function checkCursorTexts(value: unknown, at: Path, cursor: CursorTexts): Finding[] {
  if (typeof value === 'string') {
    const message = cursor.problem(value, at[0] === 'json' || (at[0] === 'params' && at.length === 2));
    return message === undefined ? [] : [{ path: at, message }];
  }
  if (typeof value !== 'object' || value === null || value instanceof Secret) return [];
  return Object.entries(value).flatMap(([key, member]) =>
    checkCursorTexts(member, [...at, Array.isArray(value) ? Number(key) : key], cursor),
  );
}

/** Its values come from a list, a variable, a query or the cursor: they are no templates. */
function isValues(param: unknown, at: Path): boolean {
  return at.length === 1 && at[0] === 'params' && (isBoundParam(param) || isIncrementalParam(param));
}

/** Parameters, fields, or members of a body, that are called `secret` and `env`: most likely a reference was meant. */
function isNamedAsReference(part: unknown): boolean {
  if (typeof part !== 'object' || part === null) return false;
  const members = Object.entries(part).map(([name, value]) => [name, value instanceof Secret ? '***' : value]);
  return isSecretReference(Object.fromEntries(members));
}
