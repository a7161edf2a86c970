import { chmod, lstat, readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { errorCode } from './reason.ts';

/** Who does not own a file, and a file system without rights, cannot be helped: the owner, or nobody, decides there. */
const beyondUs: readonly (string | undefined)[] = ['EPERM', 'ENOTSUP', 'ENOSYS'];

/** Takes every right of others from a file, or from a folder with all that is in it. Links are not followed. */
export async function closeToOthers(path: string): Promise<void> {
  const found = await lstat(path);
  if (!found.isFile() && !found.isDirectory()) return;
  if ((found.mode & 0o077) !== 0) await setRights(path, found.mode & 0o7700);
  if (!found.isDirectory()) return;
  for (const name of await readdir(path)) await closeToOthers(join(path, name));
}

async function setRights(path: string, mode: number): Promise<void> {
  await chmod(path, mode).catch((error: unknown) => {
    if (!beyondUs.includes(errorCode(error))) throw error;
  });
}
