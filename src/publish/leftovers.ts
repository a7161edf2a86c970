import { readdir, rm, stat } from 'node:fs/promises';
import { basename, dirname } from 'node:path';
import type { Database } from '../duckdb/database.ts';
import { lockHolder } from '../duckdb/file-errors.ts';
import { tryHoldFile } from '../duckdb/held-files.ts';
import { withWals } from '../duckdb/wals.ts';
import { absentIsUndefined } from './file-state.ts';

const LEFTOVER = 'leftover';
/** A copy that was written to just now, but is not locked, may be one that another pipeline is still making. */
const FRESH_MS = 10_000;

/** `<file>.<load_id>.next`: beside the destination, so that a rename can put it there. */
export function workingCopyPath(destination: string, loadId: string): string {
  return `${destination}.${loadId}.next`;
}

/** Removes the working copies of this destination that dead runs left, and whatever has the name of this load's own. */
export async function removeLeftovers(database: Database, destination: string, loadId: string): Promise<void> {
  const own = workingCopyPath(destination, loadId);
  for (const path of await workingCopies(destination)) {
    if (path === own || (await isDead(database, path))) await removeWithWals(path);
  }
}

export async function removeWithWals(path: string): Promise<void> {
  for (const file of withWals(path)) await rm(file, { force: true });
}

/** Also those of which only a write-ahead log is left. */
async function workingCopies(destination: string): Promise<Set<string>> {
  const copies = new Set<string>();
  const file = basename(destination);
  for (const name of await readdir(dirname(destination))) {
    if (!name.startsWith(`${file}.`)) continue;
    const [, loadId] =
      /^(\d+\.\d+)\.next(?:\.wal(?:\.checkpoint|\.recovery)?)?$/.exec(name.slice(file.length + 1)) ?? [];
    if (loadId !== undefined) copies.add(workingCopyPath(destination, loadId));
  }
  return copies;
}

async function isDead(database: Database, path: string): Promise<boolean> {
  const release = tryHoldFile(path);
  if (release === undefined) return false;
  try {
    const found = await stat(path).catch(absentIsUndefined);
    if (found === undefined) return true;
    if (Date.now() - found.mtimeMs < FRESH_MS) return false;
    return !(await isLocked(database, path));
  } finally {
    release();
  }
}

async function isLocked(database: Database, path: string): Promise<boolean> {
  try {
    await database.attach(path, LEFTOVER, { readOnly: true });
  } catch (error) {
    return lockHolder(error) !== undefined;
  }
  await database.detach(LEFTOVER);
  return false;
}
