import { readdir, rm, stat } from 'node:fs/promises';
import { basename, dirname } from 'node:path';
import type { Database } from '../../../duckdb/database.ts';
import { fileError, lockHolder } from '../../../duckdb/file-errors.ts';
import { tryHoldFile } from '../../../duckdb/held-files.ts';
import { withWals } from '../../../duckdb/wals.ts';
import { absentIsUndefined } from '../../../files/reason.ts';

const LEFTOVER = 'leftover';
/** One that was written to just now, but is not locked, may be made, or flushed, by another pipeline. */
const FRESH_MS = 30_000;

/** `<file>.<load_id>.next`: beside the destination, so that a rename can put it there. */
export function workingCopyPath(destination: string, loadId: string): string {
  return `${destination}.${loadId}.next`;
}

/** Removes the working copies of this destination that dead runs left, and whatever has the name of this load's own. */
export async function removeLeftovers(database: Database, destination: string, loadId: string): Promise<void> {
  const own = workingCopyPath(destination, loadId);
  for (const path of await workingCopies(destination)) {
    if (path === own || !(await isInUse(database, path))) await removeWithWals(path);
  }
}

export async function removeWithWals(path: string): Promise<void> {
  for (const file of withWals(path)) {
    await rm(file, { force: true }).catch((error: unknown) => {
      throw fileError(error, file);
    });
  }
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

async function isInUse(database: Database, path: string): Promise<boolean> {
  const release = tryHoldFile(path);
  if (release === undefined) return true;
  try {
    const found = await stat(path).catch(absentIsUndefined);
    if (found === undefined) return false;
    if (Date.now() - found.mtimeMs < FRESH_MS) return true;
    await database.attach(path, LEFTOVER); // for writing: a run that waits for its turn has its copy open read-only
    await database.detach(LEFTOVER);
    return false;
  } catch (error) {
    return lockHolder(error) !== undefined;
  } finally {
    release();
  }
}
