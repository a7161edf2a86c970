import { parentOf, parentsFirst } from '../config/parents.ts';
import type { ResolvedResource } from '../config/pipeline-config.ts';

/** Who is whose parent among the resources of a configuration, by their names. */
export class Families {
  readonly #parents = new Map<string, string>();
  /** Of each parent, the JSONPaths into its records that its children need. */
  readonly #fields = new Map<string, Set<string>>();
  /** Resources with a parent, or one of its parents, that is incremental. */
  readonly #ofIncremental = new Set<string>();

  constructor(resources: readonly ResolvedResource[]) {
    for (const resource of resources) {
      const binding = parentOf(resource);
      if (binding === undefined) continue;
      const { parent, fields, included } = binding;
      this.#parents.set(resource.name, parent);
      this.#fields.set(parent, new Set([...this.fieldsForChildren(parent), ...fields.values(), ...included.values()]));
      const ancestors = parentsFirst(resource, resources).slice(0, -1);
      if (ancestors.some(({ endpoint }) => endpoint?.incremental !== undefined)) this.#ofIncremental.add(resource.name);
    }
  }

  parentOf(name: string): string | undefined {
    return this.#parents.get(name);
  }

  fieldsForChildren(name: string): readonly string[] {
    return [...(this.#fields.get(name) ?? [])];
  }

  /** Its parents will not come again: what it does not read in this run would never be. */
  isOfIncremental(name: string): boolean {
    return this.#ofIncremental.has(name);
  }
}
