import { chmod, chown, open, rename, rm, stat } from 'node:fs/promises';
import { dirname } from 'node:path';
import type { Database } from '../duckdb/database.ts';
import { fileError } from '../duckdb/file-errors.ts';
import { holdFile, type Release } from '../duckdb/held-files.ts';
import { walSuffixes } from '../duckdb/wals.ts';
import type { Effects } from '../effects.ts';
import { PipelineError } from '../errors.ts';
import { errorCode } from '../files/reason.ts';
import { copyDatabaseFile } from './copy-file.ts';
import { absentIsUndefined, fileState } from './file-state.ts';
import { removeLeftovers, removeWithWals, workingCopyPath } from './leftovers.ts';
import { recoverWals, type SteppedAside, stepAside } from './replaced-wals.ts';

/** A rename that the system refuses: a file mounted by itself, another device, a file open on Windows, a sticky folder. */
const renameRefusals: readonly (string | undefined)[] = ['EBUSY', 'EXDEV', 'EPERM', 'EACCES'];

export interface CopyOptions {
  readonly database: Database;
  /** The live file, with all symbolic links resolved. */
  readonly destination: string;
  readonly loadId: string;
  readonly effects: Effects;
  readonly onNote: (note: string) => void;
}

/**
 * A copy of the live file, beside it, that a load writes to and that then takes its place. While it is made nobody in this
 * process may use the live file (see `whileUnwritten`). Every error is a PipelineError that names the live file.
 */
export class WorkingCopy {
  readonly path: string;
  readonly #options: CopyOptions;
  readonly #release: Release;
  /** The live file when it was copied. */
  readonly #copied: string;
  /** Inode of the copy; undefined when there was nothing to copy, and DuckDB makes the file. */
  readonly #inode: number | undefined;

  private constructor(options: CopyOptions, path: string, release: Release, copied: string, inode: number | undefined) {
    this.#options = options;
    this.path = path;
    this.#release = release;
    this.#copied = copied;
    this.#inode = inode;
  }

  static async create(options: CopyOptions): Promise<WorkingCopy> {
    const { database, destination, loadId, effects, onNote } = options;
    const path = workingCopyPath(destination, loadId);
    const release = holdFile(path);
    try {
      await recoverWals(destination, effects, onNote);
      await removeLeftovers(database, destination, loadId);
      const copied = await copyDatabaseFile(destination, path);
      return new WorkingCopy(options, path, release, copied, await inodeOf(path));
    } catch (error) {
      await removeWithWals(path).catch(() => undefined); // the first error is the one to tell
      release();
      throw fileError(error, destination);
    }
  }

  /** False when somebody took the copy away before it was opened, and DuckDB made an empty file in its place. */
  async isWhole(): Promise<boolean> {
    return this.#inode === undefined || this.#inode === (await inodeOf(this.path));
  }

  /** Whether the live file is another than the one that was copied. */
  async changed(): Promise<boolean> {
    return (await fileState(this.#options.destination)) !== this.#copied;
  }

  /** Rows in a log would stay behind when the file is renamed. */
  async assertNoWal(): Promise<void> {
    for (const suffix of walSuffixes) {
      const wal = await stat(this.path + suffix).catch(absentIsUndefined);
      if (wal === undefined) continue;
      if (wal.size > 0) throw unfinished(this.#options.destination, wal.size);
      await rm(this.path + suffix);
    }
  }

  /** Puts the copy in the place of the live file. False when the system does not allow it: the live file is as it was. */
  async swap(): Promise<boolean> {
    const { destination } = this.#options;
    try {
      await flush(this.path, 'r+'); // before the mode may forbid it; Windows flushes only what is open for writing
      await this.#takeOverModeAndOwner();
      return await this.#replace();
    } catch (error) {
      throw fileError(error, destination);
    }
  }

  /** After a swap there is nothing left to remove. */
  async remove(): Promise<void> {
    try {
      await removeWithWals(this.path);
    } finally {
      this.#release();
    }
  }

  async #replace(): Promise<boolean> {
    const { destination, loadId } = this.#options;
    let wals: SteppedAside | undefined;
    try {
      wals = await stepAside(destination, loadId);
      await rename(this.path, destination);
    } catch (error) {
      await wals?.putBack();
      if (renameRefusals.includes(errorCode(error))) return false;
      throw error;
    }
    await flushFolder(dirname(destination));
    await wals.discard();
    return true;
  }

  async #takeOverModeAndOwner(): Promise<void> {
    const { destination, onNote } = this.#options;
    const live = await stat(destination).catch(absentIsUndefined);
    if (live === undefined) return;
    const copy = await stat(this.path);
    if (live.uid !== copy.uid || live.gid !== copy.gid) {
      await chown(this.path, live.uid, live.gid).catch(async (error: unknown) => {
        if (errorCode(error) !== 'EPERM') throw error;
        await chown(this.path, copy.uid, live.gid).catch(() => undefined);
        onNote(`${destination} now belongs to user ${copy.uid}: only root can give a new file to user ${live.uid}.`);
      });
    }
    await chmod(this.path, live.mode & 0o7777); // after chown, which clears bits
  }
}

async function inodeOf(path: string): Promise<number | undefined> {
  return (await stat(path).catch(absentIsUndefined))?.ino;
}

async function flush(path: string, flags: 'r' | 'r+'): Promise<void> {
  const file = await open(path, flags);
  try {
    await file.sync();
  } finally {
    await file.close();
  }
}

/** Makes the rename durable. Windows has no such call, and a folder may be writable but not readable. */
async function flushFolder(path: string): Promise<void> {
  await flush(path, 'r').catch((error: unknown) => {
    if (!['EISDIR', 'EPERM', 'EACCES', 'EINVAL'].includes(errorCode(error) ?? '')) throw error;
  });
}

function unfinished(destination: string, bytes: number): PipelineError {
  return new PipelineError({
    code: 'DestinationFailed',
    message: `The new ${destination} still had ${bytes} bytes in its write-ahead log and was not published.`,
    hint: 'Run again: what was extracted is kept and loaded first.',
    facts: { path: destination, bytes },
  });
}
