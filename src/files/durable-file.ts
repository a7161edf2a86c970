import { chmod, open, realpath, rename, rm } from 'node:fs/promises';
import { dirname } from 'node:path';
import { makeFolder } from './folder.ts';

/**
 * Writes a file that only this user can read. When it returns, the whole of it is on the disk under its name; until then, what was
 * there before. A link stays one. Throws what the file system says.
 */
export async function writeDurably(path: string, content: string | Uint8Array): Promise<void> {
  await makeFolder(dirname(path), 0o700);
  const target = await realpath(path).catch(() => path);
  const draft = `${target}.next`;
  await rm(draft, { force: true });
  const file = await open(draft, 'wx', 0o600);
  try {
    await chmod(draft, 0o600); // whatever the umask
    await file.writeFile(content);
    await file.sync();
  } finally {
    await file.close();
  }
  await rename(draft, target);
  await flushFolder(dirname(target));
}

/** Where a system cannot flush a folder, it has written the name before. */
export async function flushFolder(path: string): Promise<void> {
  const folder = await open(path, 'r').catch(() => undefined);
  await folder?.sync().catch(() => undefined);
  await folder?.close();
}
