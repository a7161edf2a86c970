import type { FileHandle } from 'node:fs/promises';

const PIECE_BYTES = 64 * 1024;
const LINE_BREAK = 0x0a;
/** A longer line is none that a program of ours wrote: left out. */
const LONGEST_LINE = 16_000_000;

/**
 * The lines of a file, the last one first; only as much is read as is asked for. What follows the last line break is left out:
 * somebody is just writing it, or was killed while doing so.
 */
export async function* linesFromEnd(file: FileHandle): AsyncGenerator<string> {
  let pieces: Buffer[] | undefined; // of the line whose end was found, the last one first
  let length = 0;
  for (let end = (await file.stat()).size; end > 0; ) {
    const start = Math.max(0, end - PIECE_BYTES);
    const piece = await readWhole(file, start, end);
    end = start;
    let rest = piece.length;
    for (let at = piece.lastIndexOf(LINE_BREAK); at >= 0; at = at === 0 ? -1 : piece.lastIndexOf(LINE_BREAK, at - 1)) {
      if (pieces !== undefined && length <= LONGEST_LINE) yield lineOf([...pieces, piece.subarray(at + 1, rest)]);
      [pieces, length, rest] = [[], 0, at];
    }
    if (pieces === undefined) continue;
    length += rest;
    if (length > LONGEST_LINE) pieces = [];
    else pieces.push(piece.subarray(0, rest));
  }
  if (pieces !== undefined && length <= LONGEST_LINE) yield lineOf(pieces);
}

/** Where the last line that is whole ends; 0 where there is none. */
export async function endOfLines(file: FileHandle): Promise<number> {
  for (let end = (await file.stat()).size; end > 0; ) {
    const start = Math.max(0, end - PIECE_BYTES);
    const at = (await readWhole(file, start, end)).lastIndexOf(LINE_BREAK);
    if (at >= 0) return start + at + 1;
    end = start;
  }
  return 0;
}

// --- internal ---

/** Shorter where the file became so meanwhile. */
async function readWhole(file: FileHandle, start: number, end: number): Promise<Buffer> {
  const { buffer, bytesRead } = await file.read(Buffer.allocUnsafe(end - start), 0, end - start, start);
  return buffer.subarray(0, bytesRead);
}

function lineOf(pieces: readonly Buffer[]): string {
  return Buffer.concat([...pieces].reverse()).toString('utf8');
}
