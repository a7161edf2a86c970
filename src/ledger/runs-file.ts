import { constants } from 'node:fs';
import { type FileHandle, open, rename, rm, stat } from 'node:fs/promises';
import { join } from 'node:path';
import type { Effects } from '../effects.ts';
import { endOfLines, linesFromEnd } from '../files/lines-from-end.ts';
import { absentIsUndefined, errorCode } from '../files/reason.ts';
import { makePrivateFolder, workingFolderError } from '../files/working-folder.ts';
import type { RunSummary } from '../report/run-summary-schema.ts';

/** `runs.jsonl`: what each finished run was, a line each. Unlike the ledger it can be read while a run is going on. */
export function runsFile(workingDir: string): string {
  return join(workingDir, 'runs.jsonl');
}

/**
 * Adds the line of a run, durably. Half a line that a killed run left is taken away first, and now and then all but the newest
 * `keep` lines of the pipeline. Throws what the file system says, or an error whose message says what is in the way: see `reasonOf`.
 */
export async function appendRun(
  workingDir: string,
  summary: RunSummary,
  keep: number,
  effects: Pick<Effects, 'sleep'>,
): Promise<void> {
  await makePrivateFolder(workingDir);
  const path = runsFile(workingDir);
  const file = await openOwn(path, constants.O_RDWR | constants.O_CREAT | constants.O_APPEND);
  try {
    const { size, mode } = await file.stat();
    if (size === 0 && (mode & 0o777) !== 0o600) await file.chmod(0o600); // whatever the umask
    const end = size === 0 ? 0 : await wholeLines(file, effects);
    const line = `${JSON.stringify(summary)}\n`;
    const bytes = Buffer.from(line);
    // In one piece: runs of other pipelines may end just now.
    const { bytesWritten } = await file.write(bytes);
    if (bytesWritten < bytes.length) await file.appendFile(bytes.subarray(bytesWritten));
    await file.datasync();
    if (await isLost(file, path, bytes)) return await appendRun(workingDir, summary, keep, effects);
    if (isTimeToForget(end, line, keep))
      await forgetLines(file, path, { pipeline: summary.pipeline, keep }).catch(() => {});
  } finally {
    await file.close();
  }
}

/**
 * Summaries of finished runs, the newest first, of all pipelines of the working folder; also while a run is going on. Only as much
 * of the file is read as is asked for. Lines that are no summary are left out.
 *
 * @throws PipelineError DestinationFailed: the file cannot be read
 */
export async function* runsFromEnd(workingDir: string): AsyncGenerator<RunSummary> {
  const path = runsFile(workingDir);
  try {
    const file = await openOwn(path, constants.O_RDONLY).catch(absentIsUndefined);
    if (file === undefined) return;
    const { runSummarySchema } = await import('../report/run-summary-schema.ts');
    try {
      for await (const line of linesFromEnd(file)) {
        const { data } = runSummarySchema.safeParse(parsed(line));
        if (data !== undefined) yield data;
      }
    } finally {
      await file.close();
    }
  } catch (error) {
    throw workingFolderError(error, path);
  }
}

/**
 * The last `count` finished runs, the newest first, from `runs.jsonl` in the working folder; also while a run is going on.
 *
 * @param pipeline only the runs of this one. @default those of all that share the working folder
 * @throws PipelineError DestinationFailed: the file cannot be read
 * @example
 * const [last] = await lastRuns(config.pipeline.working_dir, 1, config.pipeline.name);
 */
export async function lastRuns(workingDir: string, count: number, pipeline?: string): Promise<RunSummary[]> {
  const runs: RunSummary[] = [];
  for await (const run of runsFromEnd(workingDir)) {
    if (runs.length >= count) break;
    if (pipeline === undefined || run.pipeline === pipeline) runs.push(run);
  }
  return runs;
}

// --- internal ---

/** About a tenth of what a line has. */
const STEP_BYTES = 200;

const LINES_AT_ONCE = 100;
/** How old a shorter file is that nobody is making any more. */
const ABANDONED_MS = 60_000;

/** True where another run put a shorter file in the place of this one just now, without the line. */
async function isLost(file: FileHandle, path: string, line: Buffer): Promise<boolean> {
  const now = await open(path, constants.O_RDONLY | constants.O_NONBLOCK).catch(absentIsUndefined);
  if (now === undefined) return false;
  try {
    const [{ ino: own }, { ino: other, size }] = await Promise.all([file.stat(), now.stat()]);
    return own !== other && size < LONGEST_FILE && !(await now.readFile()).includes(line);
  } finally {
    await now.close();
  }
}

/** What is longer was not made shorter just now. */
const LONGEST_FILE = 500_000_000;

/** Half a line that has not grown for so long is of a run that was killed. */
const STILL_MS = 50;

/** Takes half a line away and answers how long the file is then; one that another run is just writing is waited for. */
async function wholeLines(file: FileHandle, { sleep }: Pick<Effects, 'sleep'>): Promise<number> {
  for (let before = -1; ; ) {
    const end = await endOfLines(file);
    const { size } = await file.stat();
    if (end === size) return end;
    if (size === before) {
      await file.truncate(end);
      return end;
    }
    before = size;
    await sleep(STILL_MS);
  }
}

/** About every tenth part of what is kept: the whole file has to be read for it. */
function isTimeToForget(size: number, line: string, keep: number): boolean {
  const step = keep * STEP_BYTES;
  return Math.floor(size / step) < Math.floor((size + Buffer.byteLength(line)) / step);
}

/**
 * Lines of other pipelines, and those that are none of ours, stay. Where somebody adds a line meanwhile, or the disk is full, a later
 * run does it.
 */
async function forgetLines(
  file: FileHandle,
  path: string,
  { pipeline, keep }: { readonly pipeline: string; readonly keep: number },
): Promise<void> {
  const { size, mtimeMs: changedAt } = await file.stat();
  const isOwn = (line: string) => line.startsWith(`{"pipeline":${JSON.stringify(pipeline)},`);
  let own = 0;
  for await (const line of linesOf(file)) if (isOwn(line)) own += 1;
  if (own <= keep) return;
  const draft = `${path}.next`;
  const { mtimeMs } = await stat(draft).catch(() => ({ mtimeMs: Number.POSITIVE_INFINITY }));
  if (mtimeMs < changedAt - ABANDONED_MS) await rm(draft, { force: true });
  // One that is there is of another run that forgets just now.
  const shorter = await open(draft, 'wx', 0o600);
  try {
    const kept: string[] = [];
    for await (const line of linesOf(file)) {
      if (isOwn(line) && own > keep) own -= 1;
      else if (kept.push(`${line}\n`) === LINES_AT_ONCE) await shorter.appendFile(kept.splice(0).join(''));
    }
    await shorter.appendFile(kept.join(''));
    await shorter.sync();
  } finally {
    await shorter.close();
  }
  if ((await file.stat()).size === size) await rename(draft, path);
  else await rm(draft, { force: true });
}

function linesOf(file: FileHandle): AsyncIterable<string> {
  return file.readLines({ start: 0, autoClose: false });
}

/** A FIFO would be waited for; a link leads to what is somebody else's. */
async function openOwn(path: string, flags: number): Promise<FileHandle> {
  const file = await open(path, flags | constants.O_NONBLOCK | (constants.O_NOFOLLOW ?? 0), 0o600).catch(
    (error: unknown) => {
      throw errorCode(error) === 'ELOOP' ? new Error('it is a symbolic link') : error;
    },
  );
  if ((await file.stat()).isFile()) return file;
  await file.close();
  throw new Error('it is no ordinary file');
}

function parsed(line: string): unknown {
  try {
    return JSON.parse(line);
  } catch {
    return undefined;
  }
}
