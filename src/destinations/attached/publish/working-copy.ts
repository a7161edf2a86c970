import { rm, stat } from 'node:fs/promises';
import type { Database } from '../../../duckdb/database.ts';
import { fileError } from '../../../duckdb/file-errors.ts';
import { holdFile, type Release } from '../../../duckdb/held-files.ts';
import { regularFile } from '../../../duckdb/regular-file.ts';
import { walSuffixes } from '../../../duckdb/wals.ts';
import { absentIsUndefined } from '../../../files/reason.ts';
import type { Findings } from '../../../findings.ts';
import type { CatalogueFile } from './catalogue-file.ts';
import { copyDatabaseFile } from './copy-file.ts';
import type { FileKeeper } from './file-keeper.ts';
import { fileState } from './file-state.ts';
import { flush } from './flush.ts';
import { removeLeftovers, removeWithWals, workingCopyPath } from './leftovers.ts';
import { openFilesStay } from './live-hold.ts';

const INCOMING = 'incoming';

export interface CopyOptions {
  readonly database: Database;
  /** The live file, with all symbolic links resolved. */
  readonly destination: string;
  readonly loadId: string;
  readonly isSmall: boolean;
  readonly catalogue: CatalogueFile;
  readonly findings: Pick<Findings, 'warn'>;
  /** What becomes of the file that is replaced. */
  readonly snapshot?: FileKeeper | undefined;
  /** Another file than the live one to begin with. */
  readonly from?: string | undefined;
}

/**
 * A copy of the live file, beside it, that a load writes to and that then takes its place: see swap.ts. While it is made nobody
 * in this process may use the live file (see `LiveHold`). Every error is a PipelineError that names the live file.
 */
export class WorkingCopy {
  readonly path: string;
  /** The live file when it was copied: see `fileState`. */
  readonly copied: string;
  readonly #database: Database;
  readonly #destination: string;
  readonly #release: Release;
  /** Of the working copy; undefined when there was nothing to copy, and DuckDB makes the file. */
  readonly #inode: number | undefined;
  #held = false;

  private constructor(
    { database, destination }: CopyOptions,
    path: string,
    release: Release,
    { copied, inode }: { copied: string; inode: number | undefined },
  ) {
    this.path = path;
    this.copied = copied;
    this.#database = database;
    this.#destination = destination;
    this.#release = release;
    this.#inode = inode;
  }

  static async create(options: CopyOptions): Promise<WorkingCopy> {
    const { database, destination, loadId, from = destination } = options;
    const path = workingCopyPath(destination, loadId);
    const release = holdFile(path);
    try {
      await removeLeftovers(database, destination, loadId);
      const copied = await copyFrom(options, path);
      return new WorkingCopy(options, path, release, { copied, inode: await inodeOf(path) });
    } catch (error) {
      await removeWithWals(path).catch(() => undefined); // the first error is the one to tell
      release();
      throw fileError(error, from);
    }
  }

  /** False when somebody took the working copy away before it was opened, and DuckDB made an empty file in its place. */
  async isWhole(): Promise<boolean> {
    return this.#inode === undefined || this.#inode === (await inodeOf(this.path));
  }

  /** Whether the live file is another than the one that was copied. */
  async isOutdated(): Promise<boolean> {
    return (await fileState(this.#destination)) !== this.copied;
  }

  /**
   * Everything on the disk, which takes seconds on a slow one, and no log: what a program did not finish writing there, which was
   * never committed, stays until somebody writes again. Then open read-only: other runs see that it is in use, and nobody can
   * become its writer.
   */
  async finish(): Promise<void> {
    try {
      for (const suffix of walSuffixes) await rm(this.path + suffix, { force: true });
      await flush(this.path, 'r+');
      if (openFilesStay) return;
      await this.#database.attach(this.path, INCOMING, { readOnly: true });
      this.#held = true;
    } catch (error) {
      throw fileError(error, this.#destination);
    }
  }

  /** Lets writers in. */
  async letGo(): Promise<void> {
    if (!this.#held) return;
    this.#held = false;
    await this.#database.detach(INCOMING);
  }

  /** After a swap there is nothing left to remove. */
  async remove(): Promise<void> {
    try {
      await this.letGo();
      await removeWithWals(this.path);
    } finally {
      this.#release();
    }
  }
}

/** Answers the state of the live file. */
async function copyFrom({ destination, from }: CopyOptions, path: string): Promise<string> {
  if (from === undefined) return copyDatabaseFile(destination, path);
  const state = await fileState(destination);
  regularFile(from); // a FIFO would be read for ever
  await copyDatabaseFile(from, path);
  return state;
}

async function inodeOf(path: string): Promise<number | undefined> {
  return (await stat(path).catch(absentIsUndefined))?.ino;
}
