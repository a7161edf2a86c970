import { readLive } from '../destinations/duckdb/publish/read-live.ts';
import { readDataset } from '../destinations/duckdb/read-dataset.ts';
import type { Connection } from '../duckdb/connection.ts';
import type { Database } from '../duckdb/database.ts';
import { spillFolder } from '../files/working-folder.ts';
import type { StoredDataset } from '../load/stored-dataset.ts';
import type { Run } from './open-run.ts';

/** What is in the published file before a run; undefined when there is no file yet. */
export async function readPublished(run: Run): Promise<StoredDataset | undefined> {
  const { pipeline, source } = run.config;
  const names = { dataset: pipeline.dataset_name, schemaName: source.name, pipelineName: pipeline.name };
  return withPublished(run, run.database, (connection, catalog) => readDataset(connection, catalog, names));
}

/** Lets `work` read the published file in this DuckDB; undefined when there is no file yet. */
export async function withPublished<T>(
  run: Run,
  database: Database,
  work: (connection: Connection, catalog: string) => Promise<T>,
): Promise<T | undefined> {
  const { destination, publish, working_dir } = run.config.pipeline;
  const options = {
    database,
    path: destination.path,
    publish,
    workingDir: spillFolder(working_dir),
    effects: run.effects,
    signal: run.signal,
    onNote: (text: string) => run.trace.note(text),
  };
  return readLive(options, async (catalog) => {
    const connection = await database.connect();
    try {
      return await work(connection, catalog);
    } finally {
      connection.close();
    }
  });
}
