import { constants } from 'node:fs';
import { open, realpath, stat } from 'node:fs/promises';
import { basename, dirname } from 'node:path';
import { tryFolder } from './folder.ts';
import { absentIsUndefined } from './reason.ts';

/** How a file is written: as a whole by a rename, for which its folder has to be writable, or at its end. */
export type Writing = 'replaced' | 'appended';

/**
 * Tries whether a file can be written in a folder that has to be there. Leaves nothing behind; throws what the file system says. A
 * device or FIFO is left alone.
 */
export async function tryFile(path: string, writing: Writing): Promise<void> {
  const found = await stat(path).catch(absentIsUndefined);
  if (found !== undefined && !found.isFile() && !found.isDirectory()) return;
  if (found !== undefined && (found.isDirectory() || writing === 'appended')) {
    const file = await open(path, constants.O_WRONLY | constants.O_APPEND);
    return file.close();
  }
  const target = await realpath(path).catch(() => path);
  await stat(dirname(target)); // nobody makes it
  await tryFolder(dirname(target), basename(target));
}
