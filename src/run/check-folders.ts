import { join } from 'node:path';
import type { Destination } from '../destinations/destination.ts';
import { asPipelineError, type PipelineError } from '../errors.ts';
import { tryFolder } from '../files/folder.ts';
import { workingFolderError } from '../files/working-folder.ts';
import { packageFolders } from '../package/package-folder.ts';

/** Whether a run can write where it has to: into the working folder, and into the destination. Tried; nothing stays behind. */
export async function checkFolders(workingDir: string, destination: Destination): Promise<PipelineError[]> {
  return [...(await checkWorkingFolder(workingDir)), ...(await checkDestination(destination, workingDir))];
}

async function checkWorkingFolder(path: string): Promise<PipelineError[]> {
  for (const folder of [path, ...packageFolders(join(path, 'packages'))]) {
    const error = await thrownBy(() => tryFolder(folder));
    if (error !== undefined) return [workingFolderError(error, folder)];
  }
  return [];
}

async function checkDestination(destination: Destination, workingDir: string): Promise<PipelineError[]> {
  const error = await thrownBy(() => destination.check(workingDir));
  return error === undefined ? [] : [asPipelineError(error)];
}

async function thrownBy(work: () => Promise<unknown>): Promise<unknown> {
  return work().then(
    () => undefined,
    (error: unknown) => error,
  );
}
