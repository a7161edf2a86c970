import type { ConfigFile, configSchema } from './config-schema.ts';
import { child, type Located, plain, scalarAt } from './located.ts';
import type { ResourceConfig } from './resource-schema.ts';

/** The parts of a configuration that passed the schema: also of a file that did not pass as a whole. */
export interface CheckedParts {
  readonly pipeline: ConfigFile['pipeline'] | undefined;
  readonly hasClient: boolean;
  /** In the order of the file. */
  readonly resources: readonly CheckedResource[];
}

interface CheckedResource {
  readonly name: string | undefined;
  readonly tableName: string | undefined;
  /** Undefined where the resource has problems of its own. */
  readonly checked: ResourceConfig | undefined;
}

export function partsOf({ pipeline, source }: ConfigFile): CheckedParts {
  const resources = source.resources.map((checked) => ({ name: checked.name, tableName: checked.table_name, checked }));
  return { pipeline, hasClient: source.client !== undefined, resources };
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
    resources: (resources?.kind === 'list' ? resources.items : []).map((item) => ({
      name: textAt(item, 'name'),
      tableName: textAt(item, 'table_name'),
      checked: element.safeParse(plain(item)).data,
    })),
  };
}

function textAt(node: Located, key: string): string | undefined {
  const value = scalarAt(node, key);
  return typeof value === 'string' ? value : undefined;
}
