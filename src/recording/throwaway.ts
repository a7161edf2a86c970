import { mkdtemp, realpath, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { PipelineConfig } from '../config/pipeline-config.ts';
import { PipelineError } from '../errors.ts';
import { reasonOf } from '../files/reason.ts';
import { withoutTelling } from '../run/telling.ts';

/** The pipeline with a destination and a working folder of its own, which are gone when `work` is done. */
export async function inThrowaway<T>(
  config: PipelineConfig,
  work: (throwaway: PipelineConfig) => Promise<T>,
): Promise<T> {
  const folder = await makeFolder(tmpdir());
  try {
    return await work(throwaway(config, folder));
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

// --- internal ---

async function makeFolder(above: string): Promise<string> {
  try {
    return await mkdtemp(join(await realpath(above), 'dezgo-elt-'));
  } catch (cause) {
    throw new PipelineError({
      code: 'DestinationFailed',
      message: `No folder can be made in ${above}, the folder for temporary files: ${reasonOf(cause)}.`,
      hint: 'Let this user write there, or name another folder in the environment variable TMPDIR.',
      facts: { path: above },
      cause,
    });
  }
}

function throwaway(config: PipelineConfig, folder: string): PipelineConfig {
  const { dataset_name } = config.pipeline;
  const untold = withoutTelling(config);
  return {
    ...untold,
    pipeline: {
      ...untold.pipeline,
      // DuckDB names the database after the file: never as the dataset.
      destination: {
        type: 'duckdb',
        path: join(folder, dataset_name.toLowerCase() === 'throwaway' ? 'other.duckdb' : 'throwaway.duckdb'),
        files_dir: join(folder, 'files'),
      },
      working_dir: join(folder, 'work'),
      export_schema_path: undefined,
      archive: { keep: FOR_EVER },
    },
  };
}

/** Milliseconds; it goes with its folder. */
const FOR_EVER = 1e12;
