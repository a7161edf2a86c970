import type { Allowance } from '../../duckdb/database.ts';
import { interruptUntil } from '../../duckdb/interrupt.ts';
import { type QueryRow, QueryStream, type QueryValue } from '../../duckdb/query-stream.ts';
import { quotedString } from '../../duckdb/quote.ts';
import { readingStatement } from '../../duckdb/reading-statement.ts';
import { soleStatement } from '../../duckdb/sole-statement.ts';
import { PipelineError } from '../../errors.ts';
import type { DatasetTable } from '../../load/described-table.ts';
import type { DatasetReader, QueryResult } from '../destination.ts';
import { queryFailed } from '../query-failed.ts';
import { describeTables } from './describe-tables.ts';
import type { OpenCatalogue, ReadableCatalogue } from './open-catalogue.ts';

/** What was published when this was opened. */
export class AttachedReader implements DatasetReader {
  readonly tables: readonly DatasetTable[];
  readonly #file: OpenCatalogue;
  readonly #writable: string | undefined;

  private constructor(file: OpenCatalogue, tables: readonly DatasetTable[], writable: string | undefined) {
    this.#file = file;
    this.tables = tables;
    this.#writable = writable;
  }

  static async open(catalogue: ReadableCatalogue, dataset: string, allowed: Allowance = {}): Promise<AttachedReader> {
    const { location } = catalogue;
    const file = await catalogue.open();
    if (file === undefined) throw nothingYet(`There is nothing at ${location} yet.`, location);
    try {
      const tables = await describeTables(file.connection, file.catalog, dataset);
      if (tables.length === 0) throw nothingYet(`${location} has no dataset ${dataset} yet.`, location);
      await file.sealIn(dataset, allowed);
      return new AttachedReader(file, tables, allowed.writable);
    } catch (error) {
      file.close();
      throw file.tell(error);
    }
  }

  async check(sql: string): Promise<void> {
    await this.#telling(sql, () => readingStatement(this.#file.connection, sql));
  }

  async query(sql: string, values: readonly QueryValue[] = []): Promise<QueryResult> {
    const { connection } = this.#file;
    const stream = await this.#telling(sql, async () => {
      const statement = await readingStatement(connection, sql);
      statement.bind([...values]);
      return QueryStream.open(connection, statement);
    });
    return { columns: stream.columns, batches: () => this.#batches(sql, stream) };
  }

  async writeParquet(sql: string): Promise<number> {
    const { connection } = this.#file;
    return this.#telling(sql, () =>
      connection.change(
        `copy (${soleStatement(sql)}\n) to ${quotedString(this.#writable ?? '')} (format parquet, use_tmp_file false)`,
      ),
    );
  }

  /** Until the returned function is called. */
  interruptOn(signal: AbortSignal): () => void {
    const ended = new AbortController();
    const stop = () => void interruptUntil(ended.signal, this.#file.connection);
    signal.addEventListener('abort', stop, { once: true });
    return () => {
      signal.removeEventListener('abort', stop);
      ended.abort();
    };
  }

  close(): void {
    this.#file.close();
  }

  async *#batches(sql: string, stream: QueryStream): AsyncGenerator<QueryRow[]> {
    try {
      yield* stream.batches();
    } catch (error) {
      throw this.#told(sql, error);
    }
  }

  async #telling<T>(sql: string, work: () => Promise<T>): Promise<T> {
    try {
      return await work();
    } catch (error) {
      throw this.#told(sql, error);
    }
  }

  #told(sql: string, error: unknown): unknown {
    return queryFailed(sql, this.#file.tell(error), this.tables);
  }
}

export function nothingYet(message: string, path: string): PipelineError {
  return new PipelineError({
    code: 'UsageInvalid',
    message,
    hint: 'Load something first: dezgo-elt run',
    facts: { path },
  });
}
