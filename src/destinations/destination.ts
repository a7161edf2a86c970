import type { Allowance } from '../duckdb/database.ts';
import type { PlainRow } from '../duckdb/plain-rows.ts';
import type { QueryColumn, QueryRow, QueryValue } from '../duckdb/query-stream.ts';
import type { SqlWords } from '../duckdb/quote.ts';
import type { FilePlace } from '../files/file-store.ts';
import type { ValueAsker } from '../load/asker.ts';
import type { DatasetSummary } from '../load/dataset-summary.ts';
import type { DatasetTable } from '../load/described-table.ts';
import type { LoadResult } from '../load/load-result.ts';
import type { PipelineState } from '../load/pipeline-state.ts';
import type { StoredChange, StoredDataset } from '../load/stored-dataset.ts';
import type { Symptom } from '../report/doctor-text.ts';
import type { StoredSchema } from '../schema/table-schema.ts';
import type { DestinationRun } from './destination-run.ts';
import type { Snapshots } from './kept-snapshots.ts';

/** One dataset of one destination, for one pipeline: all that anything outside of `destinations/` knows of it. */
export interface Destination {
  /**
   * Where it is, for messages, and for load packages to tell whose they are: the same from run to run, never with a secret. A
   * path, or a URL.
   */
  readonly location: string;
  /** Where files that rows name are kept. */
  readonly files: FilePlace;
  /**
   * Throws the error that a run would end with before anything is asked of the source. Loads no DuckDB but where its extensions
   * are needed, sends nothing, and leaves nothing behind.
   *
   * @param workingDir which a run makes before it looks, with the folders above it
   */
  check(workingDir: string): Promise<void>;
  /**
   * Copies all of it, as it is now, to where a destination of the same kind finds it; nothing where there is nothing yet.
   *
   * @param location of that one, in a folder that is there
   * @param note told of each table of which only a part is copied
   */
  copyTo(location: string, note: (text: string) => void): Promise<void>;
  /** For the duration of a run. */
  open(run: DestinationRun): Promise<OpenDestination>;
  /**
   * The last loads and the rows of each table; undefined where nothing was ever loaded.
   *
   * @param loads so many. Default: five
   */
  summary(loads?: number): Promise<DatasetSummary | undefined>;
  /** How it is, and what lies about it, for whoever looks for the cause of trouble. Changes nothing, and never throws. */
  examine(): Promise<Symptom[]>;
  /** The newest schema document, and what led to it. */
  books(): Promise<StoredBooks>;
  /** What was kept between the runs of the pipeline, the newest first. */
  states(): Promise<readonly StateVersion[]>;
  /** What it was before its last loads. */
  snapshots(): Promise<Snapshots>;
  /** Makes few large files of many small ones, and deletes what nobody needs; absent where there is nothing of that kind. */
  compact?(run: DestinationRun, how: CompactChoices): Promise<Compaction>;
  /** @throws PipelineError UsageInvalid: there is no such table. */
  rows(table: string): AsyncGenerator<PlainRow>;
  /**
   * What is published now, for SQL that somebody else wrote: the dataset is its search path, and other files, the network,
   * extensions and settings are out of its reach. Open until it is closed.
   *
   * @param allowed `writable`: a file that `writeParquet` writes; `memory` and `threads` are of DuckDB, and nothing to a server
   * @throws PipelineError UsageInvalid: nothing was loaded yet; DestinationLocked, …: it cannot be opened.
   */
  reader(allowed?: Allowance): Promise<DatasetReader>;
  /** For SQL that {@link reader} is asked. Loads what it takes to talk to the engine, and sends nothing. */
  words(): Promise<SqlWords>;
}

export interface CompactChoices {
  /** Of the publish, as a load id is. */
  readonly id: string;
  /** Snapshots that stay, however old they are; at least one. */
  readonly keep: number;
  /** Milliseconds: what is younger stays, snapshots and files that are not needed any more. */
  readonly olderThan: number;
}

export interface Compaction {
  readonly before: DataFiles;
  readonly after: DataFiles;
  readonly expiredSnapshots: number;
  readonly deletedFiles: number;
}

/** Those that hold what is published now. */
export interface DataFiles {
  readonly files: number;
  readonly bytes: number;
}

/** Its methods throw QueryFailed, with the names that there are, for SQL that is no good. One query at a time. */
export interface DatasetReader {
  /** And views. */
  readonly tables: readonly DatasetTable[];
  /** Runs nothing: whether this is one statement that only reads. */
  check(sql: string): Promise<void>;
  query(sql: string, values?: readonly QueryValue[]): Promise<QueryResult>;
  /** @returns how many rows it has */
  writeParquet(sql: string): Promise<number>;
  /** Makes what runs fail when the signal is aborted, until the returned function is called. */
  interruptOn(signal: AbortSignal): () => void;
  close(): void;
}

export interface QueryResult {
  readonly columns: readonly QueryColumn[];
  /** Rows as they come, some 2,000 at a time. */
  batches(): AsyncGenerator<QueryRow[]>;
}

export interface StoredBooks {
  readonly schema: StoredSchema | undefined;
  /** The newest load first. */
  readonly changes: readonly StoredChange[];
}

/** A row of `_dlt_pipeline_state`. */
export interface StateVersion {
  readonly version: number;
  /** As dlt stores it: see `parseState`. */
  readonly stored: string;
  readonly loadId: string;
  /** ISO 8601, UTC. */
  readonly createdAt: string;
}

/** What a run does with it. */
export interface OpenDestination {
  /** What it holds before the run; undefined where there is nothing yet. */
  read(): Promise<StoredDataset | undefined>;
  /**
   * Lets `work` ask what was published before, in SQL of the destination's engine: the dataset is its search path, and files,
   * extensions and settings are out of its reach. Undefined where there is nothing yet.
   *
   * @param memory megabytes, where that is DuckDB
   */
  query<T>(memory: number, work: (asker: ValueAsker) => Promise<T>): Promise<T | undefined>;
  /**
   * Loads the attached package: visible to readers all at once or not at all. May be called again for the same one.
   */
  load(loadId: string, how: LoadChoices): Promise<PublishedLoad>;
  /**
   * Publishes another state as a load of its own, without rows. `change` is asked what becomes of the one that is there, again
   * where somebody else published meanwhile; it may throw.
   */
  writeState(
    loadId: string,
    change: (state: PipelineState | undefined) => PipelineState | undefined,
  ): Promise<Pick<PublishedLoad, 'states'>>;
  /** Equal texts: nobody has written to it in between. It is not opened for that, and nobody is waited for. */
  state(): Promise<string>;
}

export interface LoadChoices {
  /** An earlier run made the package. */
  readonly isRecovered: boolean;
  /** It brings few values: where it is the first, the dataset begins small. */
  readonly isSmall: boolean;
}

export interface PublishedLoad extends LoadResult {
  /** What `state()` was for the load, and what it is with it; absent where others may have written to it meanwhile. */
  readonly states?: { readonly before: string; readonly after: string } | undefined;
}
