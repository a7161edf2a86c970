import { rename, rm } from 'node:fs/promises';
import type { Database } from '../../../duckdb/database.ts';
import { fileError, type LockHolder, lockHolder } from '../../../duckdb/file-errors.ts';
import type { Findings } from '../../../findings.ts';
import { fileTag } from './file-state.ts';
import { workingCopyPath } from './leftovers.ts';
import { isBarred, unbarLog } from './log-bar.ts';
import { type Aside, findAsides } from './step-aside.ts';

const REPLACED = 'replaced';

interface Settling {
  readonly database: Database;
  /** The live file, with all symbolic links resolved. */
  readonly destination: string;
  readonly findings: Pick<Findings, 'warn'>;
}

/** Does the work while no other run publishes into the destination. */
export type Locked = <R>(work: () => Promise<R>) => Promise<R>;

/** A program that still has a replaced file open for writing; nobody else can write to the new one meanwhile. */
interface LateWriter {
  readonly writer: LockHolder;
  /** The replaced file. */
  readonly path: string;
}

/** Settles what earlier runs left, if they left something, as the holder of the destination's lock; says who still writes. */
export async function settleBeside(settling: Settling, locked: Locked): Promise<void> {
  const { destination, findings } = settling;
  try {
    if ((await findAsides(destination)).length === 0 && !(await isBarred(destination))) return;
    const late = await locked(() => settleReplaced(settling));
    if (late !== undefined) findings.warn(stillWriting(late, destination));
  } catch (error) {
    throw fileError(error, destination);
  }
}

/**
 * Settles what stepped aside for a new file and is still there, because the run was killed, or because a program went on writing
 * to the replaced file. Answers who still does.
 */
export async function settleReplaced(settling: Settling): Promise<LateWriter | undefined> {
  const { destination } = settling;
  let writer: LateWriter | undefined;
  for (const aside of await findAsides(destination)) {
    if (inodeOf(aside.tag) === inodeOf(await fileTag(destination))) await putBack(settling, aside);
    else if (aside.suffixes.includes('')) writer = (await settleKept(settling, aside)) ?? writer;
    else await discardLogs(settling, aside);
  }
  if (writer === undefined) await unbarLog(destination);
  return writer;
}

/** The run was killed before the rename. Logs of a file that somebody wrote to since fit nothing any more. */
async function putBack({ destination, findings }: Settling, { path, tag, suffixes }: Aside): Promise<void> {
  const unwritten = (await fileTag(destination)) === tag;
  for (const suffix of suffixes) {
    if (suffix === '') await rm(path);
    else if (unwritten && (await fileTag(destination + suffix)) === 'absent')
      await rename(path + suffix, destination + suffix);
    else await keepOrphan(path + suffix, destination, findings);
  }
}

/** What they hold is in the new file; unless the working copy took nobody's place, and somebody else put a file there. */
async function discardLogs({ destination, findings }: Settling, { path, loadId, suffixes }: Aside): Promise<void> {
  const published = (await fileTag(workingCopyPath(destination, loadId))) === 'absent';
  for (const suffix of suffixes) {
    if (published) await rm(path + suffix);
    else await keepOrphan(path + suffix, destination, findings);
  }
}

async function keepOrphan(log: string, destination: string, findings: Settling['findings']): Promise<void> {
  await rename(log, `${log}.orphan`);
  findings.warn(
    `${destination} was written to after a run was killed while publishing; what was committed before is in ${log}.orphan.`,
  );
}

/** A replaced file goes away when nobody writes to it any more; what somebody did write is kept, and said. */
async function settleKept(
  { database, destination, findings }: Settling,
  aside: Aside,
): Promise<LateWriter | undefined> {
  const { path, loadId, tag, suffixes } = aside;
  const writer = await writerOf(database, path);
  if (writer !== undefined) return { writer, path };
  if (suffixes.length === 1 && (await fileTag(path)) === tag) {
    await rm(path);
    return undefined;
  }
  const kept = `${destination}.${loadId}.kept`;
  for (const suffix of suffixes) await rename(path + suffix, kept + suffix);
  findings.warn(
    `A program wrote to ${destination} while load ${loadId} replaced the file. What it committed since is only in ${kept}: take over what is needed, then delete that.`,
  );
  return undefined;
}

async function writerOf(database: Database, path: string): Promise<LockHolder | undefined> {
  try {
    await database.attach(path, REPLACED, { readOnly: true });
  } catch (error) {
    return lockHolder(error);
  }
  await database.detach(REPLACED);
  return undefined;
}

function inodeOf(tag: string): string | undefined {
  return tag.split('-', 1)[0];
}

function stillWriting({ writer, path }: LateWriter, destination: string): string {
  return `${writer.name} still has ${path} open for writing, a file that was replaced. Until it closes that, no other program can write to ${destination}.`;
}
