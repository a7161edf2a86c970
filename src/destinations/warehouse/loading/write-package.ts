import { asPipelineError } from '../../../errors.ts';
import { decidePlan } from '../../../load/decide-plan.ts';
import { telling } from '../../../load/load-errors.ts';
import { type LoadResult, loadResult } from '../../../load/load-result.ts';
import { packageContext, readWholePackage } from '../../../load/loaded-package.ts';
import { nextSchema } from '../../../load/next-schema.ts';
import { nextState } from '../../../load/pipeline-state.ts';
import { chainTables, type LoadPlan } from '../../../load/plan.ts';
import { inWords } from '../../../load/row-counts.ts';
import { fragment } from '../../../load/staging/sql-fragment.ts';
import type { DatasetNames, StoredDataset } from '../../../load/stored-dataset.ts';
import { isReadToLoad, type PackageInfo, type PackageResource } from '../../../package/layout.ts';
import { readTables } from '../../../package/package-books.ts';
import { tellFailures } from '../../made-views.ts';
import { allAtOnce } from '../at-once.ts';
import { limitsOf } from '../column-limits.ts';
import { readServerCatalogue } from '../server-catalogue.ts';
import type { Server } from '../server-dataset.ts';
import { giveWayToServerTables, makeServerRequestViews, makeServerViews } from '../server-views.ts';
import { forgetBegunLoad } from './begun-load.ts';
import { carriedPlan, loadPackageRows } from './load-package-rows.ts';
import { LoadScript } from './load-script.ts';
import { countNuls, nulNotes, withoutNuls } from './nul-characters.ts';
import type { PackageLoad } from './package-load.ts';
import { createServerBooks, writeChanges, writeLoad, writeState, writeTallies, writeVersion } from './server-books.ts';
import type { ServerLoad } from './server-load.ts';
import { addRejected, shapeRejected } from './server-rejected.ts';
import { shapeTable, whyNotChanged } from './shape-table.ts';

interface Writing extends PackageLoad {
  readonly server: Server;
  readonly names: DatasetNames;
  readonly stored: StoredDataset;
  /** Begins the transaction of the rows, where tables are not part of it. */
  readonly begin: () => Promise<void>;
}

/** Tables, rows and books of a package that is not there yet. Who calls commits. */
export async function writePackage(writing: Writing): Promise<LoadResult> {
  const { connection, loadId, server, names, stored, expectations, isRecovered } = writing;
  return telling({ loadId, table: null }, async () => {
    const { info, resources } = await readWholePackage(connection, loadId);
    const { load, plan, notes } = await planned(writing, info, resources);
    const asked = writing.asked(server.transport);
    await expectations?.before(asked, stored.tables);
    const isStepwise = server.dialect.atomic === 'statement';
    // Of a package that is new nothing can be there: a question to every table less.
    if (isStepwise && isRecovered) await forgetBegunLoad(load, plan, (table) => stored.tables.has(table.toLowerCase()));
    await giveWayToServerTables(server, names.dataset, plan, writing.views);
    const hasRejected = await shapeAll(load, plan, stored, writing.createIndexes);
    const counts = await loadPackageRows(load, plan);
    if (hasRejected) await addRejected(load);
    await makeViews(writing, info, plan);
    // Before the transaction, in which some engines do not tell of tables.
    const shaped = expectations && (await readServerCatalogue(server.transport, server.dialect, names.dataset)).tables;
    const expectLoaded = async () => {
      if (shaped !== undefined)
        await expectations?.after(asked, shaped, new Set(plan.chains.map(({ resource }) => resource)));
    };
    await writing.begin();
    await load.script
      .finish()
      .then(isStepwise ? expectLoaded : undefined)
      .catch((error: unknown) => takeBack(load, plan, stored, error));
    const versionHash = await keepServerBooks(writing, load, plan, info, resources);
    if (!isStepwise) await expectLoaded();
    return loadResult(plan, {
      counts: { ...counts, ...refusedRows(load) },
      notes,
      tallies: load.tallies,
      gone: load.gone,
      versionHash,
    });
  });
}

/** Of a load that is refused, the rows that it added go where no transaction takes them back: it is not repeated. One that broke off is. */
async function takeBack(load: ServerLoad, plan: LoadPlan, { tables }: StoredDataset, why: unknown): Promise<never> {
  if (load.server.dialect.atomic !== 'statement' || asPipelineError(why).exitCode !== 7) throw why;
  const made = new Set(plan.chains.flatMap(chainTables).map(({ name }) => name));
  await forgetBegunLoad(load, plan, (table) => tables.has(table.toLowerCase()) || made.has(table));
  throw why;
}

function refusedRows({ refused }: ServerLoad): Record<string, number> {
  return Object.assign({}, ...[...refused].map(([table, rows]) => inWords(table, { refused: rows })));
}

/** Their tables have their columns by now. Before the transaction of the rows, which a view would end. */
async function makeViews(
  { server, names, views, findings }: Writing,
  info: PackageInfo,
  plan: LoadPlan,
): Promise<void> {
  await makeServerRequestViews(server, names.dataset, plan, info.request_amounts ?? {});
  tellFailures(findings, await makeServerViews(server, names.dataset, views, plan.changes.length > 0));
}

async function planned(
  { connection, loadId, server, names, stored, allowDelete }: Writing,
  info: PackageInfo,
  resources: readonly PackageResource[],
): Promise<{ load: ServerLoad; plan: LoadPlan; notes: readonly string[] }> {
  const tables = await readTables(connection);
  const { engine, refusesNul } = server.dialect;
  const raw = await packageContext(connection, loadId, tables);
  const nuls = refusesNul ? await countNuls(connection, tables, raw.packageColumns) : new Map<string, number>();
  const context = { ...raw, cleaned: withoutNuls(nuls, tables, raw.packageColumns) };
  const { plan, variants, notes } = await decidePlan(context, stored, resources, tables, {
    whyNotRebuilt: (table) => whyNotChanged(server, names.dataset, table),
    isBetween: (table, column, least, most) => isBetween(server, names.dataset, stored, { table, column, least, most }),
    limitsOf: (actual, column) => limitsOf(server.dialect, actual, column),
  });
  let labels = 0;
  const load: ServerLoad = {
    ...{ ...context, variants, server, allowDelete },
    dataset: names.dataset,
    boundary: BigInt(Math.round(info.created_at * 1000)),
    script: new LoadScript(server),
    label: (what) => `${++labels}_${what}`,
    tallies: new Map(),
    gone: new Map(),
    refused: new Map(),
  };
  return { load, plan: carriedPlan(plan, server.dialect), notes: [...notes, ...nulNotes(nuls, engine)] };
}

/** Answers whether there are rejected rows, for which there is a table now. */
async function shapeAll(
  load: ServerLoad,
  { chains }: LoadPlan,
  { exists, tables }: StoredDataset,
  isIndexed: boolean,
): Promise<boolean> {
  const { server, dataset } = load;
  // Also with `if not exists` it takes the right to make one.
  if (!exists) await server.transport.execute(fragment(server.dialect.createDataset(dataset)));
  await createServerBooks(server, dataset, tables);
  const shaped = chains.map((chain) => async () => {
    for (const table of chainTables(chain)) await shapeTable(load, table, isIndexed);
  });
  await allAtOnce(shaped, server.transport.atOnce);
  return shapeRejected(load, tables);
}

interface Range {
  readonly table: string;
  readonly column: string;
  readonly least: bigint;
  readonly most: bigint;
}

async function isBetween(
  { transport, dialect }: Server,
  dataset: string,
  { tables }: StoredDataset,
  { table, column, least, most }: Range,
): Promise<boolean> {
  const actual = tables.get(table.toLowerCase());
  const name = dialect.identifier(actual?.columns.get(column.toLowerCase())?.name ?? column);
  const [row] = await transport.rows(
    fragment(
      `select sum(case when ${name} between ${least} and ${most} then 0 when ${name} is null then 0 else 1 end) as beyond
       from ${dialect.relation(dataset, actual?.name ?? table)}`,
    ),
  );
  return Number(row?.beyond ?? 0) === 0;
}

async function keepServerBooks(
  { server, names, stored, isRecovered, now, loadId }: Writing,
  { tallies }: ServerLoad,
  plan: LoadPlan,
  info: PackageInfo,
  resources: readonly PackageResource[],
): Promise<string> {
  const { dataset, pipelineName } = names;
  const schemaName = info.schema_name;
  const target = { server, dataset, loadId, now: BigInt(Math.round(now * 1000)) };
  const tables = plan.chains.flatMap(chainTables).map((table) => table.schema);
  const schema = nextSchema(stored.stored, schemaName, tables, info.source_settings);
  if (schema.version_hash !== stored.stored?.version_hash) await writeVersion(target, schema);
  const state = nextState(stored.state, {
    ...{ pipelineName, dataset, schemaName, isRecovered, destinationType: server.dialect.dltType },
    resources: resources.filter(isReadToLoad),
  });
  if (state !== undefined) await writeState(target, pipelineName, state);
  await writeChanges(target, plan.changes);
  await writeTallies(target, tallies);
  await writeLoad(target, schemaName, schema.version_hash);
  return schema.version_hash;
}
