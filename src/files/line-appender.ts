import { closeSync, constants, fstatSync, openSync, writeFileSync } from 'node:fs';
import { requireNoDatabase, textIn } from './no-database.ts';

const { O_APPEND, O_CREAT, O_NONBLOCK, O_WRONLY } = constants;
/** A FIFO that nobody reads is not waited for. */
const APPENDING = O_APPEND | O_CREAT | O_NONBLOCK | O_WRONLY;

/**
 * Adds lines, whole and at once, to a file that a user named, so that those of several processes do not mix. What a full disk left of
 * a line is ended first: only that one is lost. Throws what the file system says; see `reasonOf`.
 *
 * @param mode of a file that is new
 */
export function lineAppender(path: string, mode: number): (line: string) => void {
  let isWhole = false;
  return (line) => {
    const descriptor = openSync(path, APPENDING, mode);
    try {
      const end = isWhole ? '' : missingEnd(path, descriptor);
      isWhole = false;
      writeFileSync(descriptor, `${end}${line}`);
      isWhole = true;
    } finally {
      closeSync(descriptor);
    }
  };
}

// --- internal ---

function missingEnd(path: string, descriptor: number): string {
  const found = fstatSync(descriptor);
  if (!found.isFile() || found.size === 0) return '';
  requireNoDatabase(path);
  const last = textIn(path, found.size - 1, 1);
  return last === '' || last === '\n' ? '' : '\n';
}
