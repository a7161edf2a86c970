import { lstat, readlink, rm, symlink } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { absentIsUndefined, errorCode } from '../../../files/reason.ts';

/**
 * DuckDB finds a write-ahead log by its name. A program that still writes to a file which was replaced would begin its next log
 * beside the new file, where it is replayed by row position: a delete takes another row away. So the name of the log is barred
 * by a link that leads nowhere: who opens the file finds no log, and who commits gets an error (tried: DuckDB 1.1 to 1.5).
 *
 * @returns false: there is a log already
 */
export async function barLog(destination: string): Promise<boolean> {
  try {
    await symlink(nowhere(destination), `${destination}.wal`);
    return true;
  } catch (error) {
    if (errorCode(error) === 'EEXIST') return isBarred(destination);
    throw error;
  }
}

export async function isBarred(destination: string): Promise<boolean> {
  const log = `${destination}.wal`;
  const found = await lstat(log).catch(absentIsUndefined);
  return found?.isSymbolicLink() === true && (await readlink(log)) === nowhere(destination);
}

export async function unbarLog(destination: string): Promise<void> {
  if (await isBarred(destination)) await rm(`${destination}.wal`, { force: true });
}

/** Tells whoever looks at the link what it is for. */
function nowhere(destination: string): string {
  return join(`.${basename(destination)}-was-replaced-while-open-for-writing`, 'wal');
}
