import { asPipelineError, PipelineError } from '../errors.ts';
import { loadPackage } from '../load/load-package.ts';
import type { LoadResult } from '../load/load-result.ts';
import { totalRows } from '../package/layout.ts';
import { publishInto } from '../publish/publish-into.ts';
import { count } from '../report/count.ts';
import { detachPackage, notLoaded, type PackageContents, setPackageAside, withConnection } from './attached-package.ts';
import type { Run } from './run.ts';

/**
 * Loads the attached package into the destination and publishes it. Afterwards the package is detached: in `loaded/` when it
 * went well, in `rejected/` when a contract or key refused it, pending otherwise.
 */
export async function publishPackage(
  run: Run,
  { info, tables }: Pick<PackageContents, 'info' | 'tables'>,
  recovered: boolean,
): Promise<void> {
  const { pipeline } = run.config;
  const startedAt = run.effects.now();
  run.effects.log.progress(`loading package ${info.load_id}: ${count(totalRows(tables), 'row')}`);
  try {
    const { result } = await publishInto(
      {
        database: run.database,
        path: pipeline.destination.path,
        loadId: info.load_id,
        publish: pipeline.publish,
        effects: run.effects,
        onNote: (text) => run.trace.note(text),
        ...(run.signal === undefined ? {} : { signal: run.signal }),
      },
      (catalog) => loadWithEnoughMemory(run, catalog, info.load_id),
    );
    run.trace.loadMilliseconds += run.effects.now() - startedAt;
    run.trace.published = true;
    for (const [what, times] of Object.entries(result.counts)) run.trace.count(what, times);
    for (const note of result.notes) run.trace.note(note);
    for (const table of result.emptied) run.trace.note(`${table} is empty now: \`replace\` got no records.`);
    const order = tableOrder(run, tables);
    const nullOnly = new Map(tables.map((table) => [table.schema.name, table.nullOnly]));
    run.trace.packages.push({
      loadId: info.load_id,
      state: result.loaded ? 'loaded' : 'unchanged',
      tables: result.tables
        .map((table) => ({ ...table, nullOnly: nullOnly.get(table.name) ?? [] }))
        .sort((a, b) => order(a.name) - order(b.name)),
      schemaChanges: result.changes,
      recovered,
    });
  } catch (thrown) {
    const refused = asPipelineError(thrown).exitCode === 7;
    await detachPackage(run);
    if (refused) await setPackageAside(run, info.load_id);
    run.trace.packages.push(notLoaded(info.load_id, refused ? 'rejected' : 'pending', recovered));
    throw thrown;
  }
  await detachPackage(run);
  await run.packages.moveToLoaded(info.load_id, pipeline.keep_packages);
}

/** Tables wider, or merges larger, than the memory limit foresees: once more with what the machine has. */
async function loadWithEnoughMemory(run: Run, catalog: string, loadId: string): Promise<LoadResult> {
  try {
    return await load(run, catalog, loadId);
  } catch (thrown) {
    if (!isOutOfMemory(thrown)) throw thrown;
    await run.database.limitMemory(undefined);
    return await load(run, catalog, loadId);
  }
}

function isOutOfMemory(thrown: unknown): boolean {
  return thrown instanceof PipelineError && String(thrown.facts.duckdb).startsWith('Out of Memory Error');
}

async function load(run: Run, catalog: string, loadId: string): Promise<LoadResult> {
  await run.database.prepareFor('publishing');
  const { pipeline } = run.config;
  const options = {
    target: catalog,
    dataset: pipeline.dataset_name,
    loadId,
    pipelineName: pipeline.name,
    replaceStrategy: pipeline.destination.replace_strategy,
    now: run.effects.now(),
  };
  try {
    return await withConnection(run, (connection) => loadPackage(connection, options));
  } finally {
    await run.database.prepareFor('extracting');
  }
}

/** Tables as the configuration lists their resources, nested ones after their root. */
function tableOrder(run: Run, tables: PackageContents['tables']): (table: string) => number {
  const resources = run.config.source.resources.map(({ name }) => name);
  const places = new Map(tables.map((table) => [table.schema.name, resources.indexOf(table.resource)]));
  return (table) => places.get(table) ?? resources.length;
}
