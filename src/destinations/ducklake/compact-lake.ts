import type { PipelineConfig } from '../../config/pipeline-config.ts';
import type { Connection } from '../../duckdb/connection.ts';
import type { Database } from '../../duckdb/database.ts';
import { regularFile } from '../../duckdb/regular-file.ts';
import { publishInto } from '../attached/publish/publish-into.ts';
import type { CompactChoices, Compaction } from '../destination.ts';
import type { DestinationRun } from '../destination-run.ts';
import { attachLake, lakeFile, prepareLake } from './attach-lake.ts';
import { foreignFile } from './foreign-file.ts';
import { lakeError } from './lake-errors.ts';
import type { LakeSettings } from './lake-kind.ts';
import { whileLoading } from './lake-lock.ts';
import {
  cleanUpFiles,
  dataFiles,
  datasetsOf,
  deleteOrphans,
  expireSnapshots,
  mergeFiles,
  oldSnapshots,
  orphans,
} from './lake-maintenance.ts';

/** Another run may be writing files that no catalogue has yet. */
const LONGEST_LOAD_MS = 24 * 3_600_000;
const TARGET = 'target';

type Lake = (work: (connection: Connection, alias: string) => Promise<void>) => Promise<void>;

/**
 * Merges files and expires snapshots; when that is published, deletes the files that no snapshot needs any more, and those of loads
 * that came to nothing. Killed in between, it leaves files for the next time.
 */
export async function compactLake(
  settings: LakeSettings,
  pipeline: PipelineConfig['pipeline'],
  run: DestinationRun,
  { id, keep, olderThan }: CompactChoices,
): Promise<Compaction> {
  const none = { files: 0, bytes: 0 };
  const done = { before: none, after: none, expiredSnapshots: 0, deletedFiles: 0 };
  await prepareLake(run.database, settings);
  const { catalog } = settings;
  if (catalog.type !== 'postgres' && regularFile(catalog.path) === undefined) return done;
  const changing =
    catalog.type === 'duckdb' ? changingFile(settings, pipeline, run, id) : changingShared(settings, pipeline, run);
  await changing(async (connection, alias) => {
    done.before = await dataFiles(connection, alias);
    await mergeFiles(connection, alias);
    const old = await oldSnapshots(connection, alias, { keep, before: micros(run.effects.now() - olderThan) });
    await expireSnapshots(connection, alias, old);
    done.expiredSnapshots = old.length;
    done.after = await dataFiles(connection, alias);
  });
  await changing(async (connection, alias) => {
    const now = run.effects.now(); // what the first part made needless is older than that
    const unneeded = await cleanUpFiles(connection, alias, micros(now - olderThan));
    const old = micros(now - Math.max(olderThan, LONGEST_LOAD_MS));
    const found = await orphans(connection, alias, old);
    const datasets = await datasetsOf(connection, alias);
    const foreign = foreignFile(found, datasets);
    if (foreign !== undefined) run.findings.warn(isShared(foreign, found.length));
    const gone = foreign === undefined ? await deleteOrphans(connection, alias, old) : [];
    done.deletedFiles += unneeded.length + gone.length;
  });
  return done;
}

// --- internal ---

function isShared(path: string, count: number): string {
  return `The folder of the lake's data has files of somebody else, such as ${path}: ${count} that the catalogue does not have were left alone. Give every lake a \`data_path\` of its own.`;
}

function changingFile(
  settings: LakeSettings,
  { publish }: PipelineConfig['pipeline'],
  { database, effects, signal, findings }: DestinationRun,
  loadId: string,
): Lake {
  const { path } = settings.catalog.type === 'postgres' ? { path: '' } : settings.catalog;
  const options = { database, path, loadId, publish, catalogue: lakeFile(settings), effects, signal, findings };
  return async (work) => {
    await publishInto(options, (alias) => connected(database, (connection) => work(connection, alias)));
  };
}

function changingShared(settings: LakeSettings, pipeline: PipelineConfig['pipeline'], run: DestinationRun): Lake {
  const { database } = run;
  return (work) =>
    whileLoading(settings, pipeline, run, async () => {
      await attachLake(database, settings, TARGET).catch((error: unknown) => {
        throw lakeError(error, settings);
      });
      try {
        await connected(database, (connection) => work(connection, TARGET));
      } finally {
        await database.detach(TARGET);
      }
    });
}

async function connected(database: Database, work: (connection: Connection) => Promise<void>): Promise<void> {
  const connection = await database.connect();
  try {
    await work(connection);
  } finally {
    connection.close();
  }
}

function micros(milliseconds: number): bigint {
  return BigInt(Math.round(milliseconds * 1000));
}
