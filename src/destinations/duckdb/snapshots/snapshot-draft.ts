import { constants } from 'node:fs';
import { copyFile, link, lstat, rm, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { fileError } from '../../../duckdb/file-errors.ts';
import { withWals } from '../../../duckdb/wals.ts';
import { writeDurably } from '../../../files/durable-file.ts';
import { makeFolder } from '../../../files/folder.ts';
import { absentIsUndefined } from '../../../files/reason.ts';
import type { Findings } from '../../../findings.ts';
import { isoTime } from '../../../text/iso-time.ts';
import { copyDatabaseFile } from '../../attached/publish/copy-file.ts';
import type { FileKeeper } from '../../attached/publish/file-keeper.ts';
import type { DatasetFacts } from './describe-dataset.ts';
import { SnapshotFolder } from './snapshot-folder.ts';
import { LABEL, type SnapshotLabel } from './snapshot-label.ts';

export interface SnapshotOptions {
  /** The live file, with all symbolic links resolved. */
  readonly live: string;
  /** The load, or rollback, that is going to take its place. */
  readonly replacedBy: string;
  readonly pipeline: string;
  readonly dataset: string;
  /** Snapshots of this dataset that stay. */
  readonly keep: number;
  /** Without it nothing is published; else that is a warning. */
  readonly isRequired?: boolean;
  /** Somebody may go on writing to the file that is replaced: a copy of it is kept, no second name. */
  readonly isWritten: boolean;
  /** Milliseconds since 1970. */
  readonly now: () => number;
  readonly findings: Pick<Findings, 'warn'>;
}

/**
 * The snapshot that a publish takes of the file that it replaces: a second name of that, which costs nothing; where there are no
 * such names, a copy. First a draft, so that one of a file that was not replaced after all is told from the others.
 */
export class SnapshotDraft implements FileKeeper {
  readonly #options: SnapshotOptions;
  readonly #folder: SnapshotFolder;
  readonly #draft: string;
  readonly #file: string;
  #facts: DatasetFacts | undefined;
  #isCopied = false;
  #isHeld = false;
  #keptAs: string | undefined;

  constructor(options: SnapshotOptions) {
    this.#options = options;
    this.#folder = new SnapshotFolder(options.live);
    this.#draft = this.#folder.draft(options.replacedBy);
    this.#file = this.#folder.draftFile(options.replacedBy);
  }

  /** Undefined where none was kept. */
  get keptAs(): string | undefined {
    return this.#keptAs;
  }

  /** What the live file holds; undefined where that is nothing worth to be kept. */
  describe(facts: DatasetFacts | undefined): void {
    this.#facts = facts;
  }

  /** Before the working copy is written to. */
  async prepare(workingCopy: string, isOfLive: boolean): Promise<void> {
    await this.#orWarn(async () => {
      this.#isCopied = false;
      if ((await stat(workingCopy).catch(absentIsUndefined)) === undefined) return;
      await this.#begin();
      if (!this.#options.isWritten && (await hasSecondNames(workingCopy, this.#file))) return;
      if (!isOfLive) await copyDatabaseFile(this.#options.live, this.#file);
      else for (const [from, to] of this.#pairs(workingCopy)) await copyIfThere(from, to);
      this.#isCopied = true;
    });
  }

  /** Before the live file itself is written to. */
  async copyLive(): Promise<void> {
    await this.#orWarn(async () => {
      await this.#begin();
      await copyDatabaseFile(this.#options.live, this.#file);
      this.#isCopied = true;
    });
  }

  /** Right before the live file is replaced, as the holder of its lock. */
  async hold(): Promise<void> {
    const facts = this.#facts;
    if (facts === undefined) return;
    await this.#orWarn(async () => {
      if (!this.#isCopied) {
        await this.#folder.settle();
        await this.#begin();
        for (const [from, to] of this.#pairs(this.#options.live)) await linkIfThere(from, to);
      }
      await stat(this.#file);
      const { replacedBy, pipeline, dataset, now } = this.#options;
      const label: SnapshotLabel = { ...facts, takenAt: isoTime(now()), replacedBy, pipeline, dataset };
      await writeDurably(join(this.#draft, LABEL), `${JSON.stringify(label, null, 2)}\n`);
      this.#isHeld = true;
    });
  }

  /** The live file was replaced. */
  async keep(): Promise<void> {
    const { dataset, keep, findings } = this.#options;
    if (!this.#isHeld || this.#facts === undefined) return;
    try {
      this.#keptAs = await this.#folder.keep(this.#draft, this.#facts.loadId);
      this.#isHeld = false;
      await pruneSnapshots(this.#folder, dataset, keep);
    } catch (error) {
      findings.warn(
        `The snapshots in ${this.#folder.path} could not be put in order: ${fileError(error, this.#draft).message}`,
      );
    }
  }

  /** What was not kept goes. */
  async end(): Promise<void> {
    if (this.#keptAs === undefined) await rm(this.#draft, { recursive: true, force: true }).catch(() => undefined);
    this.#isHeld = false;
  }

  async #begin(): Promise<void> {
    await rm(this.#draft, { recursive: true, force: true });
    await makeFolder(this.#draft);
  }

  #pairs(from: string): [from: string, to: string][] {
    const to = withWals(this.#file);
    return withWals(from).map((path, index) => [path, to[index] ?? this.#file]);
  }

  async #orWarn(work: () => Promise<void>): Promise<void> {
    try {
      await work();
    } catch (error) {
      const failure = fileError(error, this.#file);
      if (this.#options.isRequired === true) throw failure;
      this.#facts = undefined;
      this.#options.findings.warn(`No snapshot of ${this.#options.live} is kept: ${failure.message}`);
    }
  }
}

/** Removes all but those that were taken last, and answers them. */
export async function pruneSnapshots(folder: SnapshotFolder, dataset: string, keep: number) {
  const own = (await folder.list()).filter((snapshot) => snapshot.dataset === dataset);
  const old = own.slice(keep);
  for (const { id } of old) await folder.remove(id);
  return old;
}

// --- internal ---

/** Of files in one folder, in another; there is none on another disk, and on some file systems. */
async function hasSecondNames(file: string, name: string): Promise<boolean> {
  try {
    await link(file, name);
  } catch {
    return false;
  }
  await rm(name);
  return true;
}

async function copyIfThere(from: string, to: string): Promise<void> {
  if ((await lstat(from).catch(absentIsUndefined))?.isFile() !== true) return;
  await copyFile(from, to, constants.COPYFILE_FICLONE);
}

/** A link in the place of a log bars it: see log-bar.ts. */
async function linkIfThere(from: string, to: string): Promise<void> {
  if ((await lstat(from).catch(absentIsUndefined))?.isFile() === true) await link(from, to);
}
