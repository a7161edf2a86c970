import { basename, join } from 'node:path';
import { fileError, inUseHere, lockHolder, openFileError } from '../../../duckdb/file-errors.ts';
import { type Hold, type Release, realFilePath, tryHoldFile } from '../../../duckdb/held-files.ts';
import { regularFile } from '../../../duckdb/regular-file.ts';
import { plainFile } from './catalogue-file.ts';
import { copyDatabaseFile } from './copy-file.ts';
import { requirePublishable } from './destination-checks.ts';
import { whilePublishing } from './destination-lock.ts';
import { removeWithWals } from './leftovers.ts';
import { waitForLock } from './lock-wait.ts';
import type { PublishOptions } from './publish-into.ts';
import { settleBeside } from './settle-replaced.ts';

const LIVE = 'live';

export interface ReadLiveOptions extends Omit<PublishOptions, 'loadId'> {
  /** Where a copy may be made. */
  readonly workingDir: string;
}

/**
 * Reads the live file before a run, in the run's own DuckDB: `work` is told the catalog. Undefined without a file. Before
 * anything is asked of the source it is made sure that a load can be published: what the source answers may cost money. A writer is
 * treated as when publishing: waited for, or with `on_writer: swap` left alone, and a copy is read.
 *
 * @throws PipelineError DestinationLocked, DestinationTooNew, DestinationUnreadable, DestinationFailed
 */
export async function readLive<T>(
  options: ReadLiveOptions,
  work: (catalog: string) => Promise<T>,
): Promise<T | undefined> {
  const { database, publish, effects, signal, findings } = options;
  const path = realFilePath(options.path);
  const waiting = { wait: publish.wait, effects, signal, findings };
  await requirePublishable(path, options.path);
  await settleBeside({ database, destination: path, findings }, (work) =>
    whilePublishing(database, path, waiting, work),
  );
  if (regularFile(path) === undefined) return undefined;

  const close = await waitForLock(waiting, () => openLive(options, path));
  try {
    return await work(LIVE).catch((error: unknown) => {
      throw openFileError(error, path) ?? error;
    });
  } finally {
    await close();
  }
}

async function openLive(options: ReadLiveOptions, path: string): Promise<() => Promise<void>> {
  const { database, publish, catalogue = plainFile } = options;
  const release = hold(path, 'shared');
  try {
    await catalogue.attach(database, path, LIVE, { readOnly: true });
  } catch (error) {
    release();
    if (publish.on_writer === 'swap' && lockHolder(error) !== undefined) return openCopy(options, path);
    throw fileError(error, path);
  }
  return async () => {
    await database.detach(LIVE).finally(release);
  };
}

async function openCopy(
  { database, workingDir, catalogue = plainFile }: ReadLiveOptions,
  path: string,
): Promise<() => Promise<void>> {
  const copy = join(workingDir, `${basename(path)}.reading`); // never the live file's own name, also in its folder
  const release = hold(path, 'exclusive');
  try {
    await copyDatabaseFile(path, copy);
    await catalogue.attach(database, copy, LIVE, { readOnly: true });
  } catch (error) {
    await removeWithWals(copy);
    throw fileError(error, path);
  } finally {
    release();
  }
  return async () => {
    await database.detach(LIVE).finally(() => removeWithWals(copy));
  };
}

function hold(path: string, how: Hold): Release {
  const release = tryHoldFile(path, how);
  if (release === undefined) throw inUseHere(path);
  return release;
}
