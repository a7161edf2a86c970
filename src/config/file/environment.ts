import path from 'node:path';
import type { z } from 'zod';
import { type Environment, environmentName } from '../environment-name.ts';
import { isSecretField } from '../grammar/secret-schema.ts';
import type { Problem } from '../problems/problem.ts';
import { addressed, destinationType, placeOf } from './addressing.ts';
import type { Located, Origin, Path } from './located-tree.ts';
import { child, located, nodeAt, scalarAt, withValue } from './located-tree.ts';
import { alternatives, schemasAt } from './schema-walk.ts';

type Schema = z.core.$ZodType;

/** Variables of dlt whose place in the file has another name. */
export const aliases: Readonly<Record<string, Path>> = {
  DESTINATION__DUCKDB__CREDENTIALS: ['pipeline', 'destination', 'path'],
  DESTINATION__REPLACE_STRATEGY: ['pipeline', 'destination', 'replace_strategy'],
  DESTINATION__DUCKLAKE__CREDENTIALS__STORAGE: ['pipeline', 'destination', 'data_path'],
  DESTINATION__DUCKLAKE__CREDENTIALS__STORAGE__BUCKET_URL: ['pipeline', 'destination', 'data_path'],
  DESTINATION__DUCKDB__REPLACE_STRATEGY: ['pipeline', 'destination', 'replace_strategy'],
  RUNTIME__REQUEST_TIMEOUT: ['source', 'client', 'timeout'],
  RUNTIME__REQUEST_MAX_ATTEMPTS: ['source', 'client', 'retry', 'attempts'],
  RUNTIME__REQUEST_BACKOFF_FACTOR: ['source', 'client', 'retry', 'backoff'],
  RUNTIME__REQUEST_MAX_RETRY_DELAY: ['source', 'client', 'retry', 'max_delay'],
};

interface VariableRules {
  /** Where a variable stands, where that is not the environment. */
  readonly placeOf?: (variable: string) => string | undefined;
  /** What the file says wins, paths are relative to it, and secrets are not taken. */
  readonly areDefaults?: boolean;
}

/**
 * The tree with every scalar that the environment sets, in dlt's naming. The environment wins over the file; an empty
 * variable is not set. The value keeps the variable as its origin. `idle`: variables that are meant for this configuration by
 * their beginning, and address nothing in it; they may hold a secret.
 */
export function applyEnvironment(
  root: Located,
  schema: Schema,
  env: Environment,
  { placeOf: placeOfVariable = () => undefined, areDefaults = false }: VariableRules = {},
): { root: Located; problems: Problem[]; idle: string[] } {
  const problems: Problem[] = [];
  const idle: string[] = [];
  const source = String(scalarAt(root, 'source', 'name') ?? '');
  let tree = root;

  function originOf(keys: Path, variable: string): Origin {
    const place = placeOfVariable(variable);
    return { path: keys, ...(!areDefaults && { variable }), ...(place !== undefined && { place }) };
  }

  function set(keys: Path, variable: string, text: string): void {
    const schemas = schemasAt(schema, tree, keys);
    const isOfSource = !isOfDestination(keys);
    if (areDefaults && (nodeAt(tree, keys) !== undefined || (isOfSource && schemas.some(isSecretField)))) return;
    const origin = originOf(keys, variable);
    const value = valueFor(schemas, nodeAt(tree, keys), { variable, keys }, text);
    const node = withOrigin(located(value), origin);
    tree = withValue(
      withLongForms(tree, keys),
      keys,
      isOfDestination(keys) ? withoutAddress(nodeAt(tree, keys), node) : node,
    );
  }

  for (const [variable, keys] of Object.entries(aliases)) {
    const text = env[variable];
    if (text === undefined || text === '' || !isForKind(variable, tree)) continue;
    if (keys[1] === 'client' && child(child(tree, 'source'), 'client') === undefined) continue;
    if (variable !== 'DESTINATION__DUCKDB__CREDENTIALS') {
      set(keys, variable, text);
      continue;
    }
    const file = fileOfCredentials(text);
    if (file !== undefined) set(keys, variable, file);
    else problems.push({ origin: originOf(keys, variable), message: 'expected a path, or `duckdb:///` and a path' });
  }

  for (const variable of Object.keys(env).sort(destinationFirst)) {
    const text = env[variable];
    if (text === undefined || text === '' || Object.hasOwn(aliases, variable)) continue;
    const place = placeOf(variable, source, schema, tree);
    const keys = place === undefined ? undefined : addressed(place);
    if (keys !== undefined) set(keys, variable, text);
    else if (place !== undefined || variable.startsWith('DESTINATION__')) idle.push(variable);
  }
  return { root: tree, problems, idle };
}

const booleans: Readonly<Record<string, boolean>> = {
  true: true,
  yes: true,
  1: true,
  false: false,
  no: false,
  0: false,
};

function valueFor(
  schemas: readonly Schema[],
  node: Located | undefined,
  { variable, keys }: { readonly variable: string; readonly keys: Path },
  text: string,
): unknown {
  // Looked up again by its place: a reference that the lookup of secrets resolves to this very variable.
  if (isOfDestination(keys) && schemas.some(isSecretField)) return { secret: String(keys.at(-1)) };
  // Only these secrets are looked up by a variable of this name.
  if (keys[0] === 'source' && (schemas.some(isSecretField) || child(node, 'secret') !== undefined)) {
    // A reference that the lookup of secrets resolves to this very variable.
    return { secret: variable.split('__').slice(2).join('__').toLowerCase() };
  }
  const accepted = new Set(schemas.flatMap(alternatives).map(({ _zod: { def } }) => def.type));
  const written = node?.kind === 'scalar' ? typeof node.value : undefined;
  const isNumber = text.trim() !== '' && Number.isFinite(Number(text));
  if (written === 'number' && accepted.has('number') && isNumber) return Number(text);
  if (accepted.has('string') || accepted.has('enum') || written === 'string') return text;
  if (accepted.has('boolean') || written === 'boolean') return booleans[text.toLowerCase()] ?? text;
  return isNumber ? Number(text) : text;
}

function isOfDestination(keys: Path): boolean {
  return keys[0] === 'pipeline' && keys[1] === 'destination';
}

/** `DESTINATION__<KIND>__…` is for destinations of that kind; without a kind for any. */
function isForKind(variable: string, tree: Located): boolean {
  const kind = /^DESTINATION__([A-Z]+)__/.exec(variable)?.[1];
  return kind === undefined || kind === environmentName(destinationType(tree));
}

/** What kind of destination there is decides what the other variables mean. */
function destinationFirst(one: string, other: string): number {
  const rank = (name: string) => (name.startsWith('PIPELINE__DESTINATION') ? 0 : 1);
  return rank(one) - rank(other) || (one < other ? -1 : 1);
}

/** A connection string that takes the place of parts leaves what is no part of an address: `sslmode`, say. */
function withoutAddress(before: Located | undefined, whole: Located): Located {
  if (before?.kind !== 'map' || whole.kind !== 'map' || !whole.entries.has('secret')) return whole;
  const address = ['secret', 'env', 'command', 'connection_string', 'host', 'port', 'database', 'username', 'password'];
  const others = [...before.entries].filter(([key]) => !address.includes(key));
  return others.length === 0 ? whole : { ...whole, entries: new Map([['connection_string', whole], ...others]) };
}

/** What a text stands for where a mapping can be: `paginator: offset` is `paginator: { type: offset }`. */
const longForms: Readonly<Record<string, string>> = {
  auth: 'type',
  catalog: 'connection_string',
  credentials: 'connection_string',
  destination: 'type',
  paginator: 'type',
  ping: 'url',
  write_disposition: 'disposition',
  endpoint: 'path',
};

/** The mappings on the way to `keys` written out, so that setting one of their keys keeps the others. */
function withLongForms(root: Located, keys: Path): Located {
  return keys.slice(0, -1).reduce<Located>((tree, key, depth) => {
    const node = nodeAt(tree, keys.slice(0, depth + 1));
    const form = longForms[key];
    const isReference = form === 'connection_string' && child(node, 'secret') !== undefined;
    if (form === undefined || node === undefined || (node.kind !== 'scalar' && !isReference)) return tree;
    return withValue(tree, keys.slice(0, depth + 1), {
      kind: 'map',
      origin: node.origin,
      entries: new Map([[form, node]]),
    });
  }, root);
}

function withOrigin(node: Located, origin: Located['origin']): Located {
  if (node.kind !== 'map') return { ...node, origin };
  return { ...node, origin, entries: new Map([...node.entries].map(([key, member]) => [key, { ...member, origin }])) };
}

/** `duckdb:///name.duckdb` is relative, `duckdb:////folder/name.duckdb` absolute, as in dlt. */
function fileOfCredentials(text: string): string | undefined {
  const match = /^duckdb:\/\/\/(.+)$/.exec(text);
  const file = match?.[1] ?? text;
  const hasScheme = /^[a-z][a-z0-9+.-]+:/i.test(file) && !path.win32.isAbsolute(file);
  return hasScheme || file.startsWith(':') || file.includes('?') ? undefined : file;
}
