import { existsSync, statSync } from 'node:fs';
import { chmod, link, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { requireOwnFile } from '../files/ordinary-file.ts';
import { closeToOthers } from '../files/private-rights.ts';
import { errorCode } from '../files/reason.ts';
import type { Database } from './database.ts';
import { withWals } from './wals.ts';

/**
 * Opens, or makes, a file of the working folder, that only this user can read and write, whatever the umask: DuckDB makes its
 * files with the rights that the umask leaves.
 *
 * @throws PipelineError DestinationUnreadable: a link, FIFO or folder stands there. Else the driver's error: see file-errors.ts.
 */
export async function attachPrivate(database: Database, path: string, alias: string): Promise<void> {
  requireOwn(path);
  const isNew = !existsSync(path);
  if (isNew && isOpenToOthers(dirname(path))) await makeUnseen(database, path, alias);
  await database.attach(path, alias);
  if (isNew) await chmod(path, 0o600); // the umask may have taken our own rights
  for (const file of withWals(path)) if (existsSync(file)) await closeToOthers(file);
  await makeFile(`${path}.wal`); // else DuckDB makes it, with the first thing it writes
}

/** Throws DestinationUnreadable when a link, FIFO or folder has the name of the file, or of a write-ahead log of it. */
export function requireOwn(path: string): void {
  for (const file of withWals(path)) requireOwnFile(file);
}

/**
 * In a folder of its own first: whoever opened the file before its rights were taken away could read what comes later. Another
 * process may have been quicker, and a file system may not have links: then `attach` takes, or makes, what is there.
 */
async function makeUnseen(database: Database, path: string, alias: string): Promise<void> {
  const folder = await mkdtemp(join(dirname(path), '.new-'));
  try {
    await chmod(folder, 0o700);
    const draft = join(folder, basename(path));
    await database.attach(draft, alias);
    await database.detach(alias);
    await chmod(draft, 0o600);
    await link(draft, path).catch(() => undefined);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

function isOpenToOthers(folder: string): boolean {
  return ((statSync(folder, { throwIfNoEntry: false })?.mode ?? 0) & 0o077) !== 0;
}

async function makeFile(path: string): Promise<void> {
  try {
    await writeFile(path, '', { flag: 'wx', mode: 0o600 });
    await chmod(path, 0o600);
  } catch (error) {
    if (errorCode(error) !== 'EEXIST') throw error;
  }
}
