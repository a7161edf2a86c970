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
  const sections = [
    ['PIPELINE__', 'pipeline'],
    [`SOURCES__${environmentName(source)}__`, 'source'],
  ] as const;
  const found = sections.find(([prefix]) => variable.startsWith(prefix));
  if (found === undefined) return undefined;
  const [prefix, key] = found;
  return member({ path: [], schemas: [schema], node: tree, rest: variable }, key, prefix.length);
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
