import type { ResolvedResource } from '../config/pipeline-config.ts';
import type { Connection } from '../duckdb/connection.ts';
import { qualifiedName } from '../duckdb/quote.ts';
import { PipelineError } from '../errors.ts';
import { type ResolvedValues, resolveValues } from '../extract/values.ts';
import { type Destination, readDestination } from '../load/read-destination.ts';
import { readLive } from '../publish/read-live.ts';
import { withConnection } from './attached-package.ts';
import type { Run } from './run.ts';

/** What is in the published file before a run; undefined when there is no file yet. */
export async function readPublished(run: Run): Promise<Destination | undefined> {
  const { pipeline, source } = run.config;
  const names = { dataset: pipeline.dataset_name, schemaName: source.name, pipelineName: pipeline.name };
  return withPublished(run, (connection, catalog) => readDestination(connection, catalog, names));
}

/** What the `values` parameters of a resource stand for now. */
export async function valuesNow(run: Run, { endpoint }: ResolvedResource): Promise<ResolvedValues> {
  return resolveValues(endpoint?.params, { env: run.effects.env, queryIds: (sql) => queryIds(run, sql) });
}

/** Values of the first column of a `query`, read from the published file; none without a file or the table it asks. */
async function queryIds(run: Run, sql: string): Promise<(string | number)[]> {
  const ids = await withPublished(run, async (connection, catalog) => {
    try {
      await connection.run(`use ${qualifiedName(catalog, run.config.pipeline.dataset_name)}`);
      await connection.run('begin transaction read only');
      const rows = await connection.rows(sql);
      await connection.run('rollback');
      return rows.map((row) => Object.values(row)[0]).filter((value) => value !== null && value !== undefined);
    } catch (error) {
      if (isMissingTable(error)) return [];
      throw queryFailed(sql, error);
    }
  });
  return (ids ?? []).map((value) => (typeof value === 'number' ? value : String(value)));
}

async function withPublished<T>(
  run: Run,
  work: (connection: Connection, catalog: string) => Promise<T>,
): Promise<T | undefined> {
  const { destination, publish, working_dir } = run.config.pipeline;
  const options = {
    database: run.database,
    path: destination.path,
    publish,
    workingDir: working_dir,
    effects: run.effects,
    signal: run.signal,
    onNote: (text: string) => run.trace.note(text),
  };
  return readLive(options, (catalog) => withConnection(run, (connection) => work(connection, catalog)));
}

function isMissingTable(error: unknown): boolean {
  return error instanceof Error && /Catalog Error.*(does not exist|No catalog \+ schema)/s.test(error.message);
}

function queryFailed(sql: string, error: unknown): PipelineError {
  return new PipelineError({
    code: 'ConfigInvalid',
    message: `The query \`${sql}\` for parameter values failed: ${error instanceof Error ? error.message : String(error)}`,
    hint: 'Try it with DuckDB on the published file; the dataset is its search path.',
    facts: { query: sql },
    cause: error,
  });
}
