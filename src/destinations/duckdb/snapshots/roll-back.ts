import type { PipelineConfig } from '../../../config/pipeline-config.ts';
import type { Connection } from '../../../duckdb/connection.ts';
import type { Database } from '../../../duckdb/database.ts';
import { realFilePath } from '../../../duckdb/held-files.ts';
import { isOutOfMemory } from '../../../duckdb/out-of-memory.ts';
import { PipelineError } from '../../../errors.ts';
import { spillFolder } from '../../../files/working-folder.ts';
import type { Snapshot } from '../../../load/snapshot.ts';
import { whilePublishing } from '../../attached/publish/destination-lock.ts';
import { publishInto } from '../../attached/publish/publish-into.ts';
import { readLive } from '../../attached/publish/read-live.ts';
import type { DestinationRun } from '../../destination-run.ts';
import type { Rollback, RolledBack } from '../../kept-snapshots.ts';
import { type DatasetFacts, describeDataset } from './describe-dataset.ts';
import { readEveryValue } from './every-value.ts';
import { changedSchemas, otherSchemas, type SchemaMarks } from './other-datasets.ts';
import { type RollbackRow, readRollbacks, writeRollbacks } from './rollback-book.ts';
import { SnapshotDraft } from './snapshot-draft.ts';
import { damagedSnapshot, othersWouldChange, snapshotMissing, unreadableLive } from './snapshot-errors.ts';
import { SnapshotFolder } from './snapshot-folder.ts';

export interface RollbackPlace {
  /** The live file as the configuration names it. */
  readonly path: string;
  readonly pipeline: PipelineConfig['pipeline'];
}

/** What the live file holds before; undefined: there is none. */
type LiveFacts = { facts: DatasetFacts | undefined; rollbacks: RollbackRow[]; others: SchemaMarks } | undefined;

/** See `Snapshots.rollBack`. Takes the way of a load: a working copy, of the snapshot, gets the books and takes the live file's place. */
export async function rollBack(
  { path, pipeline }: RollbackPlace,
  run: DestinationRun,
  what: Rollback,
): Promise<RolledBack> {
  const { database, effects, signal, findings } = run;
  const { dataset_name: dataset, name, working_dir } = pipeline;
  const live = realFilePath(path);
  const folder = new SnapshotFolder(live);
  const publish = { ...pipeline.publish, mode: 'swap', on_writer: 'wait' } as const;
  const sharing = { database, path, publish, effects, signal, findings };
  await whilePublishing(database, live, { wait: publish.wait, effects, signal, findings }, () => folder.settle());
  const own = (await folder.list()).filter((snapshot) => snapshot.dataset === dataset);
  const to = chosen(own, what.id, folder.path);
  const now = await readLive({ ...sharing, workingDir: spillFolder(working_dir) }, (catalog) =>
    withConnection(database, (connection) => liveFacts(connection, catalog, dataset)),
  ).catch((error: unknown) => {
    throw unreadableLive(error, live);
  });

  const known = [...own.flatMap(({ loadId, replacedBy }) => [loadId, replacedBy]), ...idsOf(now)];
  const rollbackId = what.rollbackId(known);
  const from = now?.facts?.loadId ?? null;
  const row = { id: rollbackId, at: BigInt(Math.round(effects.now() * 1000)), from, to: to.loadId };
  const keep = pipeline.publish.snapshots?.keep ?? Number.POSITIVE_INFINITY;
  const snapshot = new SnapshotDraft({
    ...{ live, replacedBy: rollbackId, pipeline: name, dataset, now: effects.now, findings },
    ...{ keep: keep + 1, isRequired: true, isWritten: false }, // the one that is put back goes
  });
  if (now !== undefined) snapshot.describe(now.facts ?? { loadId: rollbackId, loadedAt: null, tables: {} });
  await publishInto({ ...sharing, loadId: rollbackId, snapshot, from: to.file }, (catalog) =>
    withConnection(database, async (connection) => {
      await requireWhole(connection, catalog, dataset, to);
      if (what.wholeFile !== true) requireOthersStay(now?.others, await otherSchemas(connection, catalog, dataset), to);
      await connection.transaction(() =>
        writeRollbacks(connection, catalog, dataset, [...(now?.rollbacks ?? []), row]),
      );
    }),
  );
  await folder.remove(to.id);
  const kept = (await folder.list()).find(({ id }) => id === snapshot.keptAs);
  return { rollbackId, from, to, kept };
}

// --- internal ---

function chosen<One extends Snapshot>(own: readonly One[], id: string | undefined, folder: string): One {
  const found = id === undefined ? own[0] : (own.find((one) => one.id === id) ?? own.find((one) => one.loadId === id));
  if (found === undefined) throw snapshotMissing(id, own, folder);
  return found;
}

async function liveFacts(connection: Connection, catalog: string, dataset: string): Promise<NonNullable<LiveFacts>> {
  return {
    facts: await describeDataset(connection, catalog, dataset),
    rollbacks: await readRollbacks(connection, catalog, dataset),
    others: await otherSchemas(connection, catalog, dataset),
  };
}

function idsOf(live: LiveFacts): string[] {
  return [...(live?.facts === undefined ? [] : [live.facts.loadId]), ...(live?.rollbacks ?? []).map(({ id }) => id)];
}

async function requireWhole(connection: Connection, catalog: string, dataset: string, to: Snapshot): Promise<void> {
  const reading = async () => {
    await readEveryValue(connection, catalog);
    return describeDataset(connection, catalog, dataset);
  };
  const found = await reading().catch((error: unknown) => {
    throw error instanceof PipelineError || isOutOfMemory(error) ? error : damagedSnapshot(to, error);
  });
  const isSame = Object.entries(to.tables).every(([table, rows]) => found?.tables[table] === rows);
  if (found?.loadId !== to.loadId || !isSame) throw damagedSnapshot(to);
}

function requireOthersStay(now: SchemaMarks | undefined, then: SchemaMarks, to: Snapshot): void {
  const changed = now === undefined ? [] : changedSchemas(now, then);
  if (changed.length > 0) throw othersWouldChange(changed, to);
}

async function withConnection<T>(database: Database, work: (connection: Connection) => Promise<T>): Promise<T> {
  const connection = await database.connect();
  try {
    return await work(connection);
  } finally {
    connection.close();
  }
}
