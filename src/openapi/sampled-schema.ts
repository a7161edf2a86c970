import { isObject, type Node } from './json-node.ts';

/** The schema that a reply shows, as a document would have it: what really came is looked at like what was promised. */
export function sampledSchema(reply: Node, depth = 0): Node {
  if (depth > DEEPEST) return {};
  if (Array.isArray(reply)) return { type: 'array', items: itemSchema(reply, depth) };
  if (isObject(reply)) {
    const properties = Object.entries(reply).map(([key, value]) => [key, sampledSchema(value, depth + 1)]);
    return { type: 'object', properties: Object.fromEntries(properties) };
  }
  if (typeof reply === 'number') return { type: Number.isInteger(reply) ? 'integer' : 'number' };
  if (typeof reply === 'boolean') return { type: 'boolean' };
  // Null says that there is such a member, and no more.
  if (typeof reply !== 'string') return {};
  return /^https?:\/\/\S+$/.test(reply) ? { type: 'string', format: 'uri' } : { type: 'string' };
}

// --- internal ---

const DEEPEST = 8;
const MOST_ITEMS = 100;

/** With the keys of all its items; `required` are those that every one has. */
function itemSchema(items: readonly Node[], depth: number): Node {
  const looked = items.slice(0, MOST_ITEMS);
  const objects = looked.filter(isObject);
  if (objects.length < looked.length || objects.length === 0)
    return looked.length === 0 ? {} : sampledSchema(looked[0], depth + 1);
  const merged = new Map(
    objects.toReversed().flatMap((item) => Object.entries(item).filter(([, value]) => value !== null)),
  );
  for (const key of objects.flatMap((item) => Object.keys(item))) if (!merged.has(key)) merged.set(key, null);
  const properties = [...merged].map(([key, value]) => [key, sampledSchema(value, depth + 1)]);
  const required = [...merged.keys()].filter((key) =>
    objects.every((item) => Object.hasOwn(item, key) && item[key] !== null),
  );
  return { type: 'object', properties: Object.fromEntries(properties), required };
}
