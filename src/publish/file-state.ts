import { stat } from 'node:fs/promises';
import { withWals } from '../duckdb/wals.ts';
import { errorCode } from '../files/reason.ts';

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
