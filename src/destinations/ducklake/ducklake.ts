import { dirname } from 'node:path';
import type { PipelineConfig } from '../../config/pipeline-config.ts';
import { realFilePath } from '../../duckdb/held-files.ts';
import { duckdbWords } from '../../duckdb/quote.ts';
import { requirePublishable } from '../attached/publish/destination-checks.ts';
import type { Destination } from '../destination.ts';
import { type LakeSettings, lakeLocation } from './lake-kind.ts';
import { noSnapshotsOfLake } from './lake-snapshots.ts';

/**
 * Parquet files, and a catalogue of them: what DuckDB's extension reads and writes. A catalogue in a DuckDB file is published as that
 * file is, and the Parquet files are only ever added; other catalogues have transactions.
 */
export function ducklake(settings: LakeSettings, { pipeline, source }: PipelineConfig): Destination {
  const { catalog, files_dir: folder } = settings;
  const names = { dataset: pipeline.dataset_name, schemaName: source.name, pipelineName: pipeline.name };
  const location = lakeLocation(settings);
  const lake = {
    location,
    open: async () => (await import('./lake-reading.ts')).LakeReading.open(settings),
  };
  return {
    location,
    files: { folder, base: catalog.type === 'postgres' ? dirname(folder) : dirname(catalog.path) },
    check: async (workingDir) => {
      if (catalog.type === 'duckdb') await requirePublishable(realFilePath(catalog.path), catalog.path, workingDir);
      await (await import('./attach-lake.ts')).requireLakeExtensions(settings);
    },
    copyTo: async (file) => {
      const reading = await lake.open();
      try {
        if (reading !== undefined)
          await (await import('../attached/copy-dataset.ts')).copyDataset(reading, names.dataset, file);
      } finally {
        reading?.close();
      }
    },
    open: async (run) => (await import('./open-lake.ts')).openLake(settings, pipeline, names, run),
    summary: async (loads = 5) =>
      (await import('../attached/summarize-dataset.ts')).summarizeDataset(lake, { ...names, loads }),
    examine: async () => (await import('./examine-lake.ts')).examineLake(settings),
    books: async () => (await import('../attached/read-stored-books.ts')).readStoredBooks(lake, names),
    states: async () => (await import('../attached/read-states.ts')).readStates(lake, names),
    reader: async (allowed) =>
      (await import('../attached/attached-reader.ts')).AttachedReader.open(lake, names.dataset, allowed),
    snapshots: async () => {
      throw noSnapshotsOfLake(location);
    },
    words: async () => duckdbWords,
    rows: async function* (table) {
      yield* (await import('../attached/table-rows.ts')).tableRows(lake, names.dataset, table);
    },
    compact: async (run, how) => (await import('./compact-lake.ts')).compactLake(settings, pipeline, run, how),
  };
}
