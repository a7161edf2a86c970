import { mkdtemp, realpath, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { PipelineConfig } from '../config/pipeline-config.ts';

/** The pipeline with a destination and a working folder of its own, which are gone when `work` is done. */
export async function inThrowaway<T>(
  config: PipelineConfig,
  work: (throwaway: PipelineConfig) => Promise<T>,
): Promise<T> {
  const folder = await mkdtemp(join(await realpath(tmpdir()), 'dezgo-elt-'));
  try {
    return await work(throwaway(config, folder));
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

// --- internal ---

function throwaway(config: PipelineConfig, folder: string): PipelineConfig {
  const { dataset_name } = config.pipeline;
  return {
    ...config,
    pipeline: {
      ...config.pipeline,
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
