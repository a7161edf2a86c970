import { readdir, rename, rm, stat } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { walSuffixes } from '../duckdb/wals.ts';
import type { Effects } from '../effects.ts';
import { absentIsUndefined, fileTag } from './file-state.ts';
import { workingCopyPath } from './leftovers.ts';

/** Longer than another run needs between moving the logs and the rename: two calls. */
const SWAP_MS = 2_000;

/**
 * A write-ahead log belongs to the file it was written beside, but DuckDB finds it by name: beside a new file it is silently
 * replayed once more (100 rows became 105). So it steps aside while a new file comes in: `<file>.<load_id>.replaced-<tag>.wal`,
 * in the same folder, where every pipeline that publishes this file finds it, should this one be killed in between.
 */
export interface SteppedAside {
  /** The new file is in: what the logs hold is in it. */
  discard(): Promise<void>;
  /** The old file stays: so do its logs. */
  putBack(): Promise<void>;
}

export async function stepAside(destination: string, loadId: string): Promise<SteppedAside> {
  const aside = `${destination}.${loadId}.replaced-${await fileTag(destination)}`;
  const moved: { from: string; to: string }[] = [];
  const putBack = async () => {
    for (const { from, to } of moved) await rename(to, from);
  };
  try {
    for (const suffix of walSuffixes) {
      const move = { from: destination + suffix, to: aside + suffix };
      if (await renameIfThere(move.from, move.to)) moved.push(move);
    }
  } catch (error) {
    await putBack();
    throw error;
  }
  return {
    putBack,
    discard: async () => {
      for (const { to } of moved) await rm(to, { force: true });
    },
  };
}

/**
 * What a killed run left: logs of the file that still stands there go back beside it, those of a file that was replaced go away.
 * Logs of a file that somebody wrote to in between fit nothing any more; they are kept, and said.
 */
export async function recoverWals(
  destination: string,
  effects: Effects,
  onNote: (note: string) => void,
): Promise<void> {
  const folder = dirname(destination);
  if ((await readdir(folder)).some((name) => asideOf(destination, name) !== undefined)) {
    await effects.sleep(SWAP_MS); // a run that is alive has them back or away by then
  }
  const names = await readdir(folder);
  const tag = await fileTag(destination);
  for (const name of names) {
    const aside = asideOf(destination, name);
    if (aside === undefined) continue;
    const path = join(folder, name);
    const original = destination + aside.suffix;
    const published = !names.includes(basename(workingCopyPath(destination, aside.loadId)));
    if (aside.tag === tag && !names.includes(basename(original))) await rename(path, original);
    else if (published) await rm(path, { force: true });
    else {
      await rename(path, `${path}.orphan`);
      onNote(
        `${destination} was written to after a run was killed while publishing; what was committed before is in ${path}.orphan.`,
      );
    }
  }
}

function asideOf(destination: string, name: string): { loadId: string; tag: string; suffix: string } | undefined {
  const file = basename(destination);
  if (!name.startsWith(`${file}.`)) return undefined;
  const pattern = /^(?<loadId>.+)\.replaced-(?<tag>\d+-\d+|absent)(?<suffix>\.wal(?:\.checkpoint|\.recovery)?)$/;
  const { loadId, tag, suffix } = pattern.exec(name.slice(file.length + 1))?.groups ?? {};
  return loadId === undefined || tag === undefined || suffix === undefined ? undefined : { loadId, tag, suffix };
}

async function renameIfThere(from: string, to: string): Promise<boolean> {
  if ((await stat(from).catch(absentIsUndefined)) === undefined) return false;
  await rename(from, to);
  return true;
}
