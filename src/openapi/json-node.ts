/** A value of a document that nobody has looked at. */
export type Node = unknown;

/** A member of its own: a document may name things as every object of JavaScript does, `__proto__` and `constructor`. */
export function member(node: Node, key: string): Node {
  return isObject(node) && Object.hasOwn(node, key) ? node[key] : undefined;
}

/** In the order of the document; none of what is no object. */
export function members(node: Node): [key: string, value: Node][] {
  return isObject(node) ? Object.entries(node) : [];
}

export function itemsOf(node: Node): readonly Node[] {
  return Array.isArray(node) ? node : [];
}

export function textOf(node: Node, key: string): string | undefined {
  const value = member(node, key);
  return typeof value === 'string' ? value : undefined;
}

export function isObject(node: Node): node is Readonly<Record<string, Node>> {
  return typeof node === 'object' && node !== null && !Array.isArray(node);
}
