import type { Connection } from '../duckdb/connection.ts';
import { PipelineError } from '../errors.ts';
import type { PackageInfo, PackageResource } from '../package/layout.ts';
import { readInfo, readResources, readTables } from '../package/package-books.ts';
import { packageColumns } from '../package/package-tables.ts';
import { LOADS_TABLE } from '../schema/names.ts';
import type { SchemaChange } from '../schema/table-schema.ts';
import { changeTable } from './change-table.ts';
import { decideWidenings } from './decide-widenings.ts';
import { keepBooks } from './keep-books.ts';
import type { LoadContext } from './load-context.ts';
import { loadError } from './load-errors.ts';
import { loadRows } from './load-rows.ts';
import { chainTables, type LoadPlan, loadingResources, planLoad, widenTables } from './plan.ts';
import { type Destination, isLoaded, readDestination } from './read-destination.ts';
import { createDataset } from './table-ddl.ts';
import { newColumns } from './table-plan.ts';

export interface LoadOptions {
  /** Name under which the working copy of the destination is attached. */
  readonly target: string;
  readonly dataset: string;
  readonly loadId: string;
  readonly pipelineName: string;
  /** dlt's three are taken, and give the same rows. */
  readonly replaceStrategy: string;
  /** Milliseconds since 1970. */
  readonly now: number;
}

export interface LoadedTable {
  readonly name: string;
  /** Rows in the load package. */
  readonly rows: number;
  readonly newColumns: readonly string[];
}

export interface LoadResult {
  /** False: `_dlt_loads` has the load id already, nothing was done. */
  readonly loaded: boolean;
  /** Tables that got rows or columns. */
  readonly tables: readonly LoadedTable[];
  readonly changes: readonly SchemaChange[];
  /** Decisions about rows that a person should see, such as duplicates of a key. */
  readonly counts: Readonly<Record<string, number>>;
  readonly schemaVersionHash: string;
}

/**
 * Loads the package that is attached as `package` into a working copy of the destination: tables, rows and books, in one
 * transaction. A package that was loaded before is not loaded again, and would give the same keys.
 *
 * @throws PipelineError KeyMissing, ContractViolated (exit 7) for rows that cannot be loaded, DestinationFailed (exit 6) for the rest;
 * the destination is as it was then
 */
export async function loadPackage(connection: Connection, options: LoadOptions): Promise<LoadResult> {
  const { target: catalog, dataset, loadId } = options;
  const doing: { loadId: string; table: string | null } = { loadId, table: null };
  try {
    const { info, resources } = await readPackage(connection, loadId);
    const names = { dataset, schemaName: info.schema_name, pipelineName: options.pipelineName };
    const destination = await readDestination(connection, catalog, names);
    const before = destination.tables.has(LOADS_TABLE)
      ? await isLoaded(connection, catalog, dataset, loadId)
      : undefined;
    if (before !== undefined) return unchanged(before.versionHash);

    const context = await loadContext(connection, options, info);
    const { plan, variants } = await decide(context, destination, resources);
    return await connection.transaction(() => act({ ...context, variants }, plan, destination, info, options, doing));
  } catch (thrown) {
    throw loadError(thrown, doing);
  }
}

/** The parts of the package that say what to do; it has to be complete, because part of a load is never loaded. */
async function readPackage(connection: Connection, loadId: string) {
  const info = await readInfo(connection);
  const resources = info === undefined ? [] : await readResources(connection);
  const running = resources.find(({ status }) => status === 'running');
  if (info?.load_id === loadId && info.status === 'extracted' && running === undefined) return { info, resources };
  throw new PipelineError({
    code: 'Internal',
    message: `Load package ${loadId} is not attached, or not complete.`,
    hint: 'This is a defect of dezgo-elt: only complete packages are loaded.',
    facts: { loadId, found: info?.load_id, status: info?.status, running: running?.resource },
  });
}

function unchanged(schemaVersionHash: string): LoadResult {
  return { loaded: false, tables: [], changes: [], counts: {}, schemaVersionHash };
}

async function loadContext(connection: Connection, options: LoadOptions, info: PackageInfo): Promise<LoadContext> {
  return {
    connection,
    catalog: options.target,
    dataset: options.dataset,
    loadId: options.loadId,
    packageColumns: await packageColumns(connection),
    variants: new Map(),
    boundary: micros(info.created_at),
  };
}

/** What the package and the destination make necessary, with nothing written yet. */
async function decide(context: LoadContext, destination: Destination, resources: readonly PackageResource[]) {
  const all = await readTables(context.connection);
  const loading = new Set(loadingResources({ resources, tables: all }).map(({ resource }) => resource));
  const tables = all.filter(({ resource }) => loading.has(resource));
  const widenings = await decideWidenings(context, tables, destination.tables);
  const plan = planLoad({
    tables: widenTables(tables, widenings),
    resources,
    stored: destination.schema?.tables ?? {},
    actual: destination.tables,
    widenings,
  });
  const variants = new Map<string, Map<string, string>>();
  for (const { table, column, variant } of widenings) {
    if (variant !== null) variants.set(table, (variants.get(table) ?? new Map()).set(column, variant));
  }
  return { plan, variants };
}

async function act(
  context: LoadContext,
  plan: LoadPlan,
  destination: Destination,
  info: PackageInfo,
  options: LoadOptions,
  doing: { table: string | null },
): Promise<LoadResult> {
  let duplicates = 0;
  await createDataset(context);
  for (const chain of plan.chains) {
    for (const table of chainTables(chain)) {
      doing.table = table.name;
      await changeTable(context, table, options.loadId);
    }
    doing.table = chain.root.name;
    duplicates += await loadRows(context, chain);
  }
  doing.table = null;
  const schemaVersionHash = await keepBooks(context, plan, destination, {
    schemaName: info.schema_name,
    pipelineName: options.pipelineName,
    now: micros(options.now),
  });
  return {
    loaded: true,
    tables: loadedTables(plan),
    changes: plan.changes,
    counts: duplicates === 0 ? {} : { 'rows dropped as duplicates of a key': duplicates },
    schemaVersionHash,
  };
}

function loadedTables({ chains }: LoadPlan): LoadedTable[] {
  return chains
    .flatMap(chainTables)
    .map((table) => ({ name: table.name, rows: table.rows, newColumns: newColumns(table).map(({ name }) => name) }))
    .filter(({ rows, newColumns }) => rows > 0 || newColumns.length > 0);
}

function micros(milliseconds: number): bigint {
  return BigInt(Math.round(milliseconds * 1000));
}
