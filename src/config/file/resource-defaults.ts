import type { Located, LocatedMap } from './located-tree.ts';
import { child } from './located-tree.ts';

/**
 * The tree with `source.resource_defaults` merged into every resource, as dlt merges: key by key, the resource wins;
 * `endpoint` key by key too, its `params` and `json` one level more, `columns` hint by hint.
 * A null in a resource takes the default away. Short forms (a name, a path) become mappings first.
 */
export function mergeResourceDefaults(root: Located): Located {
  const source = child(root, 'source');
  const resources = child(source, 'resources');
  if (root.kind !== 'map' || source?.kind !== 'map') return root;
  const defaults = asResource(child(source, 'resource_defaults'));
  const entries = new Map(source.entries);
  if (defaults !== undefined) entries.set('resource_defaults', withoutNulls(defaults));
  if (resources?.kind === 'list') {
    const items = resources.items.map((item) => mergeResource(defaults, asResource(nameAsMap(item)) ?? item));
    entries.set('resources', { ...resources, items });
  }
  return { ...root, entries: new Map(root.entries).set('source', { ...source, entries }) };
}

function mergeResource(defaults: LocatedMap | undefined, resource: Located): Located {
  if (resource.kind !== 'map') return resource;
  const merged = mergeMaps(defaults, resource, (key, base, own) => {
    if (key === 'columns') return mergeColumns(base, own);
    if (key === 'endpoint') return mergeEndpoint(base, own);
    return own;
  });
  const ownEndpoint = resource.entries.has('endpoint');
  if (resource.entries.has('data') && !ownEndpoint) {
    const entries = new Map(merged.entries);
    entries.delete('endpoint');
    return withoutNulls({ ...merged, entries });
  }
  return withoutNulls(merged);
}

function mergeEndpoint(base: Located, own: Located): Located {
  if (base.kind !== 'map' || own.kind !== 'map') return own;
  return mergeMaps(base, own, (key, baseMember, ownMember) =>
    key === 'params' || key === 'json' ? mergeIfMaps(baseMember, ownMember) : ownMember,
  );
}

function mergeColumns(base: Located, own: Located): Located {
  const left = columnsByName(base);
  const right = columnsByName(own);
  if (left.kind !== 'map' || right.kind !== 'map') return own;
  return mergeMaps(left, right, (_, baseHint, ownHint) => mergeIfMaps(baseHint, ownHint));
}

function mergeIfMaps(base: Located, own: Located): Located {
  return base.kind === 'map' && own.kind === 'map' ? mergeMaps(base, own) : own;
}

type Conflict = (key: string, base: Located, own: Located) => Located;

function mergeMaps(base: LocatedMap | undefined, own: LocatedMap, both: Conflict = (_key, _base, mine) => mine) {
  const entries = new Map(base?.entries);
  for (const [key, member] of own.entries) {
    const inherited = entries.get(key);
    entries.set(key, inherited === undefined ? member : both(key, inherited, member));
  }
  return { ...own, entries };
}

/**
 * A null means "not set", on a resource and on its endpoint; deeper down it can be a value, and so it is as `auth`: what is not
 * set there is the client's.
 */
function withoutNulls(resource: LocatedMap): LocatedMap {
  const entries = new Map([...resource.entries].filter(([, member]) => !isNull(member)));
  const endpoint = entries.get('endpoint');
  if (endpoint?.kind === 'map') {
    entries.set('endpoint', {
      ...endpoint,
      entries: new Map([...endpoint.entries].filter(([key, member]) => key === 'auth' || !isNull(member))),
    });
  }
  return { ...resource, entries };
}

function isNull(node: Located): boolean {
  return node.kind === 'scalar' && node.value === null;
}

function nameAsMap(node: Located): Located {
  return typeof textOf(node) === 'string' ? wrapped(node, 'name') : node;
}

function asResource(node: Located | undefined): LocatedMap | undefined {
  if (node?.kind !== 'map') return undefined;
  const endpoint = node.entries.get('endpoint');
  if (endpoint === undefined || textOf(endpoint) === undefined) return node;
  return { ...node, entries: new Map(node.entries).set('endpoint', wrapped(endpoint, 'path')) };
}

/** A list of hints by the names they carry; as it is where one has none, or two have the same. */
function columnsByName(node: Located): Located {
  if (node.kind !== 'list') return node;
  const entries = new Map(node.items.map((item) => [textOf(child(item, 'name')), item]));
  if (entries.has(undefined) || entries.size < node.items.length) return node;
  return { kind: 'map', origin: node.origin, entries: new Map([...entries].map(([name = '', item]) => [name, item])) };
}

function wrapped(node: Located, key: string): LocatedMap {
  return { kind: 'map', origin: node.origin, entries: new Map([[key, node]]) };
}

function textOf(node: Located | undefined): string | undefined {
  return node?.kind === 'scalar' && typeof node.value === 'string' ? node.value : undefined;
}
