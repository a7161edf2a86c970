import { existsSync } from 'node:fs';
import { basename, dirname } from 'node:path';
import { type ErrorCode, PipelineError } from '../errors.ts';
import { isOutOfMemory, memoryError } from './out-of-memory.ts';
import { withWals } from './wals.ts';

/** Who keeps a file from being opened, as far as DuckDB could find out. */
export interface LockHolder {
  /** `python3.11 (PID 6512)`, or `this process`. */
  readonly name: string;
  readonly pid: number | null;
  /** It only reads: the file could be opened read-only beside it. */
  readonly reading: boolean;
}

/**
 * The process that holds the lock, from DuckDB's sentence, or undefined when the error is not about a lock. The forms are those
 * of `AdditionalProcessInfo` in DuckDB's `local_file_system.cpp`, on Linux, macOS and Windows.
 */
export function lockHolder(thrown: unknown): LockHolder | undefined {
  const text = textOf(thrown);
  if (!/could not set lock on file|being used by another process|already open in/i.test(text)) return undefined;
  if (/locks are not supported|no locks available/i.test(text)) return undefined;
  const reading = text.includes('would be able to open this database in read-only mode');
  if (/held in current process/i.test(text)) return { name: 'this process', pid: null, reading };
  const [, path, pid] = /(?:held|open) in\s+(?:(.+?) \()?PID (\d+)/i.exec(text) ?? [];
  if (pid === undefined) return { name: 'another process', pid: null, reading };
  const program = path === undefined ? 'a process' : basename(path);
  return { name: `${program} (PID ${pid})`, pid: Number(pid), reading };
}

/** DestinationLocked: who holds the file, and how that one could let others in. */
export function lockedError(path: string, holder: LockHolder, cause?: unknown): PipelineError {
  const how = holder.reading ? 'open' : 'open for writing';
  return new PipelineError({
    code: 'DestinationLocked',
    message: `${holder.name} has ${path} ${how}.`,
    hint:
      'Close it there and run again. Whoever only queries the file should open it read-only: ' +
      `duckdb.connect('${path}', read_only=True) in Python, \`duckdb -readonly ${shellWord(path)}\` in a shell.`,
    facts: { path, holder: holder.name, pid: holder.pid },
    cause,
  });
}

/** A path as one word of a command: in quotes where it holds a blank, say. */
function shellWord(path: string): string {
  return /^[\w@%+=:,./\\-]+$/.test(path) ? path : `'${path.replaceAll("'", "'\\''")}'`;
}

/** DestinationLocked: see held-files.ts. */
export function inUseHere(path: string): PipelineError {
  return new PipelineError({
    code: 'DestinationLocked',
    message: `Another part of this process is using ${path}.`,
    hint: 'Wait until it has finished: a run that publishes, or a loop over rows that is still open.',
    facts: { path, holder: 'this process', pid: null },
  });
}

interface FileFailure {
  readonly code: ErrorCode;
  readonly pattern: RegExp;
  readonly message: (path: string) => string;
  readonly hint: (path: string) => string;
}

const restore = (path: string) => `Restore ${path} from a backup, or move it away: the next run makes a new file.`;

const diskFull: FileFailure = {
  code: 'DestinationFailed',
  pattern: /no space left on device|disk quota exceeded|not enough space|ENOSPC|EDQUOT/i,
  message: (path) => `The disk is full: ${path} could not be written.`,
  hint: () => 'Free some space (a load needs the size of the file once more), then run again.',
};

const tooLong: FileFailure = {
  code: 'DestinationFailed',
  pattern: /file too large|EFBIG/i,
  message: (path) => `${path} could not be written: it would be longer than this process, or its file system, allows.`,
  hint: () => 'Raise the limit (`ulimit -f`), or choose a path on another file system; then run again.',
};

/** DuckDB's sentences about what is no good file. */
const badFiles: readonly FileFailure[] = [
  {
    code: 'DestinationTooNew',
    pattern: /trying to read a database file with version number (\d+)/i,
    message: (path) =>
      `${path} was made by a newer DuckDB, such as DuckDB 2.0 in Python, in a storage version that this program cannot read.`,
    hint: (path) =>
      'Let dezgo-elt make the file first (every DuckDB can read and write it), or convert it with the DuckDB that made it:\n' +
      `  ATTACH '${path.replaceAll("'", "''")}' AS a; ATTACH 'new.duckdb' AS b (STORAGE_VERSION 'v1.0.0');\n  COPY FROM DATABASE a TO b;`,
  },
  {
    code: 'DestinationUnreadable',
    pattern: /encrypted database/i,
    message: (path) => `${path} is an encrypted DuckDB file, and was left as it is.`,
    hint: (path) =>
      `dezgo-elt cannot write encrypted files, and puts no plain one in the place of an encrypted one. Name another file in pipeline.destination.path, or move ${path} away.`,
  },
  {
    code: 'DestinationUnreadable',
    pattern: /is a directory|EISDIR/i,
    message: (path) => `${path} is a folder, not a DuckDB file.`,
    hint: () => 'Give the path of a file, such as folder/name.duckdb.',
  },
  {
    code: 'DestinationUnreadable',
    pattern: /not a valid DuckDB database file/i,
    message: (path) => `${path} is not a DuckDB file.`,
    hint: (path) => `Check the path. If ${path} may go (it is empty, say), delete it: the next run makes a new one.`,
  },
  {
    code: 'DestinationUnreadable',
    pattern: /replaying WAL|WAL file/i,
    message: (path) => `The write-ahead log beside ${path} (${basename(path)}.wal) cannot be replayed.`,
    hint: (path) =>
      `Restore both files from a backup, or move ${path}.wal away: what was committed there only is lost then.`,
  },
  {
    code: 'DestinationUnreadable',
    pattern: /corrupt|checksum|could not read enough bytes|serialization error/i,
    message: (path) => `${path} is damaged.`,
    hint: restore,
  },
];

/** What the file system says: the file itself may be well. */
const obstacles: readonly FileFailure[] = [
  diskFull,
  tooLong,
  {
    code: 'DestinationFailed',
    pattern: /permission denied|access is denied|operation not permitted|EACCES|EPERM/i,
    message: (path) => `No permission to open or write ${path}.`,
    hint: () => 'Give the user of this process the right to read and write the file and its folder.',
  },
  {
    code: 'DestinationFailed',
    pattern: /read-only file system|EROFS/i,
    message: (path) => `${path} is on a read-only file system.`,
    hint: () => 'Mount it writable, or choose another path.',
  },
  {
    code: 'DestinationFailed',
    pattern: /not a directory|ENOTDIR/i,
    message: (path) => `A part of the path ${path} is a file, not a folder.`,
    hint: () => 'Correct the path.',
  },
  {
    code: 'DestinationFailed',
    pattern: /locks are not supported|no locks available|ENOLCK/i,
    message: (path) => `The file system of ${path} has no file locks, without which DuckDB does not write.`,
    hint: () => 'Choose a path on another file system, or mount this one with locks.',
  },
  {
    code: 'DestinationFailed',
    pattern: /no such file or directory|does not exist|ENOENT/i,
    message: (path) =>
      existsSync(dirname(path))
        ? `${path} does not exist, or cannot be made there.`
        : `The folder ${dirname(path)} of the file ${basename(path)} does not exist.`,
    hint: () => 'Make the folder, or correct the path.',
  },
  {
    code: 'DestinationFailed',
    pattern: /file name too long|ENAMETOOLONG/i,
    message: (path) => `The name ${path} is longer than the system allows.`,
    hint: () => 'Choose a shorter one: what a load writes beside the file has a longer name.',
  },
  {
    code: 'DestinationFailed',
    pattern: /too many levels of symbolic links|ELOOP/i,
    message: (path) => `Symbolic links on the way to ${path} lead in a circle.`,
    hint: () => 'Correct the links, or the path.',
  },
  {
    code: 'DestinationFailed',
    pattern: /too many open files|EMFILE|ENFILE/i,
    message: (path) => `Too many files are open to open ${path}.`,
    hint: () => 'Raise the limit (`ulimit -n`), then run again.',
  },
  {
    code: 'DestinationFailed',
    pattern: /input\/output error|\bEIO\b/i,
    message: (path) => `The disk reports an error for ${path}.`,
    hint: () => 'Check the disk; restore the file from a backup where it is damaged.',
  },
];

/**
 * Whatever opening, copying or moving a DuckDB file threw, as a member of the family.
 *
 * @example
 * await database.attach(path, 'target').catch((error) => { throw fileError(error, path) })
 */
export function fileError(thrown: unknown, path: string): PipelineError {
  if (thrown instanceof PipelineError) return thrown;
  const sentence = withoutNames(textOf(thrown));
  const bad = badFiles.find(({ pattern }) => pattern.test(sentence));
  if (bad !== undefined && lockHolder(thrown) === undefined && !isOutOfMemory(thrown))
    return asError(bad, path, thrown);
  return obstacleError(thrown, path) ?? asError(unknownFailure(textOf(thrown)), path, thrown);
}

/** What is not the fault of the file itself: somebody holds it, a right is missing, memory ran out. Undefined: nothing of that kind. */
export function obstacleError(thrown: unknown, path: string): PipelineError | undefined {
  const holder = lockHolder(thrown);
  if (holder !== undefined) return lockedError(path, holder, thrown);
  const ofMemory = memoryError(thrown, `read or write ${path}`);
  if (ofMemory !== undefined) return ofMemory;
  const sentence = withoutNames(textOf(thrown));
  const obstacle = obstacles.find(({ pattern }) => pattern.test(sentence));
  const named = withWals(path).findLast((file) => textOf(thrown).includes(`"${file}"`)) ?? path;
  return obstacle === undefined ? undefined : asError(obstacle, named, thrown);
}

function asError({ code, message, hint }: Omit<FileFailure, 'pattern'>, path: string, cause: unknown): PipelineError {
  return new PipelineError({ code, message: message(path), hint: hint(path), facts: { path }, cause });
}

/** A block of a file that opened well; in DuckDB's whole words, because statements are about anything. */
const DAMAGED_BLOCK =
  /(?:^IO|Original) error: (?:IO Error: )?Corrupt database file|could not read enough bytes from file/i;

/** Of the errors of statements on a file that is open, only a full disk, a limit and damaged blocks are about the file. */
export function isAboutFile(thrown: unknown): boolean {
  const text = textOf(thrown);
  return diskFull.pattern.test(text) || tooLong.pattern.test(text) || DAMAGED_BLOCK.test(text);
}

/** For statements on a file that is open: undefined where it is not about the file. */
export function openFileError(thrown: unknown, path: string): PipelineError | undefined {
  return isAboutFile(thrown) ? fileError(thrown, path) : undefined;
}

function unknownFailure(text: string): Omit<FileFailure, 'pattern'> {
  return {
    code: 'DestinationFailed',
    message: (path) => `${path} cannot be used: ${text.split('\n', 1)[0]}`,
    hint: (path) => `Check with another DuckDB tool whether ${path} opens; then run again.`,
  };
}

/** A path may hold any word. */
function withoutNames(text: string): string {
  return text.replace(/"[^"\n]*"|'[^'\n]*'/g, '');
}

function textOf(thrown: unknown): string {
  return thrown instanceof Error ? thrown.message : String(thrown);
}
