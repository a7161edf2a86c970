import type { Stats } from 'node:fs';
import { chmod, chown, link, rename, rm, stat } from 'node:fs/promises';
import { dirname } from 'node:path';
import { fileError, type LockHolder } from '../../../duckdb/file-errors.ts';
import { absentIsUndefined, errorCode } from '../../../files/reason.ts';
import { fileState } from './file-state.ts';
import { flushFolder } from './flush.ts';
import { openFilesStay } from './live-hold.ts';
import { SteppedAside } from './step-aside.ts';
import type { CopyOptions, WorkingCopy } from './working-copy.ts';

/** A rename that the system refuses: a file mounted by itself, another device, a file open on Windows, a sticky folder. */
const renameRefusals: readonly (string | undefined)[] = ['EBUSY', 'EXDEV', 'EPERM', 'EACCES'];
/** A file system without a second name for a file, or without links that lead to a name. */
const linkRefusals: readonly (string | undefined)[] = ['EPERM', 'ENOTSUP', 'EOPNOTSUPP', 'ENOSYS', 'EMLINK'];

/** `changed`: somebody wrote to the live file since it was copied; `refused`: the system does not allow it. Both leave it as it was. */
export type SwapOutcome = 'swapped' | 'changed' | 'refused';

export interface Swapping extends CopyOptions {
  readonly copy: WorkingCopy;
  /** Who has the live file open for writing and will go on writing to the replaced one. */
  readonly writer: LockHolder | undefined;
}

/**
 * Puts the finished copy in the place of the live file. Both are open read-only meanwhile (see `LiveHold` and `finish`), so that
 * nobody can become a writer of either before it is known what stands beside the new file.
 */
export async function swap(swapping: Swapping): Promise<SwapOutcome> {
  const { destination, copy, loadId, writer, findings } = swapping;
  try {
    if (await copy.isOutdated()) return 'changed';
    const aside = await SteppedAside.prepare(destination, loadId);
    const outcome = await replace(swapping, aside);
    if (outcome !== 'swapped') return outcome;
    await copy.letGo();
    await flushFolder(dirname(destination));
    if (writer === undefined) await aside.discard();
    else findings.warn(goesOnWriting(writer, destination, aside.path));
    return 'swapped';
  } catch (error) {
    throw fileError(error, destination);
  }
}

async function replace(swapping: Swapping, aside: SteppedAside): Promise<SwapOutcome> {
  const { destination, findings } = swapping;
  const live = await stat(destination).catch(absentIsUndefined);
  try {
    if (live !== undefined) {
      await takeOverModeAndOwner(swapping, live);
      await swapping.snapshot?.hold();
    }
    await aside.moveLogs();
    if (swapping.writer !== undefined && !(await keepForWriter(swapping, aside))) {
      await aside.putBack();
      return 'changed';
    }
    await takePlace(swapping, live);
  } catch (error) {
    await aside.putBack();
    if (errorCode(error) === 'EEXIST') return 'changed';
    if (renameRefusals.includes(errorCode(error))) return 'refused';
    throw error;
  }
  if (!openFilesStay) for (const log of await aside.moveForeignLogs()) findings.warn(foreignLog(destination, log));
  if (live !== undefined && live.nlink > 1) findings.warn(otherName(destination));
  return 'swapped';
}

/** False: the writer has written since the live file was copied. */
async function keepForWriter({ destination, copy }: Swapping, aside: SteppedAside): Promise<boolean> {
  return (await aside.keepFile()) && (await fileState(destination, aside.path)) === copy.copied;
}

/** Where there was no file, one that somebody makes just now is not replaced: a link fails with EEXIST then. */
async function takePlace({ destination, copy }: Swapping, live: Stats | undefined): Promise<void> {
  if (live !== undefined) return rename(copy.path, destination);
  try {
    await link(copy.path, destination);
  } catch (error) {
    if (!linkRefusals.includes(errorCode(error))) throw error;
    return rename(copy.path, destination);
  }
  await rm(copy.path);
}

async function takeOverModeAndOwner({ destination, copy, findings }: Swapping, live: Stats): Promise<void> {
  const { uid, gid } = await stat(copy.path);
  if (live.uid !== uid || live.gid !== gid) {
    await chown(copy.path, live.uid, live.gid).catch(async (error: unknown) => {
      if (errorCode(error) !== 'EPERM') throw error;
      await chown(copy.path, uid, live.gid).catch(() => undefined);
      findings.warn(`${destination} now belongs to user ${uid}: only root can give a new file to user ${live.uid}.`);
    });
  }
  await chmod(copy.path, live.mode & 0o7777); // after chown, which clears bits
}

function goesOnWriting({ name }: LockHolder, destination: string, kept: string): string {
  return (
    `${name} has the replaced ${destination} open for writing: what it still commits is not in the new file, but in ${kept}. ` +
    'Until it closes the file and the next run has begun, no other program can write to the new file either.'
  );
}

function foreignLog(destination: string, log: string): string {
  return `A program that does not heed DuckDB's lock wrote to ${destination} while it was replaced; what it committed is in ${log} only.`;
}

function otherName(destination: string): string {
  return `${destination} had another name (a hard link), which still leads to the file as it was before. A symbolic link would follow.`;
}
