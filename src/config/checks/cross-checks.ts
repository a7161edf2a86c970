import type { NameLimit } from '../../schema/fitted-name.ts';
import { normalizePath } from '../../schema/naming.ts';
import type { Path } from '../file/located-tree.ts';
import type { ClientConfig } from '../grammar/client-schema.ts';
import type { ConfigFile } from '../grammar/config-schema.ts';
import { destinationRules } from '../grammar/destination-schema.ts';
import type { ResourceConfig } from '../grammar/resource-schema.ts';
import { isPaid } from '../paid-endpoint.ts';
import { datasetOf } from '../pipeline-config.ts';
import { checkBalance } from './check-costs.ts';
import { checkDestination } from './check-destination.ts';
import { checkEndpoint } from './check-endpoint.ts';
import { checkExpectedTables } from './check-expectations.ts';
import { checkHeaders } from './check-headers.ts';
import { checkMerge } from './check-merge.ts';
import { checkMissing } from './check-missing.ts';
import { checkPaginator } from './check-paginator.ts';
import { checkParents } from './check-parents.ts';
import { checkSetTexts } from './check-steps.ts';
import { checkClientTexts, valuesIn } from './check-texts.ts';
import { checkTokenFiles } from './check-token-files.ts';
import { checkAuthVariables, checkBaseUrl, checkVariables } from './check-variables.ts';
import { checkViews } from './check-views.ts';
import type { CheckedParts } from './checked-parts.ts';
import { below, type Finding } from './finding.ts';
import { checkTypeHints } from './type-hints.ts';

export function crossCheck({ pipeline, hasClient, client, resources }: CheckedParts): Finding[] {
  return [
    ...(pipeline === undefined
      ? []
      : [...checkDatasetName(pipeline), ...checkDestination(pipeline, resources), ...checkViews(pipeline, resources)]),
    ...below(['source', 'client'], [...checkHeaders(client), ...checkBalance(client)]),
    ...below(['source', 'client'], checkClientTexts(client, allValues(resources))),
    ...(client === undefined
      ? []
      : below(
          ['source', 'client'],
          [
            ...checkVariables(client, ['base_url', 'headers'], client),
            ...checkAuthVariables(client.auth, client),
            ...checkBaseUrl(client),
          ],
        )),
    ...below(['source', 'client', 'paginator'], checkPaginator(client?.paginator)),
    ...checkTokenFiles({ client, resources }),
    ...checkUnique(resources, pipeline && destinationRules(pipeline.destination.type).nameLimit),
    ...checkParents(resources),
    ...checkMissing(resources),
    ...resources.flatMap(({ checked }, index) =>
      checked === undefined ? [] : below(['source', 'resources', index], checkResource(checked, hasClient, client)),
    ),
  ];
}

/** The names of the `values` parameters of all resources. */
function allValues(resources: CheckedParts['resources']): Set<string> {
  return new Set(resources.flatMap(({ checked }) => [...valuesIn(checked?.endpoint?.params)]));
}

function checkDatasetName(pipeline: ConfigFile['pipeline']): Finding[] {
  const { name, destination } = pipeline;
  const why = destinationRules(destination.type).whyNoDataset?.(datasetOf(pipeline), destination, name);
  return why === undefined ? [] : [{ path: ['pipeline', 'dataset_name'], message: why }];
}

function checkUnique(resources: CheckedParts['resources'], limit: NameLimit | undefined): Finding[] {
  const findings: Finding[] = [];
  const names = new Set<string>();
  const tables = new Map<string, string>();
  for (const [index, { name, tableName }] of resources.entries()) {
    if (name === undefined) continue;
    const at = ['source', 'resources', index];
    const table = normalizePath(tableName ?? name, limit);
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

function checkResource(resource: ResourceConfig, hasClient: boolean, client: ClientConfig | undefined): Finding[] {
  return [
    ...checkRecords(resource, hasClient),
    ...checkSelected(resource),
    ...checkMerge(resource),
    ...checkColumns(resource, []),
    ...Object.entries(resource.nested_hints ?? {}).flatMap(([table, hint]) =>
      checkColumns(hint, ['nested_hints', table]),
    ),
    ...below(['endpoint'], checkEndpoint(resource, client)),
    ...checkSetTexts(resource),
    ...checkExpectedTables(resource),
  ];
}

function checkSelected({ name, selected, endpoint }: ResourceConfig): Finding[] {
  if (selected !== true || !isPaid(endpoint)) return [];
  const message = `what is \`paid\` is only loaded when it is named, \`dezgo-elt run ${name}\`: leave \`selected\` out`;
  return [{ path: ['selected'], message }];
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
