import { stat } from 'node:fs/promises';
import { walSuffixes } from '../../../duckdb/wals.ts';
import { absentIsUndefined } from '../../../files/reason.ts';

/** `<inode>-<time of the last write in ns>`, or `absent`. Asking takes no lock and drops none. */
export async function fileTag(path: string): Promise<string> {
  const found = await stat(path, { bigint: true }).catch(absentIsUndefined);
  return found === undefined ? 'absent' : `${found.ino}-${found.mtimeNs}`;
}

/**
 * Which files stand there, how long they are and when they were written, WALs included: equal texts mean that nobody wrote.
 *
 * @param logsOf the path that the logs have the name of; while they are stepped aside, another one
 */
export async function fileState(path: string, logsOf = path): Promise<string> {
  const files = [path, ...walSuffixes.map((suffix) => logsOf + suffix)];
  const states = await Promise.all(
    files.map(async (file) => {
      const found = await stat(file, { bigint: true }).catch(absentIsUndefined);
      return found === undefined ? 'absent' : `${found.dev}:${found.ino}:${found.size}:${found.mtimeNs}`;
    }),
  );
  return states.join(' ');
}
