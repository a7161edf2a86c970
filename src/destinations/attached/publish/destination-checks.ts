import { constants, type Stats } from 'node:fs';
import { access, lstat, stat } from 'node:fs/promises';
import { basename, dirname, sep } from 'node:path';
import { fileError } from '../../../duckdb/file-errors.ts';
import { regularFile } from '../../../duckdb/regular-file.ts';
import { PipelineError } from '../../../errors.ts';
import { tryFolder } from '../../../files/folder.ts';
import { errorCode } from '../../../files/reason.ts';
import { workingCopyPath } from './leftovers.ts';

/** As long as load ids are. */
const NO_LOAD = '0000000000.000000';

/**
 * Whether a load could be published: the destination is a file that may be written, or none yet, and its folder takes the files
 * that a load makes there. That is tried, and leaves nothing behind.
 *
 * @param asked as the configuration names it, which may be a symbolic link that leads to the destination
 * @param willBe a folder that is there when a load is published, with those above it
 * @throws PipelineError DestinationUnreadable, DestinationFailed
 */
export async function requirePublishable(destination: string, asked: string, willBe = '/'): Promise<void> {
  await requireWritable(destination);
  const folder = dirname(destination);
  try {
    if (!isWithin(willBe, folder)) await stat(folder); // a run makes no folder there: a mistyped path would go unnoticed
    await tryFolder(folder, `${basename(workingCopyPath(destination, NO_LOAD))}.wal.checkpoint`);
  } catch (error) {
    const failure = fileError(error, destination);
    const { code, message, hint, facts } = failure;
    if (!(await isLink(asked))) throw failure;
    throw new PipelineError({
      code,
      message: `${asked} is a symbolic link to ${destination}. ${message}`,
      hint,
      facts,
      cause: error,
    });
  }
}

function isWithin(path: string, folder: string): boolean {
  return path === folder || path.startsWith(folder + sep);
}

/** Whether the configuration names a symbolic link. */
export async function isLink(path: string): Promise<boolean> {
  return lstat(path).then(
    (found) => found.isSymbolicLink(),
    () => false,
  );
}

/**
 * What stands there, undefined where nothing does. Somebody else's file that is protected from writing is not replaced either,
 * though the rights on its folder would allow that.
 *
 * @throws PipelineError DestinationFailed: it is protected; DestinationUnreadable: it is no file.
 */
export async function requireWritable(destination: string): Promise<Stats | undefined> {
  const found = regularFile(destination);
  if (found === undefined || found.uid === process.geteuid?.()) return found;
  const refused = await access(destination, constants.W_OK).catch((error: unknown) => error ?? true);
  if (refused === undefined && (found.mode & 0o222) !== 0) return found; // root may write everything
  throw errorCode(refused) === 'EROFS' ? fileError(refused, destination) : writeProtected(destination, found);
}

function writeProtected(destination: string, { mode, uid }: Stats): PipelineError {
  const bits = (mode & 0o777).toString(8);
  return new PipelineError({
    code: 'DestinationFailed',
    message: `${destination} belongs to user ${uid}, is write-protected (mode ${bits}), and was left as it is.`,
    hint: 'Let its owner allow this user to write it, or name another file in pipeline.destination.path.',
    facts: { path: destination, mode: bits, uid },
  });
}
