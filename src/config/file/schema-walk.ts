import type { z } from 'zod';
import type { Located, Path } from './located-tree.ts';
import { child, scalarAt } from './located-tree.ts';

type Schema = z.core.$ZodType;
type ObjectSchema = z.core.$ZodObject;

/** What a schema accepts at one place: wrappers and transforms taken off, unions spread out. */
export function alternatives(schema: Schema): z.core.$ZodTypes[] {
  // The documented way to tell schemas apart: https://zod.dev/packages/core
  const known = schema as z.core.$ZodTypes;
  const { def } = known._zod;
  if (def.type === 'union') return def.options.flatMap(alternatives);
  if (def.type === 'pipe') return alternatives(def.in._zod.def.type === 'transform' ? def.out : def.in);
  if ('innerType' in def) return alternatives(def.innerType);
  return [known];
}

/** The mappings accepted here; where a key such as `type` tells them apart, only those that fit the value. */
function mappingsFor(schemas: readonly Schema[], node: Located | undefined): ObjectSchema[] {
  const objects = schemas.flatMap(alternatives).filter(isObject);
  const fitting = objects.filter((object) => {
    return Object.entries(object._zod.def.shape).every(([key, field]) => !contradicts(field, scalarAt(node, key)));
  });
  return fitting.length > 0 ? fitting : objects;
}

function isObject(schema: z.core.$ZodTypes): schema is ObjectSchema {
  return schema._zod.def.type === 'object';
}

/** A word other than those that the field takes. */
function contradicts(field: Schema, value: unknown): boolean {
  if (value === undefined) return false;
  const words = alternatives(field).map(({ _zod }) =>
    _zod.def.type === 'literal' || _zod.def.type === 'enum' ? _zod.values : undefined,
  );
  return words.every((set) => set !== undefined && !new Set<unknown>(set).has(value));
}

/** The schemas of the member `key`. */
export function memberSchemas(schemas: readonly Schema[], node: Located | undefined, key: string | number): Schema[] {
  const members: Schema[] = [];
  for (const object of mappingsFor(schemas, node)) {
    const member = Object.entries(object._zod.def.shape).find(([name]) => name === key);
    if (member !== undefined) members.push(member[1]);
  }
  for (const accepted of schemas.flatMap(alternatives)) {
    const { def } = accepted._zod;
    if (def.type === 'record') members.push(def.valueType);
    if (def.type === 'array' && typeof key === 'number') members.push(def.element);
  }
  return members;
}

export function schemasAt(root: Schema, tree: Located, path: Path): Schema[] {
  let schemas = [root];
  let node: Located | undefined = tree;
  for (const key of path) {
    schemas = memberSchemas(schemas, node, key);
    node = child(node, key);
  }
  return schemas;
}

/** The keys a mapping may have at `path`. */
export function keysAt(root: Schema, tree: Located, path: Path): Set<string> {
  const node = path.reduce<Located | undefined>(child, tree);
  return keysOf(schemasAt(root, tree, path), node);
}

export function keysOf(schemas: readonly Schema[], node: Located | undefined): Set<string> {
  return new Set(mappingsFor(schemas, node).flatMap((object) => Object.keys(object._zod.def.shape)));
}
