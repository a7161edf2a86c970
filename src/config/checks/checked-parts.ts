import { child, type Located, plain, scalarAt } from '../file/located-tree.ts';
import type { ClientConfig } from '../grammar/client-schema.ts';
import { type ConfigFile, configSchema } from '../grammar/config-schema.ts';
import type { ResourceConfig } from '../grammar/resource-schema.ts';
import { type FindSecret, withSecrets } from '../secret-reference.ts';

/** The parts of a configuration that passed the schema: also of a file that did not pass as a whole. */
export interface CheckedParts {
  readonly pipeline: ConfigFile['pipeline'] | undefined;
  readonly hasClient: boolean;
  /** Undefined also where the client has problems of its own. */
  readonly client: ClientConfig | undefined;
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
  return { pipeline, hasClient: source.client !== undefined, client: source.client, resources };
}

/** So that one typing error does not hide what the cross-checks find elsewhere. */
export function partsThatPass(tree: Located, find: FindSecret): CheckedParts {
  const source = child(tree, 'source');
  const pipeline = child(tree, 'pipeline');
  const resources = child(source, 'resources');
  const client = child(source, 'client');
  const { client: clientSchema, resources: resourcesSchema } = configSchema.shape.source.shape;
  return {
    pipeline: pipeline && withSecrets(configSchema.shape.pipeline.safeParse(plain(pipeline)).data, find, ['pipeline']),
    hasClient: client !== undefined,
    client: client && withSecrets(clientSchema.safeParse(plain(client)).data, find),
    resources: (resources?.kind === 'list' ? resources.items : []).map((item) => ({
      name: textAt(item, 'name'),
      tableName: textAt(item, 'table_name'),
      checked: withSecrets(resourcesSchema.element.safeParse(plain(item)).data, find),
    })),
  };
}

function textAt(node: Located, key: string): string | undefined {
  const value = scalarAt(node, key);
  return typeof value === 'string' ? value : undefined;
}
