import type { PipelineConfig, ResolvedResource } from '../config/pipeline-config.ts';
import type { Findings } from '../findings.ts';
import type { ResourceRules } from '../normalize/resource-normalizer.ts';
import type { PackageTable } from '../package/layout.ts';
import { resolveContract } from '../schema/contract.ts';
import { nestedHint, nestedTable, rootTable } from '../schema/hints.ts';
import { mergeTable, type OverruledHint, overruledHints } from '../schema/merge-table.ts';
import { columnName } from '../schema/naming.ts';
import { prescribedKey } from '../schema/prescribed-key.ts';
import { needsRootKey } from '../schema/source-settings.ts';
import type { StoredSchema, TableSchema } from '../schema/table-schema.ts';

const DEFAULT_NESTING = 1000;

export type KnownTables = ReadonlyMap<string, TableSchema>;

/** Documents of tables that records have to fit: those of the destination, and of a package that is continued. */
export function knownTables(schema: StoredSchema | undefined, begun: readonly PackageTable[]): KnownTables {
  const tables = new Map<string, TableSchema>(Object.entries(schema?.tables ?? {}));
  for (const table of begun) tables.set(table.schema.name, table.schema);
  return tables;
}

export interface RuleFacts extends Pick<ResourceRules, 'isNew' | 'generated' | 'begun'> {
  readonly findings: Findings;
}

/** How a resource's records become tables, from its configuration and what is known of the tables. */
export function resourceRules(
  resource: ResolvedResource,
  config: PipelineConfig,
  known: KnownTables,
  facts: RuleFacts,
): ResourceRules {
  const { source, pipeline } = config;
  const limit = config.nameLimit;
  const hinted = rootTable(resource, limit);
  const merged = (table: TableSchema): TableSchema => {
    for (const hint of overruledHints(known.get(table.name), table)) facts.findings.note(overruled(hint));
    return mergeTable(known.get(table.name), table);
  };
  const root = merged(hinted);
  return {
    resource: resource.name,
    root,
    nestedTable: (name, path) => merged(nestedTable(resource, name, namesOf(path), limit) ?? newNestedTable(name)),
    contract: (path) => {
      const nested = nestedHint(resource, namesOf(path))?.schema_contract;
      return resolveContract(nested, resource.schema_contract, source.schema_contract);
    },
    ...facts,
    rootKey: needsRootKey(root, resource.root_key ?? source.root_key),
    maxNesting: resource.max_table_nesting ?? source.max_table_nesting ?? DEFAULT_NESTING,
    maxColumns: pipeline.max_columns,
    nameLimit: limit,
    prescribedKey: prescribedKey(root, limit),
  };
}

/** As hints call them, whatever the destination's tables are called. */
function namesOf(path: readonly string[]): string[] {
  return path.map((key) => columnName(key));
}

/** A column of the resource's tables is decimal or wei, by a hint or in the destination. */
export function needsExactNumbers(resource: ResolvedResource, known: KnownTables): boolean {
  const hinted = [resource, ...Object.values(resource.nested_hints ?? {})];
  const stored = [...known.values()].filter((table) => rootName(table, known) === resource.table_name);
  return [...hinted, ...stored]
    .flatMap(({ columns = {} }) => Object.values(columns))
    .some(({ data_type: type }) => type === 'decimal' || type === 'wei');
}

function rootName({ name, parent }: TableSchema, known: KnownTables): string {
  const above = parent === undefined ? undefined : known.get(parent);
  return above === undefined ? name : rootName(above, known);
}

function overruled({ table, column, stays, hinted }: OverruledHint): string {
  return `${table}.${column} stays ${stays}: the hint ${hinted} is only for a new column.`;
}

/** As dlt marks a table that data was seen for. */
function newNestedTable(name: string): TableSchema {
  return { name, 'x-normalizer': { 'seen-data': true }, columns: {} };
}
