import type { PipelineConfig } from '../../config/pipeline-config.ts';
import type { Connection } from '../../duckdb/connection.ts';
import { PipelineError } from '../../errors.ts';
import { askedOf } from '../../expectations/asked-dataset.ts';
import type { LoadExpectations } from '../../expectations/load-expectations.ts';
import { type Findings, silentFindings } from '../../findings.ts';
import { decidePlan } from '../../load/decide-plan.ts';
import type { LoadContext } from '../../load/load-context.ts';
import { telling } from '../../load/load-errors.ts';
import { type LoadResult, loadResult, unchanged } from '../../load/load-result.ts';
import { packageContext, readWholePackage } from '../../load/loaded-package.ts';
import { chainTables, type LoadPlan } from '../../load/plan.ts';
import { inWords } from '../../load/row-counts.ts';
import type { StoredDataset } from '../../load/stored-dataset.ts';
import { enterDataset, leaveDataset, targetTable } from '../../load/target.ts';
import { areBetween } from '../../load/widening.ts';
import type { PackageInfo, PackageTable } from '../../package/layout.ts';
import { readTables } from '../../package/package-books.ts';
import { LOADS_TABLE } from '../../schema/names.ts';
import { factsOf } from '../../schema/strategies.ts';
import { tellFailures, ViewFailure } from '../made-views.ts';
import { type AttachedKind, duckdbKind } from './attached-kind.ts';
import { changeTable } from './change-table.ts';
import { makeViews } from './dataset-views.ts';
import { loadRows } from './load-rows.ts';
import { readCatalogue } from './read-catalogue.ts';
import { isLoaded, readDataset } from './read-dataset.ts';
import { whyNotRebuilt } from './rebuild-table.ts';
import { giveWayToTables, makeRequestViews } from './request-views.ts';
import { createDataset } from './table-ddl.ts';
import { keepBooks } from './write-books.ts';

export interface LoadOptions {
  /** Name under which the working copy of the destination is attached. */
  readonly target: string;
  readonly dataset: string;
  readonly loadId: string;
  readonly pipelineName: string;
  /** Milliseconds since 1970. */
  readonly now: number;
  /** However many rows are deleted because they did not come. Default `false` */
  readonly allowDelete?: boolean | undefined;
  readonly findings?: Pick<Findings, 'note' | 'warn'>;
  /** Of the configuration. Default none */
  readonly views?: PipelineConfig['pipeline']['views'];
  /** Default: a DuckDB file */
  readonly kind?: AttachedKind | undefined;
  /** An earlier run made the package. Default `false` */
  readonly isRecovered?: boolean | undefined;
  readonly expectations?: LoadExpectations | undefined;
  /** Why rows and types that are there stay as they are: nothing is merged, and columns are only added. Default: they do not */
  readonly onlyAdds?: string;
}

/**
 * Loads the package that is attached as `package` into a working copy of the destination: tables, rows and books, in one
 * transaction. A package that was loaded before is not loaded again, and would give the same keys.
 *
 * @throws PipelineError KeyMissing, ContractViolated, ExpectationFailed (exit 7) for rows that cannot be loaded, DestinationFailed (exit 6) for the rest;
 * the destination is as it was then
 */
export async function loadPackage(connection: Connection, options: LoadOptions): Promise<LoadResult> {
  return telling({ loadId: options.loadId, table: null }, async () => {
    const { info, resources } = await readWholePackage(connection, options.loadId);
    const facts = {
      schemaName: info.schema_name,
      pipelineName: options.pipelineName,
      settings: info.source_settings,
      resources,
      isRecovered: options.isRecovered ?? false,
      destinationType: (options.kind ?? duckdbKind).dltType,
      now: micros(options.now),
    };
    const destination = await readDataset(connection, options.target, { dataset: options.dataset, ...facts });
    const before = await earlierLoad(connection, options, destination);
    if (before !== undefined) return unchanged(before.versionHash);

    const tables = await readTables(connection);
    const base = await loadContext(connection, options, info, tables);
    const { plan, variants, notes } = await decidePlan(base, destination, resources, tables, {
      whyNotRebuilt: async (table) => options.onlyAdds ?? (await whyNotRebuilt(base, table)),
      isBetween: (table, ...which) => areBetween(connection, targetTable(base, table), ...which),
      limitsOf: ({ type }, column) => (type === (options.kind ?? duckdbKind).typeOf(column) ? undefined : { type }),
    });
    if (options.onlyAdds !== undefined) refuseMerges(plan, options.onlyAdds);
    const context = { ...base, variants };
    const { views = {}, findings = silentFindings } = options;
    try {
      const [result, failures] = await connection.transaction(async () => {
        await options.expectations?.before(askedOf(context), destination.tables);
        const counts = await loadChains(context, plan, views);
        const versionHash = await keepBooks(context, plan, destination, facts);
        await makeRequestViews(context, plan, info.request_amounts ?? {});
        if (options.expectations !== undefined) await meet(options.expectations, context, plan);
        const failures = await makeViews(context, views, plan.changes.length > 0);
        const { tallies, gone } = context;
        return [loadResult(plan, { counts, notes, tallies, gone, versionHash }), failures] as const;
      });
      tellFailures(findings, failures);
      return result;
    } catch (error) {
      if (!(error instanceof ViewFailure)) throw error;
      const { [error.view]: _, ...others } = views;
      tellFailures(findings, [error]);
      return await loadPackage(connection, { ...options, views: others });
    } finally {
      await leaveDataset(context);
    }
  });
}

async function loadContext(
  connection: Connection,
  options: LoadOptions,
  info: PackageInfo,
  tables: readonly PackageTable[],
): Promise<LoadContext> {
  return {
    ...(await packageContext(connection, options.loadId, tables)),
    catalog: options.target,
    dataset: options.dataset,
    boundary: micros(info.created_at),
    tallies: new Map(),
    gone: new Map(),
    allowDelete: options.allowDelete ?? false,
    typeOf: (options.kind ?? duckdbKind).typeOf,
  };
}

/** Makes the tables what the plan says and puts the rows in. */
async function loadChains(context: LoadContext, plan: LoadPlan, views: object): Promise<Record<string, number>> {
  const counts: Record<string, number> = {};
  await createDataset(context);
  await enterDataset(context);
  await giveWayToTables(context, plan, views);
  for (const chain of plan.chains) {
    for (const table of chainTables(chain)) {
      await telling({ loadId: context.loadId, table: table.name }, () => changeTable(context, table, context.loadId));
    }
    const doing = { loadId: context.loadId, table: chain.root.name };
    Object.assign(counts, inWords(chain.root.name, await telling(doing, () => loadRows(context, chain))));
  }
  return counts;
}

async function meet(expectations: LoadExpectations, context: LoadContext, { chains }: LoadPlan): Promise<void> {
  const { tables } = await readCatalogue(context.connection, context.catalog, context.dataset);
  await expectations.after(askedOf(context), tables, new Set(chains.map(({ resource }) => resource)));
}

/** A schema file, or a document of dlt's, can say so where the configuration does not. */
function refuseMerges({ chains }: LoadPlan, reason: string): void {
  const merging = chains.find(({ strategy }) => factsOf(strategy).disposition === 'merge');
  if (merging === undefined) return;
  throw new PipelineError({
    code: 'ContractViolated',
    message: `Resource ${merging.resource} cannot be merged: ${reason}.`,
    hint: 'Give it `write_disposition: append` or `replace`, or load into DuckLake, which merges in files, too: `destination: { type: ducklake }`.',
    facts: { resource: merging.resource, table: merging.root.name },
  });
}

async function earlierLoad(
  connection: Connection,
  { target, dataset, loadId }: LoadOptions,
  { tables }: StoredDataset,
) {
  return tables.has(LOADS_TABLE) ? isLoaded(connection, target, dataset, loadId) : undefined;
}

function micros(milliseconds: number): bigint {
  return BigInt(Math.round(milliseconds * 1000));
}
