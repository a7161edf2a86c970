import { chmodSync, lstatSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';

// In one go: for a kilobyte, the detours through Node's thread pool take ten times as long.

/**
 * Writes a small JSON file that is only a courtesy to whoever looks, and that only this user can read. The whole of it or nothing:
 * where that cannot be, on a full disk say, nobody is told: the run has worse to tell then, or nothing to complain of.
 */
export function writeOwnJson(path: string, value: object): void {
  const draft = `${path}.next`;
  try {
    rmSync(draft, { force: true });
    writeFileSync(draft, `${JSON.stringify(value, null, 2)}\n`, { flag: 'wx', mode: 0o600 });
    chmodSync(draft, 0o600); // whatever the umask
    renameSync(draft, path);
  } catch {}
}

/** What the file holds; undefined where there is none, where it is no JSON, or where a link, FIFO or folder has its name. */
export function readOwnJson(path: string): unknown {
  try {
    return lstatSync(path).isFile() ? JSON.parse(readFileSync(path, 'utf8')) : undefined;
  } catch {
    return undefined;
  }
}
