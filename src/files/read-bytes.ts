import { constants } from 'node:fs';
import { type FileHandle, open } from 'node:fs/promises';

/**
 * All bytes of an ordinary file, of which there is at least one and at most `most`.
 *
 * @throws Error of the file system, or one whose message says what is wrong: see `reasonOf`
 */
export async function readBytes(path: string, most: number): Promise<Buffer> {
  return withFile(path, most, async (file, size) => {
    const { bytesRead, buffer } = await file.read(Buffer.allocUnsafe(size), 0, size, 0);
    if (bytesRead !== size) throw new Error('it became shorter while it was read');
    return buffer;
  });
}

/** Whether `readBytes` would give them now. Throws the same. */
export async function requireReadable(path: string, most: number): Promise<void> {
  await withFile(path, most, async () => undefined);
}

// --- internal ---

async function withFile<T>(
  path: string,
  most: number,
  use: (file: FileHandle, size: number) => Promise<T>,
): Promise<T> {
  // A FIFO without a writer would be waited for.
  const file = await open(path, constants.O_RDONLY | constants.O_NONBLOCK);
  try {
    const found = await file.stat();
    if (found.isDirectory()) throw new Error('it is a folder');
    if (!found.isFile()) throw new Error('it is no ordinary file');
    if (found.size === 0) throw new Error('it is empty');
    if (found.size > most) throw new Error(`it is larger than ${most / 1_000_000} MB`);
    return await use(file, found.size);
  } finally {
    await file.close();
  }
}
