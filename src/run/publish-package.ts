import { memoryFor, type TableSize } from '../duckdb/memory-limit.ts';
import { isOutOfMemory } from '../duckdb/out-of-memory.ts';
import { asPipelineError } from '../errors.ts';
import { type PackageTable, totalRows } from '../package/layout.ts';
import { REQUESTS_TABLE } from '../schema/names.ts';
import { count } from '../text/count.ts';
import type { PackageTrace } from '../trace.ts';
import { detachPackage, notLoaded, type PackageContents, setPackageAside } from './attached-package.ts';
import { rememberLoad } from './known-replies.ts';
import type { Run } from './open-run.ts';
import { paidIn } from './paid-left.ts';

/** For more values, and bytes of long texts, DuckDB's usual blocks are better: see `AttachOptions.isSmall`. */
const FEW_VALUES = 50_000;
const SHORT_TEXTS = 1e6;

/**
 * Loads the attached package into the destination and publishes it. Afterwards the package is detached: in `loaded/` when it
 * went well, in `rejected/` when a contract or key refused it, pending otherwise.
 */
export async function publishPackage(
  run: Run,
  { info, tables, resources }: PackageContents,
  recovered: boolean,
): Promise<void> {
  const { pipeline } = run.config;
  const startedAt = run.effects.now();
  run.effects.log.progress(`loading package ${info.load_id}: ${count(totalRows(tables), 'row')}`);
  try {
    await run.database.allowMemory(memoryFor(tables.map(sizeOf)));
    const how = { isRecovered: recovered, isSmall: isSmall(tables) };
    await run.database.allowThreadsFor({ rows: totalRows(tables) });
    const result = await withEnoughMemory(run, () => run.destination.load(info.load_id, how));
    run.trace.loadMilliseconds += run.effects.now() - startedAt;
    run.trace.published = true;
    rememberLoad(run, { info, resources }, result.loaded ? result.states : undefined);
    for (const [what, times] of Object.entries(result.counts)) run.trace.count(what, times);
    for (const note of result.notes) run.trace.note(note);
    for (const table of result.emptied) run.trace.note(`${table} is empty now: \`replace\` got no records.`);
    const order = tableOrder(run, tables);
    const nullOnly = new Map(tables.map((table) => [table.schema.name, table.nullOnly]));
    run.trace.package({
      loadId: info.load_id,
      state: result.loaded ? 'loaded' : 'unchanged',
      tables: result.tables
        .map((table) => ({ ...table, nullOnly: nullOnly.get(table.name) ?? [] }))
        .sort((a, b) => order(a.name) - order(b.name)),
      schemaChanges: result.changes,
      complete: true,
      recovered,
      ...whatWasExpected(run),
    });
  } catch (thrown) {
    const refused = asPipelineError(thrown).exitCode === 7;
    if (refused) run.paid.giveBack(paidReplies(run, resources));
    await detachPackage(run);
    if (refused) await setPackageAside(run, info.load_id, thrown);
    else run.packages.tellFailure(info.load_id, run.trace.reasonOf(thrown));
    const how = { complete: true, recovered, ...whatWasExpected(run) };
    run.trace.package(notLoaded(info.load_id, refused ? 'rejected' : 'pending', how));
    throw thrown;
  }
  await run.paid.remove(paidReplies(run, resources));
  await detachPackage(run);
  await run.packages.moveToLoaded(info.load_id, pipeline.keep_packages);
}

function whatWasExpected({ expectations, trace }: Run): Pick<PackageTrace, 'expectations'> {
  const results = expectations?.takeResults() ?? [];
  return results.length === 0 ? {} : { expectations: trace.expected(results) };
}

/**
 * Merges larger than the memory limit foresees, checkpoints of what was there before: once more with what the machine has. From
 * a fresh copy, because a catalog whose transaction ran out of memory takes no second one with the same tables.
 */
async function withEnoughMemory<T>(run: Run, work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (thrown) {
    if (!isOutOfMemory(thrown)) throw thrown;
    await run.database.allowAllMemory();
    return await work();
  }
}

function isSmall(tables: PackageContents['tables']): boolean {
  const values = tables.reduce((sum, { schema, rows }) => sum + rows * Object.keys(schema.columns).length, 0);
  return values <= FEW_VALUES && tables.every(({ longText = 0 }) => longText <= SHORT_TEXTS);
}

/** Those whose rows the package has. */
function paidReplies(run: Run, resources: PackageContents['resources']): string[] {
  return run.paid.isEmpty ? [] : paidIn(resources);
}

function sizeOf({ schema, longText = 0 }: PackageTable): TableSize {
  return { columns: Object.keys(schema.columns).length, longText };
}

/** Tables as the configuration lists their resources, nested ones after their root. */
function tableOrder(run: Run, tables: PackageContents['tables']): (table: string) => number {
  const resources = [...run.config.source.resources.map(({ name }) => name), REQUESTS_TABLE];
  const places = new Map(tables.map((table) => [table.schema.name, resources.indexOf(table.resource)]));
  return (table) => places.get(table) ?? resources.length;
}
