import { mkdir, readdir, rename, rm } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { withWals } from '../duckdb/wals.ts';

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

  async prepare(): Promise<void> {
    await mkdir(this.path, { recursive: true });
  }

  file(loadId: string): string {
    return join(this.path, `${loadId}${EXTENSION}`);
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
    await mkdir(folder, { recursive: true });
    for (const file of withWals(this.file(loadId))) await renameIfThere(file, join(folder, basename(file)));
    const kept = await listLoadIds(folder);
    for (const old of kept.slice(0, Math.max(0, kept.length - keep))) await removeFiles(join(folder, old + EXTENSION));
  }
}

async function listLoadIds(folder: string): Promise<string[]> {
  const names = await readdir(folder).catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return [];
    throw error;
  });
  return names
    .filter((name) => name.endsWith(EXTENSION))
    .map((name) => name.slice(0, -EXTENSION.length))
    .sort();
}

async function renameIfThere(from: string, to: string): Promise<void> {
  await rename(from, to).catch((error: NodeJS.ErrnoException) => {
    if (error.code !== 'ENOENT') throw error;
  });
}

async function removeFiles(file: string): Promise<void> {
  for (const part of withWals(file)) await rm(part, { force: true });
}
