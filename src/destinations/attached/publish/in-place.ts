import { fileError, inUseHere, lockedError } from '../../../duckdb/file-errors.ts';
import { type Release, tryHoldFile } from '../../../duckdb/held-files.ts';
import { regularFile } from '../../../duckdb/regular-file.ts';
import type { FileKeeper } from './file-keeper.ts';
import { removeWithWals } from './leftovers.ts';
import { type Load, loadIntoTarget, TARGET } from './load-into.ts';
import { type Waiting, waitForLock } from './lock-wait.ts';
import { settleReplaced } from './settle-replaced.ts';
import type { CopyOptions } from './working-copy.ts';

/**
 * Loads into the live file itself: without the room for a working copy, but nobody else may have it open, not even for reading. What the
 * load writes in its one transaction appears as a whole or not at all.
 *
 * @throws PipelineError DestinationLocked: somebody still has it open after the wait.
 */
export async function loadInPlace<T>(options: CopyOptions, waiting: Waiting, load: Load<T>): Promise<T> {
  const { destination, snapshot } = options;
  const isNew = regularFile(destination) === undefined;
  const release = await waitForLock(waiting, () => openLive(options, isNew));
  try {
    const result = await loadIntoTarget(options, load);
    await keepSnapshot(snapshot);
    return result;
  } catch (error) {
    if (isNew) await removeWithWals(destination);
    throw error;
  } finally {
    release();
    await snapshot?.end();
  }
}

/** Of what was copied before the load. */
async function keepSnapshot(snapshot: FileKeeper | undefined): Promise<void> {
  await snapshot?.hold();
  await snapshot?.keep();
}

async function openLive(options: CopyOptions, isNew: boolean): Promise<Release> {
  const { database, destination, isSmall, catalogue, snapshot } = options;
  const release = tryHoldFile(destination);
  if (release === undefined) throw inUseHere(destination);
  try {
    const late = await settleReplaced(options);
    if (late !== undefined) throw lockedError(late.path, late.writer);
    await catalogue.attach(database, destination, TARGET, { isSmall });
    if (snapshot !== undefined && !isNew) {
      await database.detach(TARGET); // nobody else writes now; what is copied must not be open here
      await snapshot.copyLive();
      await catalogue.attach(database, destination, TARGET, { isSmall });
    }
    return release;
  } catch (error) {
    release();
    throw fileError(error, destination);
  }
}
