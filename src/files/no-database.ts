import { closeSync, openSync, readSync } from 'node:fs';

/** Where `DUCK` stands in a file of DuckDB. */
const MAGIC_AT = 8;

/** Throws where a file of DuckDB has this name: what a user named by mistake is not written over. What cannot be read is none. */
export function requireNoDatabase(path: string): void {
  if (textIn(path, MAGIC_AT, 4) === 'DUCK') throw new Error('it is a DuckDB file');
}

/** The bytes of a file from `at` on, as far as they are there. */
export function textIn(path: string, at: number, length: number): string {
  try {
    const descriptor = openSync(path, 'r');
    try {
      const bytes = Buffer.alloc(length);
      return bytes.toString('latin1', 0, readSync(descriptor, bytes, 0, length, at));
    } finally {
      closeSync(descriptor);
    }
  } catch {
    return '';
  }
}
