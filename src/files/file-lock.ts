import { link, open, readFile, rename, rm } from 'node:fs/promises';
import { hostname } from 'node:os';
import { dirname } from 'node:path';
import { type Effects, isAlive } from '../effects.ts';
import { makeFolder } from './folder.ts';
import { errorCode } from './reason.ts';

/** Milliseconds. */
const POLL = 100;
/** So long nobody keeps a lock that lives: its machine is gone. */
const LONGEST = 600_000;

/**
 * Does `work` while nobody else does so with the same path: another process, or another part of this one. The lock is a file that
 * names its holder; that of a process which is gone is taken over. Throws what the file system says, or the signal's reason.
 */
export async function whileLocked<T>(
  path: string,
  effects: Pick<Effects, 'now' | 'sleep'>,
  signal: AbortSignal,
  work: () => Promise<T>,
): Promise<T> {
  await makeFolder(dirname(path), 0o700);
  await lock(path, effects, signal);
  try {
    return await work();
  } finally {
    await rm(path, { force: true });
  }
}

// --- internal ---

let locks = 0;

async function lock(path: string, effects: Pick<Effects, 'now' | 'sleep'>, signal: AbortSignal): Promise<void> {
  locks += 1;
  const own = `${process.pid} ${hostname()} ${effects.now()} ${locks}`;
  let seen = { holder: own, since: 0 };
  for (;;) {
    signal.throwIfAborted();
    if (await isMade(path, own)) return;
    const holder = await readFile(path, 'utf8').catch(() => undefined);
    if (holder === undefined) continue;
    if (holder !== seen.holder) seen = { holder, since: effects.now() };
    if (isGone(holder) || effects.now() - seen.since > LONGEST) await takeAway(path, holder, own);
    else await effects.sleep(POLL, signal);
  }
}

async function isMade(path: string, own: string): Promise<boolean> {
  try {
    const file = await open(path, 'wx', 0o600);
    await file.writeFile(own).finally(() => file.close());
    return true;
  } catch (error) {
    if (errorCode(error) === 'EEXIST') return false;
    throw error;
  }
}

function isGone(holder: string): boolean {
  const [pid, host] = holder.split(' ');
  return host === hostname() && !isAlive(Number(pid));
}

/** Aside first: whoever was quicker may have made a lock of its own meanwhile, which is put back. */
async function takeAway(path: string, holder: string, own: string): Promise<void> {
  const aside = `${path}.${own.replace(/\W+/g, '-')}`;
  await rename(path, aside).catch(() => undefined);
  const taken = await readFile(aside, 'utf8').catch(() => holder);
  if (taken !== holder) await link(aside, path).catch(() => undefined);
  await rm(aside, { force: true });
}
