import type { FileHandle } from 'node:fs/promises';
import { headIn, type KeptHead } from './kept-reply.ts';

/** Where a kept reply stands in a log. */
export interface LogEntry {
  readonly head: KeptHead;
  /** Of its first line. */
  readonly start: number;
  /** Behind its body. */
  readonly end: number;
}

/** The replies of a log, in the order in which they came; one that a killed run did not finish is left out. */
export async function* entriesOf(file: FileHandle): AsyncGenerator<LogEntry> {
  const { size } = await file.stat();
  let buffer = Buffer.alloc(USUAL_HEAD);
  for (let start = 0; start < size; ) {
    const { bytesRead } = await file.read(buffer, 0, buffer.length, start);
    const lineEnd = buffer.subarray(0, bytesRead).indexOf('\n');
    if (lineEnd < 0 && bytesRead === buffer.length && start + bytesRead < size) {
      buffer = Buffer.alloc(Math.min(2 * buffer.length, size - start));
      continue;
    }
    const head = lineEnd < 0 ? undefined : headIn(buffer.toString('utf8', 0, lineEnd));
    if (head?.reply === undefined) return;
    const end = start + lineEnd + 1 + head.reply.bytes + 1;
    if (end > size) return;
    yield { head, start, end };
    start = end;
  }
}

/** Where the next reply is to be written. */
export async function endOfLog(file: FileHandle): Promise<number> {
  let end = 0;
  for await (const entry of entriesOf(file)) end = entry.end;
  return end;
}

// --- internal ---

/** Of the first line, and what is read of each reply to find the next; a URL can be longer. */
const USUAL_HEAD = 4_096;
