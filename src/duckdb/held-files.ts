import { lstatSync, readlinkSync, realpathSync } from 'node:fs';
import { basename, dirname, join, resolve } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { PipelineError } from '../errors.ts';
import { errorCode } from '../files/reason.ts';

/** Gives the file free again; calling it twice does nothing. */
export type Release = () => void;

/** `shared`: several at once, for reading. `exclusive`: nobody else, for writing, copying, or opening for an instant. */
export type Hold = 'exclusive' | 'shared';

/**
 * Files that this process has in use, by real path: the number of readers, or -1 for one exclusive user. DuckDB's own lock does
 * not see them: POSIX locks belong to the process, so a second open succeeds, and closing it, or any file that reads the same
 * one, drops the lock of the first (https://man7.org/linux/man-pages/man2/fcntl_locking.2.html).
 */
const users = new Map<string, number>();
const EXCLUSIVE = -1;
const POLL_MS = 20;

/** Takes the file for this caller, or undefined when another part of this process uses it in a way that excludes this one. */
export function tryHoldFile(path: string, hold: Hold = 'exclusive'): Release | undefined {
  const file = realFilePath(path);
  const current = users.get(file) ?? 0;
  if (hold === 'exclusive' ? current !== 0 : current === EXCLUSIVE) return undefined;
  users.set(file, hold === 'exclusive' ? EXCLUSIVE : current + 1);

  let held = true;
  return () => {
    if (!held) return;
    held = false;
    const left = hold === 'exclusive' ? 0 : (users.get(file) ?? 1) - 1;
    if (left === 0) users.delete(file);
    else users.set(file, left);
  };
}

/**
 * Takes the file for this caller until the returned function is called. Everything that opens a DuckDB file which a run may also
 * use (ledger, destination) takes it first, and nothing reads a held file through `fs`.
 *
 * @throws PipelineError RunLocked: another part of this process uses the file.
 */
export function holdFile(path: string, hold: Hold = 'exclusive'): Release {
  const release = tryHoldFile(path, hold);
  if (release !== undefined) return release;
  throw new PipelineError({
    code: 'RunLocked',
    message: `Another part of this process is using ${path}.`,
    hint: 'Wait until it has finished, then try again.',
    facts: { path },
  });
}

/** Takes the file as soon as it is free, or undefined when it is not after `wait` milliseconds. */
export async function holdWhenFree(path: string, hold: Hold, wait: number): Promise<Release | undefined> {
  for (let waited = 0; ; waited += POLL_MS) {
    const release = tryHoldFile(path, hold);
    if (release !== undefined || waited >= wait) return release;
    await sleep(POLL_MS);
  }
}

/** The path behind all symbolic links, also of a file that does not exist yet, or of a link that points nowhere yet. */
export function realFilePath(path: string): string {
  try {
    return realpathSync(path);
  } catch (error) {
    if (errorCode(error) !== 'ENOENT') return resolve(path); // links in a circle, say: opening the file will say so
    const folder = realFolder(dirname(resolve(path)));
    const file = join(folder, basename(path));
    return isLink(file) ? realFilePath(resolve(folder, readlinkSync(file))) : file;
  }
}

function realFolder(path: string): string {
  try {
    return realpathSync(path);
  } catch {
    return path; // it does not exist: opening the file will say so
  }
}

function isLink(path: string): boolean {
  try {
    return lstatSync(path).isSymbolicLink();
  } catch {
    return false;
  }
}
