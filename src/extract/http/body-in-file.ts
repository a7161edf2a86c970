import { createHash } from 'node:crypto';
import { open, rm } from 'node:fs/promises';
import { dirname } from 'node:path';
import type { ReplyFile } from '../../effects.ts';
import { replyFileError } from '../../files/file-store.ts';
import { makeFolder } from '../../files/folder.ts';

export interface WrittenBody {
  /** Its first bytes, which tell what it is and how large an image. */
  readonly body: Buffer;
  readonly file: ReplyFile;
}

/** Writes a body as it comes. When it returns, all of it is on the disk; a file that did not become whole is removed. */
export async function bodyInFile(
  path: string,
  pieces: AsyncIterable<Uint8Array> | Iterable<Uint8Array>,
  onPiece: () => void = () => {},
): Promise<WrittenBody> {
  const orFailed = <T>(work: Promise<T>) =>
    work.catch((thrown: unknown) => {
      throw replyFileError(thrown, path);
    });
  const hash = createHash('sha256');
  const head: Uint8Array[] = [];
  let bytes = 0;
  await orFailed(makeFolder(dirname(path)));
  const file = await orFailed(open(path, 'wx'));
  try {
    for await (const piece of pieces) {
      await orFailed(file.writeFile(piece));
      hash.update(piece);
      if (bytes < HEAD_BYTES) head.push(piece);
      bytes += piece.length;
      onPiece();
    }
    await orFailed(file.sync());
  } catch (error) {
    await file.close().catch(() => undefined);
    await rm(path, { force: true }).catch(() => undefined);
    throw error;
  }
  await orFailed(file.close());
  const body = Buffer.concat(head).subarray(0, HEAD_BYTES);
  return { body, file: { path, bytes, sha256: hash.digest('hex') } };
}

// --- internal ---

/** The size of a JPEG stands behind what its camera, or a colour profile, put before it. */
const HEAD_BYTES = 512 * 1024;
