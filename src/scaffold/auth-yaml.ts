import type { YAMLMap } from 'yaml';
import type { DraftedAuth, SecretName } from '../openapi/guess-auth.ts';
import { CommentedMap, type YamlValue } from './commented-map.ts';

/** `{ type: bearer, token: { secret: token } }` */
export function authYaml({ keys = {} }: DraftedAuth): YAMLMap {
  const map = new CommentedMap();
  for (const [key, value] of Object.entries(keys)) map.set(key, yamlOf(value));
  return map.end();
}

/** Headers that carry further secrets. */
export function secretHeaders({ headers }: DraftedAuth): YAMLMap {
  const map = new CommentedMap();
  for (const [name, secret] of headers) map.set(name, yamlOf(secret));
  return map.end();
}

/** The secrets that an authentication names, each once. */
export function secretNames(auths: readonly DraftedAuth[]): string[] {
  const names = auths.flatMap(({ keys = {}, headers }) =>
    [...Object.values(keys), ...headers.values()].flatMap((value) => (typeof value === 'string' ? [] : [value.secret])),
  );
  return [...new Set(names)];
}

// --- internal ---

function yamlOf(value: string | SecretName): YamlValue {
  return typeof value === 'string' ? value : new CommentedMap().set('secret', value.secret).flow();
}
