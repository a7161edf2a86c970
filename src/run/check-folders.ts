import { join } from 'node:path';
import type { PipelineConfig } from '../config/pipeline-config.ts';
import { requirePublishable } from '../destinations/duckdb/publish/destination-checks.ts';
import { realFilePath } from '../duckdb/held-files.ts';
import { asPipelineError, type PipelineError } from '../errors.ts';
import { tryFolder } from '../files/folder.ts';
import { workingFolderError } from '../files/working-folder.ts';

/** Whether a run can write where it has to: into the working folder, and beside the destination. Tried; nothing stays behind. */
export async function checkFolders({ pipeline }: PipelineConfig): Promise<PipelineError[]> {
  const { working_dir, destination } = pipeline;
  return [...(await checkWorkingFolder(working_dir)), ...(await checkDestination(destination.path))];
}

async function checkWorkingFolder(path: string): Promise<PipelineError[]> {
  for (const folder of [path, join(path, 'packages')]) {
    const error = await thrownBy(() => tryFolder(folder));
    if (error !== undefined) return [workingFolderError(error, folder)];
  }
  return [];
}

async function checkDestination(path: string): Promise<PipelineError[]> {
  const error = await thrownBy(() => requirePublishable(realFilePath(path), path));
  return error === undefined ? [] : [asPipelineError(error)];
}

async function thrownBy(work: () => Promise<unknown>): Promise<unknown> {
  return work().then(
    () => undefined,
    (error: unknown) => error,
  );
}
