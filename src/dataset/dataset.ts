/// <reference lib="esnext.disposable" preserve="true" />
import type { ConfigFileInput } from '../config/grammar/config-schema.ts';
import type { PipelineConfig } from '../config/pipeline-config.ts';
import { settledConfig } from '../config/settled-config.ts';
import type { DatasetReader } from '../destinations/destination.ts';
import { destinationOf } from '../destinations/destination-kinds.ts';
import type { PlainRow } from '../duckdb/plain-rows.ts';
import { realEffects } from '../effects.ts';
import { PipelineError } from '../errors.ts';
import type { DatasetTable } from '../load/described-table.ts';
import { type Query, SqlQuery } from './dataset-query.ts';
import type { Parameters } from './question.ts';
import { TableQuery } from './table-query.ts';

/** Tables whose rows nobody declared. */
export type AnyTables = Readonly<Record<string, PlainRow>>;

/**
 * What was published, to be asked: read-only, with nothing else in reach. Each question is answered by the newest file, and no
 * file is open between two of them.
 */
export class Dataset<Tables = AnyTables> implements AsyncDisposable {
  readonly #config: Promise<PipelineConfig>;
  readonly #readers = new Set<DatasetReader>();
  #isClosed = false;

  constructor(config: Promise<PipelineConfig>) {
    this.#config = config;
    config.catch(() => undefined); // told to whoever asks first
  }

  /**
   * The tables and views that there are, with columns and comments.
   *
   * @throws PipelineError UsageInvalid: nothing was loaded yet; DestinationLocked, …: the file cannot be opened
   */
  async tables(): Promise<readonly DatasetTable[]> {
    const reader = await this.#open();
    this.#close(reader);
    return reader.tables;
  }

  /** Rows of a table or view; its name is looked up when they are asked for. */
  table<Name extends keyof Tables & string>(name: Name): TableQuery<Tables[Name]> {
    return TableQuery.of<Tables[Name]>(this.#answering, name);
  }

  /** One statement that reads; the dataset is its search path. Each `?` in it stands for the next of `values`. */
  sql<Row = PlainRow>(text: string, values: Parameters = []): Query<Row> {
    return new SqlQuery<Row>(this.#answering, text, values);
  }

  /** Ends the loops over rows that are still open; nothing can be asked afterwards. */
  async close(): Promise<void> {
    this.#isClosed = true;
    for (const reader of [...this.#readers]) this.#close(reader);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.close();
  }

  get #answering() {
    return { open: () => this.#open(), close: (reader: DatasetReader) => this.#close(reader) };
  }

  async #open(): Promise<DatasetReader> {
    const config = await this.#config;
    this.#requireOpen();
    const reader = await destinationOf(config).reader();
    this.#readers.add(reader);
    return reader;
  }

  #close(reader: DatasetReader): void {
    if (this.#readers.delete(reader)) reader.close();
  }

  #requireOpen(): void {
    if (!this.#isClosed) return;
    throw new PipelineError({
      code: 'UsageInvalid',
      message: 'The dataset was closed.',
      hint: 'Make a new one: dataset(config).',
    });
  }
}

/**
 * Asks what a pipeline published. With `Tables`, which `dezgo-elt types` prints, columns and values are typed.
 *
 * @example
 * await using models = dataset<Tables>(await loadConfig('pipeline.config.yaml'));
 * const rows = await models.table('models').select('id', 'name').limit(10).rows();
 */
export function dataset<Tables = AnyTables>(input: PipelineConfig | ConfigFileInput): Dataset<Tables> {
  return new Dataset<Tables>(settledConfig(input, realEffects.env));
}
