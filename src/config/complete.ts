import { createHash } from 'node:crypto';
import path from 'node:path';
import type { NameLimit } from '../schema/fitted-name.ts';
import { columnName, normalizePath } from '../schema/naming.ts';
import type { Located, Path } from './file/located-tree.ts';
import { originAt } from './file/located-tree.ts';
import { withFiles } from './file-reference.ts';
import type { ClientConfig } from './grammar/client-schema.ts';
import type { ConfigFile } from './grammar/config-schema.ts';
import { destinationRules } from './grammar/destination-schema.ts';
import type { ResourceConfig } from './grammar/resource-schema.ts';
import { withIncremental } from './incremental-endpoint.ts';
import { isOpenAddress } from './open-address.ts';
import { isPaid } from './paid-endpoint.ts';
import {
  datasetOf,
  defaultDisposition,
  markResolved,
  type PipelineConfig,
  type ResolvedResource,
} from './pipeline-config.ts';
import { secretsIn } from './secrets-in.ts';
import { withSettledAuths } from './settled-auth.ts';
import { warningsFor } from './warnings.ts';

export interface Places {
  readonly tree: Located;
  /** Absolute; absent for a configuration object. */
  readonly file?: string;
  /** As the caller wrote it: what warnings show. */
  readonly shownFile?: string;
  readonly cwd: string;
}

/** A checked file with every default settled and every path absolute. */
export function completeConfig(checked: ConfigFile, places: Places): PipelineConfig {
  const { name, destination, working_dir, import_schema_path, export_schema_path, metrics_file, openlineage } =
    checked.pipeline;
  const rules = destinationRules(destination.type);
  const { nameLimit } = rules;
  const absolute = (value: string, ...keys: Path) => path.resolve(baseFor(['pipeline', ...keys], places), value);
  const pipeline: PipelineConfig['pipeline'] = {
    ...checked.pipeline,
    dataset_name: datasetIn(checked.pipeline, nameLimit),
    destination: rules.complete(destination, {
      name,
      absolute: (value, ...keys) => absolute(value, 'destination', ...keys),
    }),
    working_dir: absolute(working_dir, 'working_dir'),
    ...(import_schema_path !== undefined && { import_schema_path: absolute(import_schema_path, 'import_schema_path') }),
    ...(export_schema_path !== undefined && { export_schema_path: absolute(export_schema_path, 'export_schema_path') }),
    ...(metrics_file !== undefined && { metrics_file: absolute(metrics_file, 'metrics_file') }),
    ...(openlineage?.file !== undefined && {
      openlineage: { ...openlineage, file: absolute(openlineage.file, 'openlineage', 'file') },
    }),
  };
  const { resource_defaults: _, client: _client, resources: _resources, ...source } = checked.source;
  const { client, resources } = withSettledAuths(checked.source, (value, ...keys) =>
    path.resolve(baseFor(['source', ...keys], places), value),
  );
  const hidden = secretsIn(pipeline.destination, ['pipeline', 'destination']);
  const secrets = [
    ...secretsIn(checked.pipeline, ['pipeline']),
    ...secretsIn(client, ['source', 'client']),
    ...resources.flatMap((resource, index) => secretsIn(resource, ['source', 'resources', index])),
  ];
  const completeSource: PipelineConfig['source'] = {
    ...source,
    ...(client !== undefined && { client }),
    resources: resources.map((resource, index) =>
      completeResource(withAbsoluteFiles(resource, index, places), nameLimit),
    ),
  };
  return markResolved({
    pipeline,
    source: completeSource,
    ...(places.file !== undefined && { file: places.file }),
    warnings: warningsFor({ client, resources: completeSource.resources, secrets }, places),
    secrets: [...new Map([...secrets, ...hidden].map((found) => [found.secret, found])).values()]
      .filter((found) => (!found.secret.isMissing || found.secret.isAwaited) && !isOpenAddress(found))
      .map(({ secret }) => secret),
    secretVariables: [],
    ...(nameLimit !== undefined && { nameLimit }),
    hash: hashOf(pipeline, completeSource),
  });
}

/** Where names are limited, that of the dataset is normalized as dlt does it, too: dlt finds it there. */
function datasetIn(pipeline: ConfigFile['pipeline'], limit: NameLimit | undefined): string {
  return limit === undefined ? datasetOf(pipeline) : columnName(datasetOf(pipeline), limit);
}

/** Paths of the file are relative to the file, those of a variable to the current folder. */
function baseFor(keys: Path, { tree, file, cwd }: Places): string {
  const fromVariable = originAt(tree, keys).variable !== undefined;
  return file === undefined || fromVariable ? cwd : path.dirname(file);
}

function withAbsoluteFiles(resource: ResourceConfig, index: number, places: Places): ResourceConfig {
  if (resource.endpoint === undefined) return resource;
  const endpoint = withFiles(resource.endpoint, ({ path: keys, reference }) => {
    const base = baseFor(['source', 'resources', index, 'endpoint', ...keys, 'file'], places);
    return reference.at(path.resolve(base, reference.file));
  });
  return { ...resource, endpoint };
}

function completeResource(resource: ResourceConfig, nameLimit: NameLimit | undefined): ResolvedResource {
  const { endpoint, ...rest } = resource;
  const complete = {
    ...rest,
    table_name: normalizePath(resource.table_name ?? resource.name, nameLimit),
    selected: resource.selected ?? !isPaid(endpoint),
    write_disposition: resource.write_disposition ?? defaultDisposition,
  };
  if (resource.data !== undefined) return complete;
  return {
    ...complete,
    ...(endpoint?.store === 'column' && { columns: { content: { data_type: 'binary' as const }, ...rest.columns } }),
    endpoint: {
      ...withIncremental(endpoint ?? {}),
      path: endpoint?.path ?? resource.name,
      method: endpoint?.method ?? 'GET',
    },
  };
}

/** Of what decides which rows come; how long to wait, how often to try, how much at once, for how much money and what is expected of it does not. Secrets hash as `***`. */
function hashOf(pipeline: PipelineConfig['pipeline'], source: PipelineConfig['source']): string {
  const all: Partial<ClientConfig> = source.client ?? {};
  const { timeout, retry, max_response_bytes, concurrency, rate_limit, ...others } = all;
  const { cost_header, balance_header, currency, min_balance, links, ...client } = others;
  const resources = source.resources.map(({ parallelized, expectations, endpoint, ...resource }) => ({
    ...resource,
    ...(endpoint !== undefined && { endpoint: decisiveOf(endpoint) }),
  }));
  const { name, dataset_name: dataset, views } = pipeline; // a view that is new wants a load
  const decisive = { name, dataset, views, source: { ...source, client, resources } };
  return createHash('sha256').update(canonicalJson(decisive)).digest('hex').slice(0, 16);
}

function decisiveOf({
  idempotent,
  paid,
  cost,
  max_cost,
  rate_limit,
  poll,
  ...endpoint
}: NonNullable<ResolvedResource['endpoint']>) {
  return endpoint;
}

function canonicalJson(value: unknown): string {
  return JSON.stringify(value, (_, member: unknown) => {
    if (typeof member === 'function') return '(function)';
    if (typeof member !== 'object' || member === null || Array.isArray(member)) return member;
    return Object.fromEntries(Object.entries(member).sort(([a], [b]) => (a < b ? -1 : 1)));
  });
}
