import type { ConfigFile, configSchema } from './config-schema.ts';
import { child, type Located, plain } from './located.ts';
import type { ResourceConfig } from './resource-schema.ts';

/** The parts of a configuration that passed the schema: also of a file that did not pass as a whole. */
export interface CheckedParts {
  readonly pipeline: ConfigFile['pipeline'] | undefined;
  readonly hasClient: boolean;
  /** In the order of the file; undefined where a resource has problems of its own. */
  readonly resources: readonly (ResourceConfig | undefined)[];
}

export function partsOf({ pipeline, source }: ConfigFile): CheckedParts {
  return { pipeline, hasClient: source.client !== undefined, resources: source.resources };
}

/** So that one typing error does not hide what the cross-checks find elsewhere. */
export function partsThatPass(schema: ReturnType<typeof configSchema>, tree: Located): CheckedParts {
  const source = child(tree, 'source');
  const pipeline = child(tree, 'pipeline');
  const resources = child(source, 'resources');
  const { element } = schema.shape.source.shape.resources;
  return {
    pipeline: pipeline && schema.shape.pipeline.safeParse(plain(pipeline)).data,
    hasClient: child(source, 'client') !== undefined,
    resources: resources?.kind === 'list' ? resources.items.map((item) => element.safeParse(plain(item)).data) : [],
  };
}
