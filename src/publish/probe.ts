import { stat } from 'node:fs/promises';
import type { Database } from '../duckdb/database.ts';
import { fileError, inUseHere, lockHolder } from '../duckdb/file-errors.ts';
import { tryHoldFile } from '../duckdb/held-files.ts';
import { absentIsUndefined } from './file-state.ts';
import { type Waiting, waitForLock } from './lock-wait.ts';

const PROBE = 'probe';

export interface Probing extends Waiting {
  /** `swap`: publish although another process has the file open for writing; what it commits afterwards is lost. */
  readonly onWriter: 'wait' | 'swap';
}

/**
 * Waits until the file can be opened read-only, that is, nobody has it open for writing, and then does `work` while nothing else
 * in this process uses the file: reading it through `fs` would drop the lock of whoever does. No file is fine.
 *
 * @throws PipelineError DestinationLocked: somebody still has it after the wait.
 * @throws PipelineError DestinationTooNew, DestinationUnreadable, DestinationFailed: it is not a file to publish into.
 */
export async function whileUnwritten<T>(
  database: Database,
  path: string,
  probing: Probing,
  work: () => Promise<T>,
): Promise<T> {
  const release = await waitForLock(probing, () => holdUnwritten(database, path, probing.onWriter));
  try {
    return await work();
  } finally {
    release();
  }
}

/** Waits until nobody has the file open for writing. */
export async function probe(database: Database, path: string, probing: Probing): Promise<void> {
  await whileUnwritten(database, path, probing, async () => undefined);
}

async function holdUnwritten(database: Database, path: string, onWriter: Probing['onWriter']) {
  const release = tryHoldFile(path);
  if (release === undefined) throw inUseHere(path);
  try {
    await openReadOnly(database, path, onWriter);
    return release;
  } catch (error) {
    release();
    throw error;
  }
}

async function openReadOnly(database: Database, path: string, onWriter: Probing['onWriter']): Promise<void> {
  try {
    if ((await stat(path).catch(absentIsUndefined)) === undefined) return;
    await database.attach(path, PROBE, { readOnly: true });
    await database.detach(PROBE);
  } catch (error) {
    if (onWriter === 'swap' && lockHolder(error) !== undefined) return;
    throw fileError(error, path);
  }
}
