import { chmod, lstat, mkdir, mkdtemp, rm, stat, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { errorCode } from './reason.ts';

/**
 * Makes a folder and those above it, unless they are there. Node's own `recursive` never ends where a folder is there in which
 * nobody can make one, such as `/proc`.
 *
 * @param mode of the folder itself; those above it get the usual one: the live file may be in there
 * @returns whether it was made
 */
export async function makeFolder(path: string, mode?: number): Promise<boolean> {
  try {
    await mkdir(path, mode);
    return true;
  } catch (error) {
    if (await isFolder(path)) return false;
    const above = dirname(path);
    if (errorCode(error) !== 'ENOENT' || above === path) throw error;
    // Somebody else may just have made the one above, or this one.
    if (!(await isFolder(above))) await makeFolder(above);
    return mkdir(path, mode).then(
      () => true,
      async (again: unknown) => {
        if (await isFolder(path)) return false;
        throw again;
      },
    );
  }
}

/**
 * Tries whether files can be made in a folder, or in one that would have to be made first: rights alone do not tell, of a
 * read-only file system, say. Leaves nothing behind; throws what the file system says.
 *
 * @param name of a file that has to be possible there
 */
export async function tryFolder(path: string, name = 'file'): Promise<void> {
  const trial = await mkdtemp(join(await nearestFolder(path), '.dezgo-elt-'));
  try {
    await chmod(trial, 0o700); // whatever the umask
    await writeFile(join(trial, name), '');
  } finally {
    await rm(trial, { recursive: true, force: true });
  }
}

/** The folder itself, or the last one of its path that is there. */
async function nearestFolder(path: string): Promise<string> {
  try {
    await stat(path);
    return path;
  } catch (error) {
    if (errorCode(error) !== 'ENOENT' || dirname(path) === path || (await isThere(path))) throw error;
    return nearestFolder(dirname(path));
  }
}

async function isFolder(path: string): Promise<boolean> {
  return stat(path).then(
    (found) => found.isDirectory(),
    () => false,
  );
}

/** Also a link that leads nowhere. */
async function isThere(path: string): Promise<boolean> {
  return lstat(path).then(
    () => true,
    () => false,
  );
}
