import { readdir, rename, rm } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { withWals } from '../duckdb/wals.ts';
import { writeOwnJson } from '../files/own-json.ts';
import { closeToOthers } from '../files/private-rights.ts';
import { errorCode } from '../files/reason.ts';
import { makePrivateFolder, workingFolderError } from '../files/working-folder.ts';
import { type PackageLabel, readLabel } from './package-label.ts';

const EXTENSION = '.duckdb';

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

  /** Of a pending package, or with `rejected` of one that was set aside. */
  file(loadId: string, state: 'pending' | 'rejected' = 'pending'): string {
    return join(state === 'pending' ? this.path : join(this.path, state), loadId + EXTENSION);
  }

  writeLabel(loadId: string, label: PackageLabel): void {
    writeOwnJson(labelBeside(this.file(loadId)), label);
  }

  label(loadId: string, state: 'pending' | 'rejected' = 'pending'): PackageLabel | undefined {
    return readLabel(labelBeside(this.file(loadId, state)));
  }

  /** Load ids of packages that were not loaded, oldest first. */
  async pending(): Promise<string[]> {
    return listLoadIds(this.path);
  }

  /** Load ids of packages that were set aside, oldest first. */
  async rejected(): Promise<string[]> {
    return listLoadIds(join(this.path, 'rejected'));
  }

  async moveToLoaded(loadId: string, keep: number): Promise<void> {
    await this.#move(loadId, 'loaded', keep);
  }

  async moveToRejected(loadId: string, keep: number): Promise<void> {
    await this.#move(loadId, 'rejected', keep);
  }

  async remove(loadId: string): Promise<void> {
    await removeFiles(this.file(loadId));
  }

  async #move(loadId: string, name: 'loaded' | 'rejected', keep: number): Promise<void> {
    if (keep === 0) return this.remove(loadId);
    const folder = join(this.path, name);
    for (const file of partsOf(this.file(loadId))) await renameIfThere(file, join(folder, basename(file)));
    const kept = await listLoadIds(folder);
    for (const old of kept.slice(0, Math.max(0, kept.length - keep))) await removeFiles(join(folder, old + EXTENSION));
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
