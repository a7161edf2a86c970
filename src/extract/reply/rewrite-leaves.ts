import { ExactNumber } from '../../json/exact-number.ts';
import type { Json } from '../../json/json-value.ts';

export type Leaf = string | number | bigint | ExactNumber;

/**
 * Replaces strings, numbers and object keys of a parsed value, in place and without recursion, however deep it is.
 * `rewrite` gives the leaf back where nothing changes; for a key it must give a string.
 */
export function rewriteLeaves(root: Json, rewrite: (leaf: Leaf) => unknown): Json {
  const top = [root];
  const open: object[] = [top];
  for (let container = open.pop(); container !== undefined; container = open.pop()) {
    if (Array.isArray(container)) {
      for (let i = 0; i < container.length; i += 1) container[i] = visit(container[i]);
    } else {
      rewriteObject(container, rewrite, visit);
    }
  }
  return top[0];

  function visit(value: unknown): unknown {
    if (isLeaf(value)) return rewrite(value);
    if (typeof value === 'object' && value !== null) open.push(value);
    return value;
  }
}

// --- internal ---

function rewriteObject(object: object, rewrite: (leaf: Leaf) => unknown, visit: (value: unknown) => unknown): void {
  const entries: [string, unknown][] = Object.entries(object);
  const renamed = entries.map(([key]) => String(rewrite(key)));
  const keysChange = entries.some(([key], i) => renamed[i] !== key);
  if (keysChange) for (const [key] of entries) Reflect.deleteProperty(object, key);
  for (const [i, [key, value]] of entries.entries()) {
    const next = visit(value);
    if (keysChange || next !== value) setOwn(object, renamed[i] ?? key, next);
  }
}

/** Plain assignment of `__proto__` would change the prototype instead of keeping the key. */
function setOwn(object: object, key: string, value: unknown): void {
  Object.defineProperty(object, key, { value, writable: true, enumerable: true, configurable: true });
}

function isLeaf(value: unknown): value is Leaf {
  return (
    typeof value === 'string' || typeof value === 'number' || typeof value === 'bigint' || value instanceof ExactNumber
  );
}
