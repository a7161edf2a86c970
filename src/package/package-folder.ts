import { readdir, rename, rm, stat } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { withWals } from '../duckdb/wals.ts';
import { writeOwnJson } from '../files/own-json.ts';
import { closeToOthers } from '../files/private-rights.ts';
import { errorCode } from '../files/reason.ts';
import { makePrivateFolder, workingFolderError } from '../files/working-folder.ts';
import { type PackageFailure, type PackageLabel, readLabel } from './package-label.ts';

const EXTENSION = '.duckdb';

/** `rejected`: set aside, because a contract refused it or it was damaged. */
export type PackageState = 'pending' | 'rejected' | 'loaded';

/**
 * `packages/` in the working folder: pending packages directly in it, loaded ones in `loaded/`, those that a contract or an
 * expectation refused in `rejected/`.
 */
export class PackageFolder {
  readonly path: string;

  constructor(workingDir: string) {
    this.path = join(workingDir, 'packages');
  }

  /**
   * Before anything is asked of the source: a package has to have its place when it was loaded, too. Throws DestinationFailed,
   * as everything here does, when the file system does not let it.
   */
  async prepare(): Promise<void> {
    for (const folder of packageFolders(this.path)) await makePrivateFolder(folder);
  }

  file(loadId: string, state: PackageState = 'pending'): string {
    return join(this.#folder(state), loadId + EXTENSION);
  }

  writeLabel(loadId: string, label: PackageLabel): void {
    writeOwnJson(labelBeside(this.file(loadId)), label);
  }

  /** Why a pending package was not loaded; of one without a label nothing is kept. */
  tellFailure(loadId: string, failure: PackageFailure): void {
    const label = this.label(loadId);
    if (label !== undefined) this.writeLabel(loadId, { ...label, failure });
  }

  label(loadId: string, state: PackageState = 'pending'): PackageLabel | undefined {
    return readLabel(labelBeside(this.file(loadId, state)));
  }

  /** Load ids of packages that were not loaded, oldest first. */
  async pending(): Promise<string[]> {
    return listLoadIds(this.path);
  }

  /** Load ids of packages that were set aside, oldest first. */
  async rejected(): Promise<string[]> {
    return this.list('rejected');
  }

  /** Load ids, oldest first. */
  async list(state: PackageState): Promise<string[]> {
    return listLoadIds(this.#folder(state));
  }

  /** Of the file and its write-ahead logs; asking takes no lock and drops none. */
  async bytes(loadId: string, state: PackageState): Promise<number> {
    const sizes = withWals(this.file(loadId, state)).map((file) =>
      stat(file).then(
        ({ size }) => size,
        () => 0,
      ),
    );
    return (await Promise.all(sizes)).reduce((sum, size) => sum + size, 0);
  }

  async moveToLoaded(loadId: string, keep: number): Promise<void> {
    await this.#move(loadId, 'loaded', keep);
  }

  /** @returns the ids of those that are gone for it: no more than `keep` stay there */
  moveToRejected(loadId: string, keep: number): Promise<readonly string[]> {
    return this.#move(loadId, 'rejected', keep);
  }

  /** Out of `rejected/`. The file comes last: killed half-way, it is found there again, and its logs follow the next time. */
  async moveBack(loadId: string): Promise<void> {
    const parts = partsOf(this.file(loadId, 'rejected')).reverse();
    for (const file of parts) await renameIfThere(file, join(this.path, basename(file)));
  }

  async remove(loadId: string, state: PackageState = 'pending'): Promise<void> {
    await removeFiles(this.file(loadId, state));
  }

  #folder(state: PackageState): string {
    return state === 'pending' ? this.path : join(this.path, state);
  }

  async #move(loadId: string, name: 'loaded' | 'rejected', keep: number): Promise<readonly string[]> {
    if (keep === 0) {
      await this.remove(loadId);
      return [loadId];
    }
    const folder = join(this.path, name);
    for (const file of partsOf(this.file(loadId))) await renameIfThere(file, join(folder, basename(file)));
    const kept = await listLoadIds(folder);
    const gone = kept.slice(0, Math.max(0, kept.length - keep));
    for (const old of gone) await removeFiles(join(folder, old + EXTENSION));
    return gone;
  }
}

/** `packages/` and the folders in it. */
export function packageFolders(path: string): string[] {
  return [path, join(path, 'loaded'), join(path, 'rejected')];
}

/** Whatever has the name of a package, in the order of time: what it is, is seen when it is opened. */
async function listLoadIds(folder: string): Promise<string[]> {
  const names = await readdir(folder).catch((error: unknown) => {
    if (errorCode(error) === 'ENOENT') return [];
    throw workingFolderError(error, folder);
  });
  return names
    .filter((name) => name.endsWith(EXTENSION))
    .map((name) => name.slice(0, -EXTENSION.length))
    .sort();
}

async function renameIfThere(from: string, to: string): Promise<void> {
  try {
    await rename(from, to);
    await closeToOthers(to); // a write-ahead log that DuckDB began anew has the rights of the umask
  } catch (error) {
    if (errorCode(error) !== 'ENOENT') throw workingFolderError(error, to);
  }
}

/** A folder that somebody put among the packages stays. */
async function removeFiles(file: string): Promise<void> {
  for (const part of partsOf(file)) {
    await rm(part, { force: true }).catch((error: unknown) => {
      if (errorCode(error) !== 'ERR_FS_EISDIR') throw workingFolderError(error, part);
    });
  }
}

function partsOf(file: string): string[] {
  return [...withWals(file), labelBeside(file)];
}

function labelBeside(file: string): string {
  return `${file.slice(0, -EXTENSION.length)}.json`;
}
