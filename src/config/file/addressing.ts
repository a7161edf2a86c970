import type { z } from 'zod';
import { nearest } from '../../text/nearest.ts';
import { environmentName } from '../environment-name.ts';
import type { Located, Path } from './located-tree.ts';
import { child, scalarAt } from './located-tree.ts';
import { alternatives, keysOf, memberSchemas } from './schema-walk.ts';

type Schema = z.core.$ZodType;

/** What the name of a variable spells, from a mapping on. */
interface Place {
  readonly path: Path;
  readonly schemas: readonly Schema[];
  readonly node: Located | undefined;
  /** Of the name: what comes after the words that led here. */
  readonly rest: string;
}

/** Where a variable for this source begins, `PIPELINE__…` or `SOURCES__<SOURCE>__…`; undefined for any other. */
export function placeOf(variable: string, source: string, schema: Schema, tree: Located): Place | undefined {
  const found = [
    ...sectionsOf(destinationType(tree)),
    [`SOURCES__${environmentName(source)}__`, ['source']] as const,
  ].find(([prefix]) => variable.startsWith(prefix));
  if (found === undefined) return undefined;
  const [prefix, keys] = found;
  const whole: Place = { path: [], schemas: [schema], node: tree, rest: variable };
  return keys.reduce((place, key, index) => member(place, key, index === 0 ? prefix.length : 0), whole);
}

/** The kind of the destination, as far as the file says it. */
export function destinationType(tree: Located): string {
  const type =
    scalarAt(tree, 'pipeline', 'destination', 'type') ?? scalarAt(tree, 'pipeline', 'destination') ?? 'duckdb';
  return typeof type === 'string' ? type : '';
}

/** Where variables of the pipeline begin; for a destination as dlt and as the configuration calls its keys. */
function sectionsOf(type: string): readonly (readonly [prefix: string, keys: Path])[] {
  const destination = ['pipeline', 'destination'];
  const own = `DESTINATION__${environmentName(type)}__`;
  return [
    ['PIPELINE__', ['pipeline']],
    ...(type === 'ducklake'
      ? ([
          [`${own}CREDENTIALS__STORAGE__CREDENTIALS__`, [...destination, 'storage_credentials']],
          [`${own}CREDENTIALS__`, destination],
        ] as const)
      : []),
    // A DuckDB file has its own names, among the aliases.
    ...(type === 'duckdb' ? [] : [[own, destination] as const]),
  ];
}

/** The keys that a variable's name spells, or undefined when it addresses no scalar. */
export function addressed(place: Place): Path | undefined {
  for (const [name, key] of membersOf(place)) {
    if (place.rest === name && takesScalar(member(place, key, name.length))) return [...place.path, key];
    if (!place.rest.startsWith(`${name}__`)) continue;
    const deeper = addressed(member(place, key, name.length + 2));
    if (deeper !== undefined) return deeper;
  }
  return undefined;
}

/** How the rest of a mistyped variable's name most likely was meant; undefined when nothing is close. */
export function nearestRest(place: Place): string | undefined {
  const names = new Map(membersOf(place));
  const words = place.rest.split('__');
  // A name may hold `__` itself: the longest first.
  for (let count = words.length; count > 0; count -= 1) {
    const start = words.slice(0, count).join('__');
    const name = names.has(start) ? start : nearest(start, names.keys());
    const key = name === undefined ? undefined : names.get(name);
    if (key === undefined) continue;
    const next = member(place, key, start.length + 2);
    const deeper = next.rest === '' ? undefined : nearestRest(next);
    if (deeper !== undefined) return `${name}__${deeper}`;
    if (next.rest === '' && takesScalar(next)) return name;
  }
  return undefined;
}

// --- internal ---

function member({ path, schemas, node, rest }: Place, key: string | number, spelled: number): Place {
  return {
    path: [...path, key],
    schemas: memberSchemas(schemas, node, key),
    node: child(node, key),
    rest: rest.slice(spelled),
  };
}

/**
 * Keys that the schema knows, keys that are there (headers, parameters, columns), and list items by their name; each as a
 * variable spells it.
 */
function membersOf({ schemas, node }: Place): [spelled: string, key: string | number][] {
  if (node?.kind === 'list') {
    return node.items.flatMap((item, index) => {
      const name = scalarAt(item, 'name');
      return typeof name === 'string' ? [[environmentName(name), index] as [string, number]] : [];
    });
  }
  const keys = new Set([...keysOf(schemas, node), ...(node?.kind === 'map' ? node.entries.keys() : [])]);
  return [...keys].map((key) => [environmentName(key), key]);
}

const scalars = new Set(['string', 'number', 'boolean', 'enum', 'literal', 'null', 'unknown']);

function takesScalar({ schemas, node }: Place): boolean {
  if (schemas.length === 0) return node?.kind === 'scalar' || child(node, 'secret') !== undefined;
  return schemas.flatMap(alternatives).some(({ _zod: { def } }) => scalars.has(def.type));
}
