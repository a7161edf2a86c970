import { chmod, lstat, readFile, rename, rm, writeFile } from 'node:fs/promises';

/**
 * Writes a small JSON file that is only a courtesy to whoever looks, and that only this user can read. The whole of it or nothing:
 * where that cannot be, on a full disk say, nobody is told: the run has worse to tell then, or nothing to complain of.
 */
export async function writeOwnJson(path: string, value: object): Promise<void> {
  const draft = `${path}.next`;
  try {
    await rm(draft, { force: true });
    await writeFile(draft, `${JSON.stringify(value, null, 2)}\n`, { flag: 'wx', mode: 0o600 });
    await chmod(draft, 0o600); // whatever the umask
    await rename(draft, path);
  } catch {}
}

/** What the file holds; undefined where there is none, where it is no JSON, or where a link, FIFO or folder has its name. */
export async function readOwnJson(path: string): Promise<unknown> {
  try {
    return (await lstat(path)).isFile() ? JSON.parse(await readFile(path, 'utf8')) : undefined;
  } catch {
    return undefined;
  }
}
