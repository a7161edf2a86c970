import { isObject, member, type Node } from './json-node.ts';

/** What `$ref` names, looked up when it is asked for. Nothing outside of the document is fetched. */
export class References {
  readonly #root: Node;
  readonly #external = new Set<string>();
  readonly #broken = new Set<string>();
  readonly #known = new Map<string, Node>();

  constructor(root: Node) {
    this.#root = root;
  }

  /** The node itself where it is no reference; undefined for one that leads nowhere, out of the document, or in a circle. */
  follow(node: Node): Node {
    const way = new Set<string>();
    let at = node;
    for (;;) {
      const target = member(at, '$ref');
      // A schema may have a property that is called `$ref`.
      if (!isObject(at) || typeof target !== 'string') return at;
      if (!target.startsWith('#')) return void this.#external.add(target);
      if (way.has(target)) return void this.#broken.add(target);
      way.add(target);
      at = this.#at(target);
      if (at === undefined) return void this.#broken.add(target);
    }
  }

  /** References to other documents that were met. */
  get external(): readonly string[] {
    return [...this.#external];
  }

  /** References that lead nowhere, or to themselves. */
  get broken(): readonly string[] {
    return [...this.#broken];
  }

  #at(pointer: string): Node {
    if (this.#known.has(pointer)) return this.#known.get(pointer);
    let at: Node = this.#root;
    for (const step of pointer.replace(/^#\/?/, '').split('/')) {
      if (step === '') continue;
      const key = decoded(step).replaceAll('~1', '/').replaceAll('~0', '~');
      at = Array.isArray(at) ? at[Number(key)] : member(at, key);
    }
    this.#known.set(pointer, at);
    return at;
  }
}

// --- internal ---

function decoded(step: string): string {
  try {
    return decodeURIComponent(step);
  } catch {
    return step;
  }
}
