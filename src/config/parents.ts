import { pathSteps } from '../json-path/path-steps.ts';
import { type ParentField, parentField } from '../text/parent-field.ts';
import { placeholders } from '../text/placeholders.ts';
import type { Path } from './file/located-tree.ts';
import type { EndpointConfig, IncludedField, ResourceConfig } from './grammar/resource-schema.ts';
import { isBoundParam, isResolveParam } from './values-param.ts';

/** Where an endpoint names a field of a parent's records. */
export interface ParentReference extends ParentField {
  /** What stands in the braces for it. */
  readonly key: string;
  /** In the endpoint. */
  readonly path: Path;
}

/** What a resource takes from the records of another one: it is asked for once for each of them. */
export interface ParentBinding {
  /** The name of the parent. */
  readonly parent: string;
  /** What placeholders stand for: by what stands in their braces, the JSONPath in the parent's record. */
  readonly fields: ReadonlyMap<string, string>;
  /** What its own records get: by its key there, the JSONPath in the parent's record. */
  readonly included: ReadonlyMap<string, string>;
}

type Child = Pick<ResourceConfig, 'endpoint' | 'include_from_parent'>;
type Request = Omit<EndpointConfig, 'fallbacks'>;

const places = ['path', 'params', 'json', 'data', 'headers'] as const;

/** In the order in which they are written, those of fallbacks last. */
export function parentReferences({ fallbacks = [], ...main }: EndpointConfig = {}): ParentReference[] {
  const ofFallbacks = fallbacks.flatMap((fallback, index) =>
    referencesOf(fallback).map((found) => ({ ...found, path: ['fallbacks', index, ...found.path] })),
  );
  return [...referencesOf(main), ...ofFallbacks];
}

/** Undefined for a resource without a parent. */
export function parentOf({ endpoint, include_from_parent: included = [] }: Child): ParentBinding | undefined {
  const references = parentReferences(endpoint);
  const parent = references[0]?.resource;
  if (parent === undefined) return undefined;
  return {
    parent,
    fields: new Map(references.map(({ key, field }) => [key, field])),
    included: new Map(included.map((entry) => [includedName(parent, entry), pathOf(entry)])),
  };
}

/** The resource behind its parent, that behind its own, and so on. */
export function parentsFirst<Resource extends Child & { readonly name: string }>(
  resource: Resource,
  all: readonly Resource[],
): Resource[] {
  const way = [resource];
  for (;;) {
    const name = parentOf(way[0] ?? resource)?.parent;
    const parent = all.find((one) => one.name === name);
    if (parent === undefined || way.includes(parent)) return way;
    way.unshift(parent);
  }
}

/** The key that an included field has in the records of the child: `id` of `posts` → `_posts_id`. */
export function includedName(parent: string, included: IncludedField): string {
  const name = typeof included === 'string' ? undefined : included.as;
  const path = pathOf(included);
  return name ?? `_${parent}_${pathSteps(path)?.join('__') ?? path}`;
}

export function pathOf(included: IncludedField): string {
  return typeof included === 'string' ? included : included.from;
}

// --- internal ---

function referencesOf(request: Request): ParentReference[] {
  return places.flatMap((place) => referencesIn(request[place], [place]));
}

function referencesIn(value: unknown, path: Path): ParentReference[] {
  if (typeof value === 'string') {
    return placeholders(value).flatMap((key) => {
      const found = parentField(key);
      return found === undefined ? [] : [{ ...found, key, path }];
    });
  }
  if (typeof value !== 'object' || value === null) return [];
  if (path.length === 2 && path[0] === 'params' && isBoundParam(value)) {
    return isResolveParam(value) ? [{ resource: value.resource, field: value.field, key: String(path[1]), path }] : [];
  }
  return Object.entries(value).flatMap(([key, member]) =>
    referencesIn(member, [...path, Array.isArray(value) ? Number(key) : key]),
  );
}
