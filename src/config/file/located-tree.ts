/** Keys and list indexes from the root of the configuration. */
export type Path = readonly (string | number)[];

/** Where a value was written: in the file, or in an environment variable. Neither, for a configuration object. */
export interface Origin {
  /** As it was written: a value that came from `resource_defaults` keeps its path there. */
  readonly path: Path;
  readonly line?: number;
  readonly column?: number;
  readonly variable?: string;
  /** Where that is neither: as a person would name it. */
  readonly place?: string;
}

/** The configuration as written, every value with the place it came from. Merging moves values, places go with them. */
export type Located =
  | { readonly kind: 'scalar'; readonly origin: Origin; readonly value: unknown }
  | { readonly kind: 'list'; readonly origin: Origin; readonly items: readonly Located[] }
  | LocatedMap;

export interface LocatedMap {
  readonly kind: 'map';
  readonly origin: Origin;
  readonly entries: ReadonlyMap<string, Located>;
}

/** Of a configuration object: plain objects and lists are descended, everything else (functions too) is a scalar. */
export function located(value: unknown, path: Path = []): Located {
  const origin = { path };
  if (Array.isArray(value)) {
    return { kind: 'list', origin, items: value.map((item, index) => located(item, [...path, index])) };
  }
  if (isPlainObject(value)) {
    const entries = Object.entries(value)
      .filter(([, member]) => member !== undefined)
      .map(([key, member]) => [key, located(member, [...path, key])] as const);
    return { kind: 'map', origin, entries: new Map(entries) };
  }
  return { kind: 'scalar', origin, value };
}

/** Back to plain values. `fromEntries` defines its keys, so a key `__proto__` stays a key. */
export function plain(node: Located): unknown {
  if (node.kind === 'scalar') return node.value;
  if (node.kind === 'list') return node.items.map(plain);
  return Object.fromEntries([...node.entries].map(([key, member]) => [key, plain(member)]));
}

export function child(node: Located | undefined, key: string | number): Located | undefined {
  if (node?.kind === 'map') return node.entries.get(String(key));
  if (node?.kind === 'list' && typeof key === 'number') return node.items[key];
  return undefined;
}

export function nodeAt(root: Located, path: Path): Located | undefined {
  return path.reduce<Located | undefined>(child, root);
}

/** The indexes of the list at a path; none where no list is. */
export function indexesAt(root: Located, path: Path): number[] {
  const node = nodeAt(root, path);
  return node?.kind === 'list' ? [...node.items.keys()] : [];
}

/** The place of the value at `path`; for a key that is missing, the place of the mapping that should hold it. */
export function originAt(root: Located, path: Path): Origin {
  let node = root;
  for (const [depth, key] of path.entries()) {
    const next = child(node, key);
    if (next === undefined) return { ...node.origin, path: [...node.origin.path, ...path.slice(depth)] };
    node = next;
  }
  return node.origin;
}

/** The same tree with `value` at `path`; mappings on the way are made where they are missing. */
export function withValue(root: Located | undefined, path: Path, value: Located): Located {
  const [key, ...rest] = path;
  if (key === undefined) return value;
  const member = withValue(child(root, key), rest, value);
  if (root?.kind === 'list')
    return { ...root, items: root.items.map((item, index) => (index === key ? member : item)) };
  const entries = new Map(root?.kind === 'map' ? root.entries : []).set(String(key), member);
  return { kind: 'map', origin: root?.origin ?? value.origin, entries };
}

export function scalarAt(root: Located | undefined, ...path: Path): unknown {
  const node = path.reduce<Located | undefined>(child, root);
  return node?.kind === 'scalar' ? node.value : undefined;
}

function isPlainObject(value: unknown): value is Record<string, unknown> {
  if (typeof value !== 'object' || value === null) return false;
  const prototype: unknown = Object.getPrototypeOf(value);
  return prototype === Object.prototype || prototype === null;
}
