import { dirname } from 'node:path';
import type { DestinationConfigs } from '../../config/grammar/destination-schema.ts';
import type { PipelineConfig } from '../../config/pipeline-config.ts';
import { fileError } from '../../duckdb/file-errors.ts';
import { realFilePath } from '../../duckdb/held-files.ts';
import { duckdbWords } from '../../duckdb/quote.ts';
import { copyDatabaseFile } from '../attached/publish/copy-file.ts';
import { requirePublishable } from '../attached/publish/destination-checks.ts';
import type { Destination } from '../destination.ts';
import type { DestinationRun } from '../destination-run.ts';

/** A DuckDB file: a load goes to a working copy that takes the place of the live file. The driver is loaded when it is needed. */
export function duckdbFile(
  { path, files_dir: folder }: DestinationConfigs['duckdb'],
  { pipeline, source }: PipelineConfig,
): Destination {
  const names = { dataset: pipeline.dataset_name, schemaName: source.name, pipelineName: pipeline.name };
  const catalogue = {
    location: path,
    open: async () => (await import('../../duckdb/read-only-file.ts')).ReadOnlyFile.openIfThere(path),
  };
  const keeperOf = async (run: DestinationRun, loadId: string) => {
    const { snapshots } = pipeline.publish;
    if (snapshots === undefined) return undefined;
    const { snapshotKeeper } = await import('./snapshots/snapshot-keeper.ts');
    return snapshotKeeper(path, pipeline, snapshots.keep, run, loadId);
  };
  return {
    location: path,
    files: { folder, base: dirname(path) },
    check: (workingDir) => requirePublishable(realFilePath(path), path, workingDir),
    copyTo: async (copy) => {
      const from = realFilePath(path);
      await copyDatabaseFile(from, copy).catch((error: unknown) => {
        throw fileError(error, from);
      });
    },
    open: async (run) =>
      new (await import('../attached/open-attached-file.ts')).OpenAttachedFile(
        { path, pipeline, names, keeperOf },
        run,
      ),
    summary: async (loads = 5) =>
      (await import('../attached/summarize-dataset.ts')).summarizeDataset(catalogue, { ...names, loads }),
    examine: async () => (await import('../attached/examine-file.ts')).examineFile(path),
    books: async () => (await import('../attached/read-stored-books.ts')).readStoredBooks(catalogue, names),
    states: async () => (await import('../attached/read-states.ts')).readStates(catalogue, names),
    reader: async (allowed) =>
      (await import('../attached/attached-reader.ts')).AttachedReader.open(catalogue, names.dataset, allowed),
    snapshots: async () =>
      (await import('./snapshots/snapshots-of-file.ts')).snapshotsOfFile({ path, pipeline }, names),
    words: async () => duckdbWords,
    rows: async function* (table) {
      yield* (await import('../attached/table-rows.ts')).tableRows(catalogue, names.dataset, table);
    },
  };
}
