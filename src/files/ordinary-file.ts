import { lstatSync, type Stats, statSync } from 'node:fs';
import { PipelineError } from '../errors.ts';

/** Whether anything is there, links followed. Throws what the file system says where that cannot be known. */
export function isThere(path: string): boolean {
  return statSync(path, { throwIfNoEntry: false }) !== undefined;
}

/**
 * Before a DuckDB file is opened, behind all links: opening a FIFO waits for ever. Nothing there yet is fine.
 *
 * @throws PipelineError DestinationUnreadable: a FIFO, folder, socket or device is there.
 */
export function requireFile(path: string): void {
  refuseOthers(path, statSync(path, { throwIfNoEntry: false }));
}

/** The same for a file that only a run itself makes: a symbolic link leads to what is somebody else's. */
export function requireOwnFile(path: string): void {
  refuseOthers(path, lstatSync(path, { throwIfNoEntry: false }));
}

function refuseOthers(path: string, found: Stats | undefined): void {
  if (found === undefined || found.isFile()) return;
  const kind = kindOf(found);
  throw new PipelineError({
    code: 'DestinationUnreadable',
    message: `${path} is ${kind}, not a DuckDB file.`,
    hint: 'Look what it is, and move it away or name another path; then run again.',
    facts: { path, kind },
  });
}

function kindOf(found: Stats): string {
  if (found.isSymbolicLink()) return 'a symbolic link';
  if (found.isDirectory()) return 'a folder';
  if (found.isFIFO()) return 'a FIFO';
  return found.isSocket() ? 'a socket' : 'a device';
}
