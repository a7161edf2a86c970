import { copyFile, open, readdir, stat } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { FIRST_BYTES, type HttpRequest } from '../effects.ts';
import { makeFolder } from '../files/folder.ts';
import type { WholeReply } from './reply-keeping.ts';

/** A body that was written to a file when it came: it is kept there alone, under its hash. */
export interface FileMark {
  readonly sha256: string;
  readonly bytes: number;
}

/**
 * The reply with its body from the folder of files, where the request has a file for it in a copy.
 *
 * @throws Error of the file system, or where the file is gone or of another size
 */
export async function fileAgain(
  { status, headers }: Pick<WholeReply, 'status' | 'headers'>,
  { sha256, bytes }: FileMark,
  folder: string,
  { fileFor }: Pick<HttpRequest, 'fileFor'>,
): Promise<WholeReply> {
  const shelf = join(folder, sha256.slice(0, 2));
  const name = (await readdir(shelf).catch(() => [])).find((each) => each.startsWith(`${sha256}.`));
  if (name === undefined) throw new Error(`its file ${sha256} is not in ${folder} any more`);
  const path = join(shelf, name);
  const found = await stat(path);
  if (found.size !== bytes) throw new Error(`its file ${path} has ${found.size} bytes in place of ${bytes}`);
  const target = fileFor?.({ status, headers, first: await beginning(path, FIRST_BYTES) });
  if (target === undefined) return { status, headers, body: await beginning(path, bytes) };
  await makeFolder(dirname(target.path));
  await copyFile(path, target.path);
  return { status, headers, body: await beginning(path, HEAD_BYTES), file: { path: target.path, bytes, sha256 } };
}

// --- internal ---

/** As much as tells the size of an image. */
const HEAD_BYTES = 512 * 1024;

async function beginning(path: string, most: number): Promise<Buffer> {
  const file = await open(path, 'r');
  try {
    const { buffer, bytesRead } = await file.read(Buffer.alloc(most), 0, most, 0);
    return buffer.subarray(0, bytesRead);
  } finally {
    await file.close();
  }
}
