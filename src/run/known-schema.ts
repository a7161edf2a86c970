import { existsSync } from 'node:fs';
import { quotedIdentifier } from '../duckdb/quote.ts';
import { ReadOnlyFile } from '../duckdb/read-only-file.ts';
import { PipelineError } from '../errors.ts';
import { type Destination, readDestination } from '../load/read-destination.ts';
import type { Run } from './run.ts';

/** What is in the published file before a run; undefined when there is no file yet. */
export async function readPublished(run: Run): Promise<Destination | undefined> {
  const { pipeline, source } = run.config;
  return withPublished(run, (file) =>
    readDestination(file.connection, file.catalog, {
      dataset: pipeline.dataset_name,
      schemaName: source.name,
      pipelineName: pipeline.name,
    }),
  );
}

/** Values of the first column of a `query`, read from the published file; none without a file or the table it asks. */
export async function queryIds(run: Run, sql: string): Promise<(string | number)[]> {
  const ids = await withPublished(run, async (file) => {
    const { dataset_name } = run.config.pipeline;
    try {
      await file.connection.run(`use ${quotedIdentifier(file.catalog)}.${quotedIdentifier(dataset_name)}`);
      const rows = await file.connection.rows(sql);
      return rows.map((row) => Object.values(row)[0]).filter((value) => value !== null && value !== undefined);
    } catch (error) {
      if (isMissingTable(error)) return [];
      throw new PipelineError({
        code: 'ConfigInvalid',
        message: `The query \`${sql}\` for parameter values failed: ${error instanceof Error ? error.message : String(error)}`,
        hint: 'Try it with DuckDB on the published file; the dataset is its search path.',
        facts: { query: sql },
        cause: error,
      });
    }
  });
  return (ids ?? []).map((value) => (typeof value === 'number' ? value : String(value)));
}

async function withPublished<T>(run: Run, work: (file: ReadOnlyFile) => Promise<T>): Promise<T | undefined> {
  const { destination, working_dir } = run.config.pipeline;
  if (!existsSync(destination.path)) return undefined;
  const file = await ReadOnlyFile.open(destination.path, working_dir);
  try {
    return await work(file);
  } finally {
    file.close();
  }
}

function isMissingTable(error: unknown): boolean {
  return error instanceof Error && /Catalog Error.*(does not exist|No catalog \+ schema)/s.test(error.message);
}
