import { chmod, readdir, realpath, stat } from 'node:fs/promises';
import { join, sep } from 'node:path';
import { PipelineError } from '../errors.ts';
import { makeFolder } from './folder.ts';
import { closeToOthers } from './private-rights.ts';
import { reasonOf } from './reason.ts';

/** Everything that a run puts into its folders: ledger, packages, their write-ahead logs, folders, what DuckDB spills. */
const ours =
  /^((ledger|\d+\.\d+)\.duckdb(\.wal(\.checkpoint|\.recovery)?)?|(ledger\.run|replies|notified|\d+\.\d+)\.json(\.next)?|runs\.jsonl(\.next)?|packages|loaded|rejected|archive|\d+\.\d+|\d{4,}\.(paid|body)|replies\.log|values\.jsonl|run\.json(\.next)?|spill|duckdb_temp_.+|\.new-.+)$/;

/** Where a run's DuckDB puts what does not fit into memory. */
export function spillFolder(workingDir: string): string {
  return join(workingDir, 'spill');
}

/**
 * Makes one of the folders of a run so that only this user can look into it: packages hold what the source sent. One that is
 * there already, from an older version say, is closed to others with all that is in it, unless it also holds what is not ours: it
 * may be shared on purpose.
 *
 * @throws PipelineError DestinationFailed
 */
export async function makePrivateFolder(path: string): Promise<void> {
  try {
    if (await makeFolder(path, 0o700)) return await chmod(path, 0o700); // whatever the umask
    if (((await stat(path)).mode & 0o077) === 0) return;
    if ((await readdir(path)).every((name) => ours.test(name))) await closeToOthers(await realpath(path));
  } catch (error) {
    throw workingFolderError(error, pathWithin(path, error));
  }
}

/** What of a folder an error is about. */
function pathWithin(folder: string, error: unknown): string {
  const path = error instanceof Error && 'path' in error ? String(error.path) : folder;
  return path.startsWith(join(folder, sep)) ? path : folder;
}

/** DestinationFailed: a file or folder of the working folder cannot be made, listed, moved or removed. */
export function workingFolderError(thrown: unknown, path: string): PipelineError {
  if (thrown instanceof PipelineError) return thrown;
  return new PipelineError({
    code: 'DestinationFailed',
    message: `The working folder cannot be used: ${path}: ${reasonOf(thrown)}.`,
    hint: 'Make it a folder that this user may write, or name another one in `pipeline.working_dir`; then run again.',
    facts: { path },
    cause: thrown,
  });
}
