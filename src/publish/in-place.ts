import { stat } from 'node:fs/promises';
import { fileError, inUseHere } from '../duckdb/file-errors.ts';
import { type Release, tryHoldFile } from '../duckdb/held-files.ts';
import { absentIsUndefined } from './file-state.ts';
import { removeLeftovers, removeWithWals } from './leftovers.ts';
import { type Load, loadIntoTarget, TARGET } from './load-into.ts';
import { type Waiting, waitForLock } from './lock-wait.ts';
import { recoverWals } from './replaced-wals.ts';
import type { CopyOptions } from './working-copy.ts';

/**
 * Loads into the live file itself: without the room for a copy, but nobody else may have it open, not even for reading. What the
 * load writes in its one transaction appears as a whole or not at all.
 *
 * @throws PipelineError DestinationLocked: somebody still has it open after the wait.
 */
export async function loadInPlace<T>(options: CopyOptions, waiting: Waiting, load: Load<T>): Promise<T> {
  const { database, destination } = options;
  const isNew = (await stat(destination).catch(absentIsUndefined)) === undefined;
  const release = await waitForLock(waiting, () => openLive(options));
  try {
    return await loadIntoTarget(database, destination, load);
  } catch (error) {
    if (isNew) await removeWithWals(destination);
    throw error;
  } finally {
    release();
  }
}

async function openLive({ database, destination, loadId, effects, onNote }: CopyOptions): Promise<Release> {
  const release = tryHoldFile(destination);
  if (release === undefined) throw inUseHere(destination);
  try {
    await recoverWals(destination, effects, onNote);
    await removeLeftovers(database, destination, loadId);
    await database.attach(destination, TARGET);
    return release;
  } catch (error) {
    release();
    throw fileError(error, destination);
  }
}
