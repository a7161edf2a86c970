import { constants } from 'node:fs';
import { open, realpath, rename, rm, stat } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { pid } from 'node:process';
import { flushFolder } from './durable-file.ts';
import { requireNoDatabase } from './no-database.ts';
import { absentIsUndefined } from './reason.ts';

/**
 * Writes a file that a user named, for others to read: whoever opens it sees the whole of what was there before or of this. A link
 * stays one, a file that is there keeps its rights. The folder has to be there. A device or FIFO gets the text. Throws what the
 * file system says, and where it would replace a file of DuckDB, the live file say.
 */
export async function replaceFile(path: string, text: string): Promise<void> {
  const found = await stat(path).catch(absentIsUndefined);
  if (isOfTheSystem(path) || (found !== undefined && !found.isFile())) return writeInto(path, text);
  requireNoDatabase(path);
  const target = await realpath(path).catch(() => path);
  // Two processes may write at once; and a collector of metrics reads what ends with `.prom`.
  const draft = join(dirname(target), `.${basename(target)}.${pid}.next`);
  await rm(draft, { force: true });
  try {
    const file = await open(draft, 'wx', 0o666);
    try {
      if (found !== undefined) await file.chmod(found.mode & 0o777);
      await file.writeFile(text);
      await file.sync();
    } finally {
      await file.close();
    }
    await rename(draft, target);
  } catch (error) {
    await rm(draft, { force: true }).catch(() => undefined);
    throw error;
  }
  await flushFolder(dirname(target));
}

/** Such as `/dev/stdout`; in `/dev/shm` are ordinary files, in memory. */
function isOfTheSystem(path: string): boolean {
  return /^\/(dev|proc)\//.test(path) && !path.startsWith('/dev/shm/');
}

/** Nobody is waited for who would have to read from a FIFO. */
async function writeInto(path: string, text: string): Promise<void> {
  const file = await open(path, constants.O_WRONLY | constants.O_APPEND | constants.O_NONBLOCK);
  try {
    await file.writeFile(text);
  } finally {
    await file.close();
  }
}
