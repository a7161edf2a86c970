import type { NameLimit } from '../schema/fitted-name.ts';
import type { ResourceHints } from '../schema/resource-hints.ts';
import type { EnvFile } from './env-file.ts';
import type { ClientConfig } from './grammar/client-schema.ts';
import type { ConfigFile } from './grammar/config-schema.ts';
import type { DestinationConfigs, DestinationType } from './grammar/destination-schema.ts';
import type { EndpointConfig, ResourceConfig } from './grammar/resource-schema.ts';
import type { Secret } from './secret.ts';

/** A resource with every default settled: what the steps of a run work from. */
export interface ResolvedResource extends Omit<ResourceConfig, keyof ResourceHints>, ResourceHints {
  /** As the table is called in the file, whatever the configuration calls it. */
  readonly table_name: string;
  readonly selected: boolean;
  /** Absent when the records come from `data`. */
  readonly endpoint?: EndpointConfig & { readonly path: string; readonly method: 'GET' | 'POST' };
}

/** Of a resource that says nothing, compared by identity: what a schema file says comes before it. */
export const defaultDisposition = Object.freeze({ disposition: 'append' as const });

export function datasetOf({ name, dataset_name }: ConfigFile['pipeline']): string {
  return dataset_name ?? `${name}_dataset`;
}

export interface ConfigWarning {
  readonly message: string;
  /** `file:line:column`, where the warning is about the file. */
  readonly at?: string;
}

const resolved: unique symbol = Symbol.for('dezgo-elt.resolved');

/**
 * A configuration that has been read, checked and completed. Keys are those of the file (snake_case, dlt's own);
 * durations are milliseconds, sizes bytes, paths absolute, secrets unprintable.
 */
export interface PipelineConfig {
  readonly pipeline: Omit<ConfigFile['pipeline'], 'destination'> & {
    readonly dataset_name: string;
    readonly destination: DestinationConfigs[DestinationType];
  };
  readonly source: Omit<ConfigFile['source'], 'client' | 'resource_defaults' | 'resources'> & {
    readonly client?: ClientConfig;
    readonly resources: readonly ResolvedResource[];
  };
  /** Absolute path of the file this came from; absent for a configuration object. */
  readonly file?: string;
  readonly warnings: readonly ConfigWarning[];
  /** The `.env` beside the configuration: a run reads it as it reads the environment. */
  readonly envFile?: EnvFile;
  /** A variable for each secret that the configuration refers to. */
  readonly secretVariables: readonly string[];
  /** Every secret that was found, for masking by value, and those that a command is still to be asked for. */
  readonly secrets: readonly Secret[];
  /** Of names in the destination; undefined where they can be as long as they are. */
  readonly nameLimit?: NameLimit | undefined;
  /** Of everything that decides what is extracted; a package of another configuration is not continued. */
  readonly hash: string;
}

/** Whether this went through `loadConfig` or `resolveConfig`; a copy (`{ ...config }`) still did. */
export function isResolved<Input extends object>(config: PipelineConfig | Input): config is PipelineConfig {
  return resolved in config;
}

export function markResolved(config: PipelineConfig): PipelineConfig {
  return Object.assign(config, { [resolved]: true });
}
