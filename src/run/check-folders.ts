import { stat } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import type { PipelineConfig } from '../config/pipeline-config.ts';
import { realFilePath } from '../duckdb/held-files.ts';
import type { PipelineError } from '../errors.ts';
import { tryFolder } from '../files/folder.ts';
import { workingFolderError } from '../files/working-folder.ts';

/** What the longest name that a load needs beside the destination has more. */
const COPY_SUFFIX = '.0000000000.000000.next.wal';

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

/** A run makes no folder there: a mistyped path would go unnoticed. */
async function checkDestination(path: string): Promise<PipelineError[]> {
  const file = realFilePath(path);
  const error = await thrownBy(async () => {
    await stat(dirname(file));
    await tryFolder(dirname(file), basename(file) + COPY_SUFFIX);
  });
  if (error === undefined) return [];
  const { fileError } = await import('../duckdb/file-errors.ts'); // it brings the driver
  return [fileError(error, file)];
}

async function thrownBy(work: () => Promise<unknown>): Promise<unknown> {
  return work().then(
    () => undefined,
    (error: unknown) => error,
  );
}
