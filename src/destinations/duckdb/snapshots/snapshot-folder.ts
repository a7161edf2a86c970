import { readdir, rename, rm, stat } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { fileError } from '../../../duckdb/file-errors.ts';
import { withWals } from '../../../duckdb/wals.ts';
import { absentIsUndefined, errorCode } from '../../../files/reason.ts';
import type { Snapshot } from '../../../load/snapshot.ts';
import { flushFolder } from '../../attached/publish/flush.ts';
import { LABEL, readSnapshotLabel, type SnapshotLabel } from './snapshot-label.ts';

const DRAFT = '.next';

/**
 * `<live file>.snapshots/`: a folder each, `<load id>/`, with the file under its own name, so that its queries work there, its
 * write-ahead logs and a label. Beside the live file, because a second name of it costs nothing there. `<id>.next/` is one that
 * is being taken.
 */
export class SnapshotFolder {
  readonly path: string;
  readonly #live: string;

  /** @param live the live file, with all symbolic links resolved */
  constructor(live: string) {
    this.#live = live;
    this.path = `${live}.snapshots`;
  }

  /** Of all datasets, the one that was taken last first. */
  async list(): Promise<(Snapshot & Pick<SnapshotLabel, 'dataset'>)[]> {
    const found = await Promise.all((await this.#names()).map((id) => this.#snapshot(id)));
    return found.filter((one) => one !== undefined).sort((a, b) => (a.replacedBy < b.replacedBy ? 1 : -1));
  }

  async remove(id: string): Promise<void> {
    await rm(join(this.path, id), { recursive: true, force: true }).catch((error: unknown) => {
      throw fileError(error, join(this.path, id));
    });
  }

  /** Where one that is being taken has its file. */
  draftFile(id: string): string {
    return join(this.draft(id), basename(this.#live));
  }

  draft(id: string): string {
    return join(this.path, id + DRAFT);
  }

  /** Makes a draft one of the snapshots, durably, and answers its id. */
  async keep(draft: string, loadId: string): Promise<string> {
    for (let number = 1; ; number += 1) {
      const id = number === 1 ? loadId : `${loadId}-${number}`;
      const path = join(this.path, id);
      if ((await stat(path).catch(absentIsUndefined)) !== undefined) continue;
      await rename(draft, path);
      await flushFolder(this.path);
      return id;
    }
  }

  /**
   * Settles what killed processes left, as the holder of the destination's lock: a draft of a file that was replaced becomes a
   * snapshot, one of the live file itself goes.
   */
  async settle(): Promise<void> {
    const live = await inodeOf(this.#live);
    for (const name of await this.#entries()) {
      if (!name.endsWith(DRAFT)) continue;
      const draft = join(this.path, name);
      const label = readSnapshotLabel(join(draft, LABEL));
      const inode = await inodeOf(join(draft, basename(this.#live)));
      if (label === undefined || inode === undefined || inode === live)
        await rm(draft, { recursive: true, force: true });
      else await this.keep(draft, label.loadId);
    }
  }

  async #names(): Promise<string[]> {
    return (await this.#entries()).filter((name) => /^\d+\.\d+(-\d+)?$/.test(name));
  }

  #entries(): Promise<string[]> {
    return readdir(this.path).catch((error: unknown) => {
      if (errorCode(error) === 'ENOENT') return [];
      throw fileError(error, this.path);
    });
  }

  /** Undefined of a folder that somebody else made. */
  async #snapshot(id: string): Promise<(Snapshot & Pick<SnapshotLabel, 'dataset'>) | undefined> {
    const folder = join(this.path, id);
    const label = readSnapshotLabel(join(folder, LABEL));
    if (label === undefined) return undefined;
    const { loadId, loadedAt, takenAt, replacedBy, tables, dataset } = label;
    const file = join(folder, basename(this.#live));
    const sizes = await Promise.all(
      withWals(file).map(async (path) => (await stat(path).catch(() => undefined))?.size), // who opens it is told why
    );
    const rows = Object.values(tables).reduce((sum, count) => sum + count, 0);
    const bytes = sizes.reduce<number>((sum, size = 0) => sum + size, 0);
    return { id, loadId, loadedAt, takenAt, replacedBy, rows, tables, bytes, file, dataset };
  }
}

// --- internal ---

/** Undefined of what cannot be looked at. */
async function inodeOf(path: string): Promise<number | undefined> {
  return (await stat(path).catch(() => undefined))?.ino;
}
