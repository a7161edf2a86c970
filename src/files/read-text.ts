import { isUtf8 } from 'node:buffer';
import { constants } from 'node:fs';
import { type FileHandle, open } from 'node:fs/promises';
import { setTimeout as sleep } from 'node:timers/promises';
import { errorCode } from './reason.ts';

/** More than any configuration or schema document has. */
const CONFIGURATION_BYTES = 10_000_000;
const PIECE_BYTES = 64 * 1024;
const POLL_MS = 20;
/** How long a pipe may say nothing, such as one from a program that asks for a password first. */
const PATIENCE_MS = 60_000;
/** How long a FIFO may have nobody who writes to it. */
const WRITER_WAIT_MS = 1_000;

/**
 * The whole text of a file that a person wrote; also of a pipe, such as `<(…)` in a shell, but never endless and never for ever.
 *
 * @param most bytes
 * @throws Error of the file system, or one whose message says what is wrong with the text: see `reasonOf`
 */
export async function readText(path: string, most = CONFIGURATION_BYTES): Promise<string> {
  const file = await open(path, constants.O_RDONLY | constants.O_NONBLOCK);
  try {
    return decoded(await bytesOf(file, most));
  } finally {
    await file.close();
  }
}

async function bytesOf(file: FileHandle, most: number): Promise<Buffer> {
  const found = await file.stat();
  if (found.size > most) throw tooLarge(most);
  const pieces: Buffer[] = [];
  let size = 0;
  for (let idle = 0; ; ) {
    const piece = await readPiece(file);
    if (piece === undefined || (piece.length === 0 && size === 0 && found.isFIFO())) {
      if (idle >= (piece === undefined ? PATIENCE_MS : WRITER_WAIT_MS)) throw new Error('nothing comes out of it');
      await sleep(POLL_MS);
      idle += POLL_MS;
      continue;
    }
    if (piece.length === 0) return Buffer.concat(pieces);
    pieces.push(piece);
    size += piece.length;
    if (size > most) throw tooLarge(most);
    idle = 0;
  }
}

/** Empty at the end; undefined while a pipe has nothing yet. */
async function readPiece(file: FileHandle): Promise<Buffer | undefined> {
  try {
    const { buffer, bytesRead } = await file.read(Buffer.allocUnsafe(PIECE_BYTES), 0, PIECE_BYTES);
    return buffer.subarray(0, bytesRead);
  } catch (error) {
    if (errorCode(error) === 'EAGAIN') return undefined;
    throw error;
  }
}

function decoded(bytes: Buffer): string {
  const [first, second] = bytes;
  if ((first === 0xff && second === 0xfe) || (first === 0xfe && second === 0xff)) {
    throw new Error('it is text in UTF-16: save it as UTF-8');
  }
  if (!isUtf8(bytes)) throw new Error(`line ${firstBadLine(bytes)} is not text in UTF-8`);
  if (bytes.includes(0)) throw new Error('it holds null characters: it is no text, or not in UTF-8');
  return bytes.toString('utf8');
}

function firstBadLine(bytes: Buffer): number {
  return bytes.toString('utf8').split('\uFFFD', 1).join().split('\n').length;
}

function tooLarge(most: number): Error {
  return new Error(`it is larger than ${most / 1_000_000} MB`);
}
