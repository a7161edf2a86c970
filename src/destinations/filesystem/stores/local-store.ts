import { createReadStream } from 'node:fs';
import {
  constants,
  copyFile,
  link,
  mkdtemp,
  open,
  readdir,
  rename,
  rm,
  rmdir,
  stat,
  writeFile,
} from 'node:fs/promises';
import { dirname, join, relative, resolve, sep } from 'node:path';
import type { Readable } from 'node:stream';
import { flushFolder } from '../../../files/durable-file.ts';
import { makeFolder, tryFolder } from '../../../files/folder.ts';
import { absentIsUndefined, errorCode } from '../../../files/reason.ts';
import type { ObjectSource, ObjectStore, StoredObject } from '../object-store.ts';
import { folderError } from '../store-errors.ts';
import { toldStream } from './told-stream.ts';

/** Half files are in here until they are whole. */
export const DRAFTS = '.elt-drafts';
const LONGEST_PUT_MS = 24 * 3_600_000;

/** A folder of this machine. What is put is on the disk when it is there. */
export class LocalStore implements ObjectStore {
  readonly location: string;

  /** @param folder absolute; made with the first file */
  constructor(folder: string) {
    this.location = folder;
  }

  readonly pathOf = (key: string): string => {
    const path = resolve(this.location, key);
    if (!path.startsWith(this.location + sep)) throw new Error(`${key} leads out of ${this.location}`);
    return path;
  };

  put(key: string, source: ObjectSource, { ifAbsent = false } = {}): Promise<boolean> {
    return this.#telling(async () => {
      const path = this.pathOf(key);
      await makeFolder(dirname(path));
      const drafts = join(this.location, DRAFTS);
      await makeFolder(drafts);
      const own = await mkdtemp(join(drafts, 'put-'));
      try {
        const draft = join(own, 'file');
        await writeDraft(draft, source);
        const isPut = ifAbsent ? await nameIfAbsent(draft, path) : await rename(draft, path).then(() => true);
        await flushFolder(dirname(path));
        await flushFolder(dirname(dirname(path)));
        return isPut;
      } finally {
        await rm(own, { recursive: true, force: true });
        await rmdir(drafts).catch(() => undefined); // stays while others have theirs in it
      }
    });
  }

  get(key: string): Promise<Readable | undefined> {
    return this.#telling(async () => {
      const path = this.pathOf(key);
      if ((await stat(path).catch(absentIsUndefined)) === undefined) return undefined;
      return toldStream(createReadStream(path), (error) => folderError(error, this.location));
    });
  }

  list(prefix: string): Promise<readonly StoredObject[]> {
    return this.#telling(async () => {
      const folder = join(this.location, prefix.slice(0, prefix.lastIndexOf('/') + 1));
      const found = await readdir(folder, { recursive: true, withFileTypes: true }).catch(absentIsUndefined);
      const files = (found ?? []).filter((entry) => entry.isFile());
      const objects = files.map(async (entry) => {
        const path = join(entry.parentPath, entry.name);
        const key = relative(this.location, path).split(sep).join('/');
        const about = await stat(path).catch(absentIsUndefined); // deleted meanwhile
        return about === undefined ? [] : [{ key, bytes: about.size }];
      });
      return (await Promise.all(objects)).flat().filter(({ key }) => key.startsWith(prefix) && !key.startsWith(DRAFTS));
    });
  }

  delete(key: string): Promise<void> {
    return this.#telling(() => rm(this.pathOf(key), { force: true }));
  }

  tryOut(): Promise<void> {
    return this.#telling(async () => {
      await tryFolder(this.location);
      await removeOldDrafts(join(this.location, DRAFTS));
    });
  }

  async #telling<T>(work: () => Promise<T>): Promise<T> {
    try {
      return await work();
    } catch (error) {
      throw folderError(error, this.location);
    }
  }
}

// --- internal ---

/** Of runs that were killed. */
async function removeOldDrafts(folder: string): Promise<void> {
  const now = (await stat(dirname(folder)).catch(absentIsUndefined))?.mtimeMs ?? 0; // tried just now, by the clock of the disk
  for (const name of (await readdir(folder).catch(absentIsUndefined)) ?? []) {
    const draft = join(folder, name);
    const changed = (await stat(draft).catch(absentIsUndefined))?.mtimeMs ?? now;
    if (now - changed > LONGEST_PUT_MS) await rm(draft, { recursive: true, force: true });
  }
}

/** Flushed, so that a name never stands for half a file, whatever happens to the machine. */
async function writeDraft(draft: string, source: ObjectSource): Promise<void> {
  if (typeof source === 'string') await writeFile(draft, source);
  else await rename(source.file, draft).catch((error: unknown) => copied(error, source.file, draft));
  const file = await open(draft, 'r+');
  try {
    await file.sync();
  } finally {
    await file.close();
  }
}

async function copied(error: unknown, from: string, to: string): Promise<void> {
  if (errorCode(error) !== 'EXDEV') throw error;
  await copyFile(from, to, constants.COPYFILE_FICLONE);
}

async function nameIfAbsent(draft: string, path: string): Promise<boolean> {
  try {
    await link(draft, path);
    return true;
  } catch (error) {
    if (errorCode(error) === 'EEXIST') return false;
    // A file system without links: the file is still made by one alone, but for an instant not whole.
    if (!['EPERM', 'ENOTSUP', 'ENOSYS', 'EMLINK'].includes(errorCode(error) ?? '')) throw error;
  }
  try {
    await copyFile(draft, path, constants.COPYFILE_EXCL);
    return true;
  } catch (error) {
    if (errorCode(error) === 'EEXIST') return false;
    throw error;
  }
}
