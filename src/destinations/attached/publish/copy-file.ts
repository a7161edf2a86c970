import { constants } from 'node:fs';
import { chmod, copyFile, stat } from 'node:fs/promises';
import { setTimeout as sleep } from 'node:timers/promises';
import { walSuffixes } from '../../../duckdb/wals.ts';
import { PipelineError } from '../../../errors.ts';
import { absentIsUndefined } from '../../../files/reason.ts';
import { fileState } from './file-state.ts';
import { removeWithWals } from './leftovers.ts';

const COPY_TRIES = 5;
const TICK_MS = 20;

/**
 * Copies a DuckDB file with its write-ahead logs; free where the file system has reflinks. Copies again when the file changed
 * meanwhile. Returns the state that was copied, see `fileState`. A file that is not there gives no copy.
 *
 * @throws PipelineError DestinationChanged: it never stood still.
 */
export async function copyDatabaseFile(from: string, to: string): Promise<string> {
  for (let tries = 0; tries < COPY_TRIES; tries += 1) {
    await removeWithWals(to); // a log of an earlier try may have no counterpart any more
    await settle(from);
    const before = await fileState(from);
    if (await copyIfThere(from, to)) {
      for (const suffix of walSuffixes) await copyIfThere(from + suffix, to + suffix);
    }
    if ((await fileState(from)) === before) return before;
  }
  throw new PipelineError({
    code: 'DestinationChanged',
    message: `${from} was written to each of the ${COPY_TRIES} times that it was copied.`,
    hint: 'Run again when the program that writes to it has finished.',
    facts: { path: from },
  });
}

/** Two writes within one tick of the file system's clock, 10 ms at most, look like one: what comes later has to show. */
async function settle(path: string): Promise<void> {
  const found = await stat(path).catch(absentIsUndefined);
  if (found !== undefined && Math.abs(Date.now() - found.mtimeMs) < TICK_MS) await sleep(TICK_MS);
}

async function copyIfThere(from: string, to: string): Promise<boolean> {
  const found = await stat(from).catch(absentIsUndefined);
  if (found === undefined) return false;
  try {
    await copyFile(from, to, constants.COPYFILE_FICLONE);
    await chmod(to, (found.mode & 0o7777) | 0o600); // the mode may give the right to write to others only
    return true;
  } catch (error) {
    absentIsUndefined(error); // it went away just now: the state tells
    return false;
  }
}
