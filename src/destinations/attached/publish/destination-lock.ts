import { rm } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import type { Database } from '../../../duckdb/database.ts';
import { fileError, lockHolder } from '../../../duckdb/file-errors.ts';
import { tryHoldFile } from '../../../duckdb/held-files.ts';
import { regularFile } from '../../../duckdb/regular-file.ts';
import { PipelineError } from '../../../errors.ts';
import { fileTag } from './file-state.ts';
import { type Waiting, waitForLock } from './lock-wait.ts';

const LOCK = 'destination_lock';
const TRIES = 5;

/** `.<file>.lock`, beside the destination: there only while a run publishes, or was killed while it did. */
function lockPath(destination: string): string {
  return join(dirname(destination), `.${basename(destination)}.lock`);
}

/**
 * Does `work` while no other run publishes into the destination, whatever its working folder is. The lock is DuckDB's own, on an
 * empty DuckDB file, because that dies with its process.
 *
 * @throws PipelineError DestinationLocked: another run still publishes after the wait.
 * @throws PipelineError DestinationFailed: nothing can be made in the folder.
 */
export async function whilePublishing<T>(
  database: Database,
  destination: string,
  waiting: Waiting,
  work: () => Promise<T>,
): Promise<T> {
  const release = await waitForLock(waiting, () => lock(database, destination));
  try {
    return await work();
  } finally {
    await release();
  }
}

async function lock(database: Database, destination: string): Promise<() => Promise<void>> {
  const path = lockPath(destination);
  const release = tryHoldFile(path);
  if (release === undefined) throw beingPublished(destination, 'Another run of this process', null);
  try {
    await attach(database, destination, path);
  } catch (error) {
    release();
    throw error;
  }
  return async () => {
    await rm(path, { force: true }).catch(() => undefined); // one that stays locks nobody out
    await database.detach(LOCK).finally(release);
  };
}

/** Who locks a file that its owner has just removed holds nothing: the path has to lead to the same file before and after. */
async function attach(database: Database, destination: string, path: string): Promise<void> {
  for (let tries = 1; ; tries += 1) {
    const found = regularFile(path);
    const before = await fileTag(path);
    const failure = await database.attach(path, LOCK).catch((error: unknown) => error ?? path);
    if (failure !== undefined) {
      const holder = lockHolder(failure);
      if (holder !== undefined) throw beingPublished(destination, holder.name, holder.pid);
      const error = fileError(failure, found === undefined ? destination : path);
      if (error.code !== 'DestinationUnreadable' || tries === TRIES) throw error;
      await rm(path, { force: true }); // of a run that was killed while it made the lock
      continue;
    }
    if (before === (await fileTag(path))) return;
    await database.detach(LOCK);
  }
}

function beingPublished(destination: string, holder: string, pid: number | null): PipelineError {
  return new PipelineError({
    code: 'DestinationLocked',
    message: `${holder} is publishing into ${destination}.`,
    hint: 'Run again when it has finished.',
    facts: { path: destination, holder, pid },
  });
}
