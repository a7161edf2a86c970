import type { PipelineConfig } from '../../config/pipeline-config.ts';
import type { Allowance } from '../../duckdb/database.ts';
import type { QueryValue } from '../../duckdb/query-stream.ts';
import { qualifiedName } from '../../duckdb/quote.ts';
import { soleStatement } from '../../duckdb/sole-statement.ts';
import type { DatasetTable } from '../../load/described-table.ts';
import { AttachedReader } from '../attached/attached-reader.ts';
import type { DatasetReader, QueryResult } from '../destination.ts';
import type { FilesPlace } from './files-place.ts';
import { namesIn } from './names-in-sql.ts';
import { OpenedFiles } from './opened-files.ts';

type Views = NonNullable<PipelineConfig['pipeline']['views']>;

/** What was published when this was opened. Files are opened, or fetched, when a query names their table. */
export class FilesReader implements DatasetReader {
  readonly tables: readonly DatasetTable[];
  readonly #opened: OpenedFiles | undefined;
  readonly #reader: AttachedReader;
  readonly #views: Views;

  private constructor(opened: OpenedFiles | undefined, reader: AttachedReader, views: Views) {
    this.#opened = opened;
    this.#reader = reader;
    this.#views = views;
    this.tables = reader.tables;
  }

  static async open(place: FilesPlace, dataset: string, views: Views, allowed?: Allowance): Promise<FilesReader> {
    const opened = await OpenedFiles.openIfThere(place, dataset);
    if (opened !== undefined) await makeViews(opened, dataset, views);
    const catalogue = { location: place.store.location, open: async () => opened };
    const reader = await AttachedReader.open(catalogue, dataset, allowed);
    return new FilesReader(opened, reader, views);
  }

  async check(sql: string): Promise<void> {
    await this.#reader.check(sql);
  }

  async query(sql: string, values?: readonly QueryValue[]): Promise<QueryResult> {
    await this.#fill(sql);
    return this.#reader.query(sql, values);
  }

  async writeParquet(sql: string): Promise<number> {
    await this.#fill(sql);
    return this.#reader.writeParquet(sql);
  }

  interruptOn(signal: AbortSignal): () => void {
    return this.#reader.interruptOn(signal);
  }

  close(): void {
    this.#reader.close();
  }

  /** What stands in SQL, and in views whose names do. */
  async #fill(sql: string): Promise<void> {
    await this.#reader.check(sql);
    const named = new Set<string>();
    const follow = (text: string) => {
      for (const name of namesIn(text, this.tables)) {
        if (named.has(name)) continue;
        named.add(name);
        follow(this.#views[name]?.sql ?? '');
      }
    };
    follow(sql);
    await this.#opened?.fill([...named]);
  }
}

// --- internal ---

/** Those of the configuration. One that cannot be made is left out: whoever asks it is told that it is not there. */
async function makeViews({ connection, catalog }: OpenedFiles, dataset: string, views: Views): Promise<void> {
  await connection.run(`use ${qualifiedName(catalog, dataset)}`);
  for (const [name, { sql }] of Object.entries(views)) {
    const view = qualifiedName(catalog, dataset, name);
    await connection.run(`create view ${view} as ${soleStatement(sql)}`).catch(() => undefined);
  }
}
