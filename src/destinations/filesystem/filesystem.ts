import { dirname, join } from 'node:path';
import type { DestinationConfigs } from '../../config/grammar/destination-schema.ts';
import type { PipelineConfig } from '../../config/pipeline-config.ts';
import { duckdbWords } from '../../duckdb/quote.ts';
import type { Destination } from '../destination.ts';
import { noSnapshots } from './files-errors.ts';
import type { FilesPlace } from './files-place.ts';

/** Parquet in dlt's layout, in a folder or a bucket: a load is files, and a marker that makes them count. */
export function filesystem(
  settings: DestinationConfigs['filesystem'],
  { pipeline, source }: PipelineConfig,
): Destination {
  const { bucket_url, files_dir: folder } = settings;
  const dataset = pipeline.dataset_name;
  const names = { dataset, schemaName: source.name, pipelineName: pipeline.name };
  const location = bucket_url.includes('://') ? `${withoutSlash(bucket_url)}/${dataset}` : join(bucket_url, dataset);
  async function within<T>(work: (place: FilesPlace) => Promise<T>): Promise<T> {
    const place = await placeOf();
    try {
      return await work(place);
    } finally {
      place.store.close?.();
    }
  }
  const placeOf = async () => (await import('./open-place.ts')).openPlace(settings, pipeline);
  return {
    location,
    files: { folder, base: dirname(folder) },
    check: () => within(({ store }) => store.tryOut()),
    copyTo: (path) => within(async (place) => (await import('./copy-files.ts')).copyDataset(place, dataset, path)),
    open: async (run) => new (await import('./open-filesystem.ts')).OpenFilesystem(await placeOf(), names, run),
    summary: (loads = 5) =>
      within(async (place) => (await import('./read-files.ts')).summarizeFiles(place, dataset, loads)),
    examine: async () => (await import('./examine-files.ts')).examineFiles(within),
    books: () => within(async (place) => (await import('./read-files.ts')).readFileBooks(place, names)),
    states: () => within(async (place) => (await import('./read-files.ts')).readFileStates(place, names)),
    reader: async (allowed) =>
      (await import('./files-reader.ts')).FilesReader.open(await placeOf(), dataset, pipeline.views ?? {}, allowed),
    snapshots: async () => {
      throw noSnapshots(location);
    },
    words: async () => duckdbWords,
    rows: async function* (table) {
      yield* (await import('./read-files.ts')).fileRows(await placeOf(), dataset, table);
    },
  };
}

// --- internal ---

function withoutSlash(url: string): string {
  return url.endsWith('/') ? url.slice(0, -1) : url;
}
