import { readdir, rm, rmdir } from 'node:fs/promises';
import { join } from 'node:path';
import { readOwnJson, writeOwnJson } from '../files/own-json.ts';
import { errorCode } from '../files/reason.ts';
import { workingFolderError } from '../files/working-folder.ts';
import type { IncrementalStart } from '../incremental/incremental-start.ts';

/** `archive/<load id>/run.json`: what a run loaded, beside the replies that it got. */
export interface ArchivedRun {
  readonly pipeline: string;
  /** Names of what it loaded. */
  readonly resources: readonly string[];
  readonly from?: string | number | undefined;
  readonly to?: string | number | undefined;
  readonly fullRefresh?: boolean | readonly string[] | undefined;
  /** What its incremental resources began with, by name. */
  readonly starts: Readonly<Record<string, IncrementalStart>>;
  /** The folder of the recording whose replies these are, for messages. */
  readonly recording?: string | undefined;
}

/** `archive/` in the working folder: a folder for each load. */
export function archiveFolder(workingDir: string): string {
  return join(workingDir, 'archive');
}

const RUN_FILE = 'run.json';
export const LOG_FILE = 'replies.log';
export const VALUES_FILE = 'values.jsonl';

export function writeArchivedRun(folder: string, run: ArchivedRun): void {
  writeOwnJson(join(folder, RUN_FILE), run);
}

/** Undefined where that load was not archived. */
export function readArchivedRun(workingDir: string, loadId: string): ArchivedRun | undefined {
  const run = readOwnJson(join(archiveFolder(workingDir), loadId, RUN_FILE));
  return isArchivedRun(run) ? run : undefined;
}

/** Load ids of the archived runs of a pipeline, oldest first. */
export async function archivedLoads(workingDir: string, pipeline: string): Promise<string[]> {
  const folder = archiveFolder(workingDir);
  const names = await readdir(folder).catch((error: unknown) => {
    if (errorCode(error) === 'ENOENT') return [];
    throw workingFolderError(error, folder);
  });
  return names.sort().filter((loadId) => readArchivedRun(workingDir, loadId)?.pipeline === pipeline);
}

/** Removes the archived replies of these loads; what was paid for and is not loaded stays. */
export async function removeArchived(workingDir: string, loadIds: readonly string[]): Promise<void> {
  for (const loadId of loadIds) {
    const folder = join(archiveFolder(workingDir), loadId);
    for (const name of [LOG_FILE, VALUES_FILE, RUN_FILE]) {
      await rm(join(folder, name), { force: true }).catch((error: unknown) => {
        throw workingFolderError(error, join(folder, name));
      });
    }
    await rmdir(folder).catch(() => undefined);
  }
}

// --- internal ---

function isArchivedRun(run: unknown): run is ArchivedRun {
  if (typeof run !== 'object' || run === null) return false;
  const { pipeline, resources, starts }: Partial<Record<keyof ArchivedRun, unknown>> = run;
  return typeof pipeline === 'string' && Array.isArray(resources) && typeof starts === 'object' && starts !== null;
}
