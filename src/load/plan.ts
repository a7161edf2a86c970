import { PipelineError } from '../errors.ts';
import { isReadToLoad, type MissingRule, type PackageResource, type PackageTable } from '../package/layout.ts';
import { DELETED_AT, DLT_ID, DLT_ROOT_ID } from '../schema/names.ts';
import { documentStrategy, factsOf, type Strategy } from '../schema/strategies.ts';
import { deletedAtColumn, systemColumns } from '../schema/system-columns.ts';
import type { SchemaChange, TableSchema } from '../schema/table-schema.ts';
import type { Catalogue } from './catalogue.ts';
import { planTable, schemaChanges, type TablePlan, type TablePlanParts } from './table-plan.ts';
import { type Widening, withWidenings } from './widening.ts';

/** The tables of one resource. */
export interface ChainPlan {
  readonly resource: string;
  readonly strategy: Strategy;
  readonly root: TablePlan;
  /** Tables below the root, parents first; those without rows in this package too. */
  readonly nested: readonly TablePlan[];
  /** What is in these tables goes before the rows of this package come. */
  readonly isRefreshed: boolean;
  /** What the configuration says of rows of the root table that do not come; undefined: they stay. */
  readonly missing?: MissingPlan | undefined;
}

interface MissingPlan extends MissingRule {
  /** False: rows that the package does not bring may be there all the same. */
  readonly isWhole: boolean;
}

/** Everything a load is going to do, decided before anything is written. */
export interface LoadPlan {
  readonly chains: readonly ChainPlan[];
  readonly changes: readonly SchemaChange[];
}

export interface PlanParts {
  readonly tables: readonly PackageTable[];
  readonly resources: readonly PackageResource[];
  /** Tables of the stored schema document. */
  readonly stored: Readonly<Record<string, TableSchema>>;
  readonly actual: Catalogue;
  readonly widenings: readonly Widening[];
  /** Tables that DuckDB would not let be made anew. */
  readonly fixed: ReadonlySet<string>;
  /** See `TablePlanParts`. */
  readonly typeOf?: TablePlanParts['typeOf'];
}

export function planLoad(parts: PlanParts): LoadPlan {
  const chains = loadingResources(parts).flatMap((resource) => planChain(resource, parts) ?? []);
  return { chains, changes: chains.flatMap(chainTables).flatMap(schemaChanges) };
}

/** Root first, parents before their nested tables. */
export function chainTables({ root, nested }: ChainPlan): readonly TablePlan[] {
  return [root, ...nested];
}

/**
 * Resources whose rows are loaded. A failed one loads nothing; one that was skipped, ignored or only read has no rows, and its
 * tables stay as they are.
 */
export function loadingResources({ resources, tables }: Pick<PlanParts, 'resources' | 'tables'>): PackageResource[] {
  const withRows = new Set(tables.filter(({ rows }) => rows > 0).map(({ resource }) => resource));
  return resources.filter(
    (one) => isReadToLoad(one) || (one.status !== 'failed' && one.status !== 'unchanged' && withRows.has(one.resource)),
  );
}

function planChain(resource: PackageResource, parts: PlanParts): ChainPlan | undefined {
  const known = knownTables(parts);
  const root = known.get(resource.root);
  if (root === undefined && hasRows(resource, parts)) throw rowsWithoutRoot(resource);
  const strategy = root === undefined ? undefined : strategyOf(root.schema);
  if (root === undefined || strategy === undefined) return undefined;
  const kept = resource.missing?.how === 'soft' ? { ...root, schema: withDeletedAt(root.schema) } : root;
  const plans = chainOf(kept, known).map((table) => plan(table, resource.root, strategy, parts));
  const [first, ...nested] = plans;
  const { isRefreshed = false } = resource;
  if (first === undefined) return undefined;
  const missing = factsOf(strategy).deletesMissing && !isRefreshed ? missingPlan(resource) : undefined;
  return { resource: resource.resource, strategy, root: first, nested, isRefreshed, missing };
}

/** What was not read, or was left out, is not missing. */
function missingPlan({ status, isWhole = false, leftOut = 0, missing }: PackageResource): MissingPlan | undefined {
  return missing && { ...missing, isWhole: status === 'done' && isWhole && leftOut === 0 };
}

function hasRows({ resource }: PackageResource, { tables }: PlanParts): boolean {
  return tables.some((table) => table.resource === resource && table.rows > 0);
}

/** Never silently: rows that nobody loads are lost. */
function rowsWithoutRoot({ resource, root }: PackageResource): PipelineError {
  return new PipelineError({
    code: 'Internal',
    message: `Resource ${resource} has rows, but no root table \`${root}\` in the load package.`,
    hint: 'This is a defect of dezgo-elt. Nothing was published; the package is kept for a look.',
    facts: { resource, root },
  });
}

function strategyOf(root: TableSchema): Strategy | undefined {
  const strategy = documentStrategy(root);
  if (strategy === undefined || factsOf(strategy).needs === 'no key') return strategy;
  const hasKey = Object.values(root.columns).some(({ primary_key, merge_key }) => primary_key || merge_key);
  return hasKey ? strategy : 'append'; // as dlt; the configuration refuses a merge without a key
}

type KnownTable = Pick<PackageTable, 'schema' | 'rows' | 'ownKeys' | 'firstValues'>;

/** Tables that are there after the load: those with rows, and those that an earlier load made. */
function knownTables({ tables, stored, actual }: PlanParts): Map<string, KnownTable> {
  const known = new Map<string, KnownTable>();
  for (const schema of Object.values(stored)) {
    if (actual.has(schema.name.toLowerCase()) || schema.columns[DLT_ID]?.data_type !== undefined) {
      known.set(schema.name, { schema, rows: 0, ownKeys: false, firstValues: {} });
    }
  }
  for (const table of tables) {
    const { name } = table.schema;
    if (table.rows > 0 || known.has(name) || actual.has(name.toLowerCase())) known.set(name, table);
  }
  return known;
}

/** The table and everything nested in it, parents first. */
function chainOf(root: KnownTable, known: ReadonlyMap<string, KnownTable>): KnownTable[] {
  const children = [...known.values()].filter(({ schema }) => schema.parent === root.schema.name);
  return [root, ...children.flatMap((child) => chainOf(child, known))];
}

function plan(table: KnownTable, root: string, strategy: Strategy, parts: PlanParts): TablePlan {
  const { schema, rows, ownKeys, firstValues } = table;
  const { actual, widenings, fixed, typeOf } = parts;
  return planTable({
    schema: factsOf(strategy).rootKey === 'every' ? withRootKey(schema) : schema,
    root,
    rows,
    ownKeys,
    firstValues,
    actual: actual.get(schema.name.toLowerCase()) ?? null,
    widened: new Set(widenings.filter((widening) => widening.table === schema.name).map(({ column }) => column)),
    fixed: fixed.has(schema.name),
    typeOf,
  });
}

/** Nested rows are deleted by the key of their root row: a table loaded without one gets it when it turns to merge. */
function withRootKey(schema: TableSchema): TableSchema {
  if (schema.parent === undefined || schema.columns[DLT_ROOT_ID] !== undefined) return schema;
  const rootKey = systemColumns(true, true).filter(({ name }) => name === DLT_ROOT_ID);
  const columns = [...Object.values(schema.columns), ...rootKey];
  return { ...schema, columns: Object.fromEntries(columns.map((column) => [column.name, column])) };
}

/** Behind the columns that came, because nobody looks for it first. */
function withDeletedAt(schema: TableSchema): TableSchema {
  if (schema.columns[DELETED_AT] !== undefined) return schema;
  return { ...schema, columns: { ...schema.columns, [DELETED_AT]: deletedAtColumn } };
}

/** The package's tables with the columns that widen. */
export function widenTables(tables: readonly PackageTable[], widenings: readonly Widening[]): PackageTable[] {
  return tables.map((table) =>
    withWidenings(
      table,
      widenings.filter((widening) => widening.table === table.schema.name),
    ),
  );
}
