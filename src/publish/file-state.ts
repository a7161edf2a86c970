import { stat } from 'node:fs/promises';

/** What DuckDB 1.5 may keep beside a file: `.wal`, and the two that exist while a checkpoint or a recovery is under way. */
export const walSuffixes = ['.wal', '.wal.checkpoint', '.wal.recovery'] as const;

/** The file and its write-ahead logs, whether they exist or not. */
export function withWals(path: string): string[] {
  return [path, ...walSuffixes.map((suffix) => path + suffix)];
}

/** `<inode>-<time of the last write in ns>`, or `absent`. Asking takes no lock and drops none. */
export async function fileTag(path: string): Promise<string> {
  const found = await stat(path, { bigint: true }).catch(absentIsUndefined);
  return found === undefined ? 'absent' : `${found.ino}-${found.mtimeNs}`;
}

/** Which files stand there, how long they are and when they were written, WALs included: equal texts mean that nobody wrote. */
export async function fileState(path: string): Promise<string> {
  const states = await Promise.all(
    withWals(path).map(async (file) => {
      const found = await stat(file, { bigint: true }).catch(absentIsUndefined);
      return found === undefined ? 'absent' : `${found.dev}:${found.ino}:${found.size}:${found.mtimeNs}`;
    }),
  );
  return states.join(' ');
}

/** For `catch`: a file that is not there is no error. */
export function absentIsUndefined(error: unknown): undefined {
  if (errorCode(error) === 'ENOENT') return undefined;
  throw error;
}

/** `ENOENT`, `EBUSY` …: Node's code of a failed file operation. */
export function errorCode(error: unknown): string | undefined {
  return error instanceof Error && 'code' in error && typeof error.code === 'string' ? error.code : undefined;
}
