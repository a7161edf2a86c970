import { createHash } from 'node:crypto';
import { rename, rm, rmdir, stat } from 'node:fs/promises';
import { dirname, join, relative, sep } from 'node:path';
import type { ReplyFile } from '../effects.ts';
import { PipelineError } from '../errors.ts';
import { flushFolder } from './durable-file.ts';
import { makeFolder, tryFolder } from './folder.ts';
import { absentIsUndefined, reasonOf } from './reason.ts';

export interface FilePlace {
  /** Where files are kept, absolute. Made when there is one. */
  readonly folder: string;
  /** Where the paths begin by which rows name them. */
  readonly base: string;
}

/**
 * Keeps what was downloaded, each file once, under its hash: `<first 2 digits>/<sha256>.<extension>`. Until it is whole a file is a
 * draft in `.drafts/`, in a folder of its run's own.
 */
export class FileStore {
  readonly #place: FilePlace;
  readonly #drafts: string;
  #count = 0;
  #tried: Promise<void> | undefined;

  /** `owner`: whoever has this name holds a lock, so that what is found under it was left by the dead. */
  constructor(place: FilePlace, owner: string) {
    this.#place = place;
    this.#drafts = join(place.folder, '.drafts', createHash('sha256').update(owner).digest('hex').slice(0, 16));
  }

  /** As a report calls it. */
  get name(): string {
    const { base, folder } = this.#place;
    return `${relative(base, folder).split(sep).join('/')}/`;
  }

  /** Throws DestinationFailed unless files can be made, before something is paid for that would have to be kept. */
  requireWritable(): Promise<void> {
    this.#tried ??= orFailed(tryFolder(this.#place.folder), this.#place.folder);
    return this.#tried;
  }

  /** Where the next file is written until it is whole. */
  draft(): string {
    this.#count += 1;
    return join(this.#drafts, String(this.#count));
  }

  /**
   * Gives a draft its name; one that has it already stays. When this returns, both are on the disk.
   *
   * @returns the path for a row, with `/`
   */
  async keep({ path: draft, bytes, sha256 }: ReplyFile, extension: string): Promise<string> {
    const path = join(this.#place.folder, sha256.slice(0, 2), `${sha256}.${extension}`);
    await orFailed(this.#name(draft, path, bytes), path);
    return relative(this.#place.base, path).split(sep).join('/');
  }

  /** A draft that nobody needs. */
  async discard(draft: ReplyFile | undefined): Promise<void> {
    if (draft !== undefined) await rm(draft.path, { force: true }).catch(() => undefined);
  }

  /** Removes the drafts of this owner, those that a killed run left behind as well. */
  async clear(): Promise<void> {
    await rm(this.#drafts, { recursive: true, force: true }).catch(() => undefined);
    await rmdir(dirname(this.#drafts)).catch(() => undefined); // stays while others have theirs in it
  }

  async #name(draft: string, path: string, bytes: number): Promise<void> {
    const found = await stat(path).catch(absentIsUndefined);
    // One of another size is no file of ours: a disk was repaired, say.
    if (found?.size === bytes) return rm(draft, { force: true });
    const folder = dirname(path);
    const isNew = await makeFolder(folder);
    await rename(draft, path);
    await flushFolder(folder);
    if (!isNew) return;
    await flushFolder(this.#place.folder);
    await flushFolder(dirname(this.#place.folder));
  }
}

/** DestinationFailed: what is downloaded cannot be kept. */
export function replyFileError(thrown: unknown, path: string): PipelineError {
  if (thrown instanceof PipelineError) return thrown;
  return new PipelineError({
    code: 'DestinationFailed',
    message: `What is downloaded cannot be written to ${path}: ${reasonOf(thrown)}.`,
    hint: 'Make room there and let this user write, or name another folder in `pipeline.destination.files_dir`; then run again.',
    facts: { path },
    cause: thrown,
  });
}

// --- internal ---

async function orFailed<T>(work: Promise<T>, path: string): Promise<T> {
  try {
    return await work;
  } catch (thrown) {
    throw replyFileError(thrown, path);
  }
}
