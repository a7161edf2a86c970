import { open } from 'node:fs/promises';
import { errorCode } from '../../../files/reason.ts';

/** @param flags `r+` for a file: Windows flushes only what is open for writing */
export async function flush(path: string, flags: 'r' | 'r+'): Promise<void> {
  const file = await open(path, flags);
  try {
    await file.sync();
  } finally {
    await file.close();
  }
}

/** Makes a rename durable. Windows has no such call, and a folder may be writable but not readable. */
export async function flushFolder(path: string): Promise<void> {
  await flush(path, 'r').catch((error: unknown) => {
    if (!['EISDIR', 'EPERM', 'EACCES', 'EINVAL'].includes(errorCode(error) ?? '')) throw error;
  });
}
