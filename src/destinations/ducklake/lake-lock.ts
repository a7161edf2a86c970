import type { PipelineConfig } from '../../config/pipeline-config.ts';
import type { Database } from '../../duckdb/database.ts';
import { quotedString } from '../../duckdb/quote.ts';
import { PipelineError } from '../../errors.ts';
import { whilePublishing } from '../attached/publish/destination-lock.ts';
import { waitForLock } from '../attached/publish/lock-wait.ts';
import type { DestinationRun } from '../destination-run.ts';
import { attachCatalogServer } from './attach-lake.ts';
import { lakeError } from './lake-errors.ts';
import { type LakeSettings, lakeLocation } from './lake-kind.ts';

const LOCK = 'lake_lock';

/**
 * Does the work while no other run loads into the dataset. In PostgreSQL the lock is an advisory one of a transaction, which dies with
 * its connection; beside a SQLite file it is that of a DuckDB file.
 *
 * @throws PipelineError DestinationLocked: another run still loads after the wait
 */
export async function whileLoading<T>(
  settings: LakeSettings,
  { publish, dataset_name }: PipelineConfig['pipeline'],
  { database, effects, signal, findings }: DestinationRun,
  work: () => Promise<T>,
): Promise<T> {
  const waiting = { wait: publish.wait, effects, signal, findings };
  const { catalog } = settings;
  if (catalog.type !== 'postgres') return whilePublishing(database, catalog.path, waiting, work);
  const release = await waitForLock(waiting, () => lock(database, settings, dataset_name));
  try {
    return await work();
  } finally {
    await release();
  }
}

async function lock(database: Database, settings: LakeSettings, dataset: string): Promise<() => Promise<void>> {
  await attachCatalogServer(database, settings, LOCK).catch((error: unknown) => {
    throw lakeError(error, settings);
  });
  const connection = await database.connect();
  const release = async () => {
    await connection.run('rollback').catch(() => undefined); // a lost connection has let go of it
    connection.close();
    await database.detach(LOCK);
  };
  try {
    await connection.run('begin transaction');
    const row = await connection.row(`from postgres_query('${LOCK}', ${quotedString(tryLock(settings, dataset))})`);
    if (row?.got === true) return release;
    throw beingLoaded(settings, dataset);
  } catch (error) {
    await release();
    throw lakeError(error, settings);
  }
}

function tryLock({ metadata_schema }: LakeSettings, dataset: string): string {
  const name = quotedString(`dezgo-elt ${metadata_schema}.${dataset}`);
  return `select pg_try_advisory_xact_lock(hashtextextended(${name}, 0)) as got`;
}

function beingLoaded(settings: LakeSettings, dataset: string): PipelineError {
  const location = lakeLocation(settings);
  return new PipelineError({
    code: 'DestinationLocked',
    message: `Another run is loading into the dataset ${dataset} of ${location}.`,
    hint: 'Run again when it has finished.',
    facts: { location, dataset },
  });
}
