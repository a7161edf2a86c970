import path from 'node:path';
import { normalizePath } from '../schema/naming.ts';
import type { CheckedParts } from './checked-parts.ts';
import type { ConfigFile } from './config-schema.ts';
import type { Path } from './located.ts';
import type { EndpointConfig, ResourceConfig } from './resource-schema.ts';
import { checkTypeHints } from './type-hints.ts';

/** Something wrong between values that are each right by themselves. */
export interface Finding {
  readonly path: Path;
  readonly message: string;
}

export function crossCheck({ pipeline, hasClient, resources }: CheckedParts): Finding[] {
  return [
    ...(pipeline === undefined ? [] : checkDatasetName(pipeline)),
    ...checkUnique(resources),
    ...resources.flatMap(({ checked }, index) => {
      if (checked === undefined) return [];
      return checkResource(checked, hasClient).map(({ path: keys, message }) => ({
        path: ['source', 'resources', index, ...keys],
        message,
      }));
    }),
  ];
}

/** `select * from x.models` is ambiguous when both the database and the schema are called x. */
function checkDatasetName(pipeline: ConfigFile['pipeline']): Finding[] {
  const file = pipeline.destination.path ?? `${pipeline.name}.duckdb`;
  const dataset = pipeline.dataset_name ?? `${pipeline.name}_dataset`;
  if (path.parse(file).name.toLowerCase() !== dataset.toLowerCase()) return [];
  const message = `must differ from the name of the destination file, \`${path.basename(file)}\`: DuckDB names the database after the file, and \`${dataset}.models\` could mean either`;
  return [{ path: ['pipeline', 'dataset_name'], message }];
}

function checkUnique(resources: CheckedParts['resources']): Finding[] {
  const findings: Finding[] = [];
  const names = new Set<string>();
  const tables = new Map<string, string>();
  for (const [index, { name, tableName }] of resources.entries()) {
    if (name === undefined) continue;
    const at = ['source', 'resources', index];
    const table = normalizePath(tableName ?? name);
    const owner = tables.get(table);
    const atTable = [...at, tableName === undefined ? 'name' : 'table_name'];
    if (names.has(name)) findings.push({ path: [...at, 'name'], message: `a resource \`${name}\` is already there` });
    else if (owner === undefined)
      findings.push(...checkTableName(table).map((message) => ({ path: atTable, message })));
    else {
      const message = `the table would be \`${table}\`, which resource \`${owner}\` already loads: set another \`table_name\``;
      findings.push({ path: atTable, message });
    }
    names.add(name);
    if (owner === undefined) tables.set(table, name);
  }
  return findings;
}

function checkTableName(table: string): string[] {
  if (table === '') return ['expected a name with a letter or digit, for the table'];
  if (!/^_(dlt|elt)(_|$)/.test(table)) return [];
  return [
    `the table \`${table}\` would be one of the pipeline's own: names that begin with \`_dlt\` or \`_elt\` are taken`,
  ];
}

function checkResource(resource: ResourceConfig, hasClient: boolean): Finding[] {
  return [
    ...checkRecords(resource, hasClient),
    ...checkKeys(resource),
    ...checkColumns(resource, []),
    ...Object.entries(resource.nested_hints ?? {}).flatMap(([table, hint]) =>
      checkColumns(hint, ['nested_hints', table]),
    ),
    ...checkEndpoint(resource),
  ];
}

function checkColumns({ columns = {} }: Pick<ResourceConfig, 'columns'>, at: Path): Finding[] {
  return Object.entries(columns).flatMap(([column, hint]) =>
    checkTypeHints(hint).map(({ key, message }) => ({ path: [...at, 'columns', column, key], message })),
  );
}

function checkRecords(resource: ResourceConfig, hasClient: boolean): Finding[] {
  if (resource.data === undefined) {
    return hasClient ? [] : [{ path: [], message: 'needs `source.client` with a `base_url`, or `data`' }];
  }
  return resource.endpoint === undefined
    ? []
    : [{ path: ['data'], message: 'expected either `endpoint` or `data`, not both' }];
}

/** dlt appends when a merge has no key: silently wrong. */
export function checkKeys({
  write_disposition: disposition,
  primary_key,
  merge_key,
  columns = {},
}: ResourceConfig): Finding[] {
  if (disposition?.disposition !== 'merge') return [];
  const strategy = 'strategy' in disposition ? disposition.strategy : undefined;
  const hints = Object.values(columns);
  const hasPrimary = primary_key !== undefined || hints.some((hint) => hint.primary_key === true);
  const hasMerge = merge_key !== undefined || hints.some((hint) => hint.merge_key === true);
  const at: Path = ['write_disposition'];
  if (strategy === 'scd2' || hasPrimary) return [];
  if (strategy === 'upsert' || strategy === 'insert-only')
    return [{ path: at, message: `\`${strategy}\` needs a \`primary_key\`` }];
  return hasMerge ? [] : [{ path: at, message: '`merge` needs a `primary_key` or a `merge_key`' }];
}

function checkEndpoint({ name, endpoint }: ResourceConfig): Finding[] {
  if (endpoint === undefined) return [];
  const { fallbacks = [], ...main } = endpoint;
  return [
    ...checkRequest({ ...main, path: main.path ?? name }, ['endpoint']),
    ...fallbacks.flatMap((fallback, index) =>
      checkRequest({ ...main, path: main.path ?? name, ...fallback }, ['endpoint', 'fallbacks', index]),
    ),
  ];
}

function checkRequest(request: Omit<EndpointConfig, 'fallbacks'>, at: Path): Finding[] {
  const { path: url = '', params = {} } = request;
  const findings: Finding[] = [];
  const placeholders = placeholdersIn(url);
  for (const placeholder of placeholders) {
    const message = unboundPlaceholder(placeholder, params);
    if (message !== undefined) findings.push({ path: [...at, 'path'], message });
  }
  for (const [key, value] of Object.entries(params)) {
    if (!isValues(value) || placeholders.has(key)) continue;
    findings.push({
      path: [...at, 'params', key],
      message: `\`type: values\` needs the placeholder \`{${key}}\` in \`path\`, here \`${url}\``,
    });
  }
  if (request.json !== undefined && request.data !== undefined) {
    findings.push({ path: [...at, 'data'], message: 'expected either `json` or `data`, not both' });
  }
  return findings;
}

/** Names in `{…}`; `{{` and `}}` are braces as such. */
function placeholdersIn(url: string): Set<string> {
  return new Set([...url.replaceAll(/\{\{|\}\}/g, '').matchAll(/\{([^{}]*)\}/g)].map((match) => match[1] ?? ''));
}

function unboundPlaceholder(name: string, params: NonNullable<EndpointConfig['params']>): string | undefined {
  if (/^(resources|incremental)\./.test(name)) return `\`{${name}}\` of dlt is not supported here yet`;
  if (!Object.hasOwn(params, name)) return `\`{${name}}\` has no value: add \`params: { ${name}: … }\``;
  const value = params[name];
  if (value === null || (Array.isArray(value) && !isValues(value)))
    return `\`{${name}}\` needs one value, or \`type: values\``;
  return undefined;
}

function isValues(param: unknown): boolean {
  return typeof param === 'object' && param !== null && !Array.isArray(param);
}
