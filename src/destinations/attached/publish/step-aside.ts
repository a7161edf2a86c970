import { link, readdir, rename, rm } from 'node:fs/promises';
import { basename, dirname } from 'node:path';
import { walSuffixes, withWals } from '../../../duckdb/wals.ts';
import { isThere } from '../../../files/ordinary-file.ts';
import { fileTag } from './file-state.ts';
import { barLog, unbarLog } from './log-bar.ts';

/**
 * Where the live file's write-ahead logs, and with a writer the file itself, are while a new file comes in and after:
 * `<file>.<load_id>.replaced-<tag>` with the logs named after it, so that DuckDB can open the two together. In the same folder,
 * where every pipeline that publishes this file finds them, should this one be killed in between.
 *
 * A log belongs to the file it was written beside, but DuckDB finds it by name: beside a new file it is silently replayed once
 * more (100 rows became 105).
 */
export class SteppedAside {
  readonly path: string;
  readonly #destination: string;
  readonly #moved: { readonly from: string; readonly to: string }[] = [];

  private constructor(destination: string, path: string) {
    this.#destination = destination;
    this.path = path;
  }

  static async prepare(destination: string, loadId: string): Promise<SteppedAside> {
    return new SteppedAside(destination, asidePath(destination, loadId, await fileTag(destination)));
  }

  async moveLogs(): Promise<void> {
    for (const suffix of walSuffixes) {
      const move = { from: this.#destination + suffix, to: this.path + suffix };
      if (!isThere(move.from)) continue;
      await rename(move.from, move.to);
      this.#moved.push(move);
    }
  }

  /** Keeps the file that is about to be replaced, for a program that goes on writing to it. False: it has begun a new log. */
  async keepFile(): Promise<boolean> {
    if (!(await barLog(this.#destination))) return false;
    await link(this.#destination, this.path);
    return true;
  }

  /**
   * Logs that appeared under the name of the new file before anybody could open that one for writing: somebody writes to the old
   * one who does not respect DuckDB's lock. Answers where they are now.
   */
  async moveForeignLogs(): Promise<string[]> {
    const orphans: string[] = [];
    for (const suffix of walSuffixes) {
      const orphan = `${this.path}${suffix}.orphan`;
      if (!isThere(this.#destination + suffix)) continue;
      await rename(this.#destination + suffix, orphan);
      orphans.push(orphan);
    }
    return orphans;
  }

  /** The old file stays: so do its logs. */
  async putBack(): Promise<void> {
    await unbarLog(this.#destination);
    for (const { from, to } of this.#moved.splice(0)) {
      if (isThere(from))
        await rm(to); // its writer has folded it in and begun a new one
      else await rename(to, from);
    }
    await rm(this.path, { force: true });
  }

  /** The new file is in: what the logs hold is in it. */
  async discard(): Promise<void> {
    for (const file of withWals(this.path)) await rm(file, { force: true });
  }
}

/** What stepped aside and is still there. */
export interface Aside {
  /** Of the file, also where only its logs are there. */
  readonly path: string;
  readonly loadId: string;
  /** Of the file when it stepped aside: see `fileTag`. */
  readonly tag: string;
  /** Of the logs that are there; an empty one for the file itself. */
  readonly suffixes: readonly string[];
}

export async function findAsides(destination: string): Promise<Aside[]> {
  const asides = new Map<string, Aside>();
  for (const name of (await readdir(dirname(destination))).sort()) {
    const { loadId, tag, suffix } = partsOf(destination, name);
    if (loadId === undefined || tag === undefined || suffix === undefined) continue;
    const path = asidePath(destination, loadId, tag);
    asides.set(path, { path, loadId, tag, suffixes: [...(asides.get(path)?.suffixes ?? []), suffix] });
  }
  return [...asides.values()];
}

function asidePath(destination: string, loadId: string, tag: string): string {
  return `${destination}.${loadId}.replaced-${tag}`;
}

function partsOf(destination: string, name: string): { loadId?: string; tag?: string; suffix?: string } {
  const file = basename(destination);
  if (!name.startsWith(`${file}.`)) return {};
  const pattern = /^(?<loadId>.+)\.replaced-(?<tag>\d+-\d+|absent)(?<suffix>(?:\.wal(?:\.checkpoint|\.recovery)?)?)$/;
  return pattern.exec(name.slice(file.length + 1))?.groups ?? {};
}
