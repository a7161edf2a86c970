import type { QueryRow, QueryValue } from '../../duckdb/query-stream.ts';
import { PipelineError } from '../../errors.ts';
import type { DatasetTable } from '../../load/described-table.ts';
import { withoutEnd } from '../../text/ends.ts';
import type { DatasetReader, QueryResult } from '../destination.ts';
import { queryFailed } from '../query-failed.ts';
import type { AskSession, Warehouse } from './warehouse.ts';

/** The dataset as it was when this was opened, asked in SQL of the engine. */
export class WarehouseReader implements DatasetReader {
  readonly tables: readonly DatasetTable[];
  readonly #session: AskSession;
  readonly #writable: string | undefined;

  private constructor(session: AskSession, tables: readonly DatasetTable[], writable: string | undefined) {
    this.#session = session;
    this.tables = tables;
    this.#writable = writable;
  }

  /** @param writable where `writeParquet` writes to */
  static async open({ ask, location, names }: Warehouse, writable?: string): Promise<WarehouseReader> {
    const session = await ask();
    try {
      const tables = await session.describe();
      if (tables.length === 0) throw nothingYet(location, names.dataset);
      return new WarehouseReader(session, tables, writable);
    } catch (error) {
      session.close();
      throw error;
    }
  }

  async check(sql: string): Promise<void> {
    await this.#telling(sql, () => this.#session.check(withoutEnd(sql, '; \t\r\n')));
  }

  async query(sql: string, values: readonly QueryValue[] = []): Promise<QueryResult> {
    const { columns, batches } = await this.#telling(sql, () =>
      this.#session.stream(withoutEnd(sql, '; \t\r\n'), values),
    );
    return { columns, batches: () => this.#batches(sql, batches()) };
  }

  /** DuckDB writes it, from rows as they come. */
  async writeParquet(sql: string): Promise<number> {
    const { writeParquet } = await import('../../duckdb/parquet-file.ts');
    const { columns, batches } = await this.query(sql);
    return writeParquet(this.#writable ?? '', columns, batches());
  }

  /** Until the returned function is called. */
  interruptOn(signal: AbortSignal): () => void {
    const stop = () => this.#session.interrupt();
    signal.addEventListener('abort', stop, { once: true });
    return () => signal.removeEventListener('abort', stop);
  }

  close(): void {
    this.#session.close();
  }

  async *#batches(sql: string, batches: AsyncGenerator<QueryRow[]>): AsyncGenerator<QueryRow[]> {
    try {
      yield* batches;
    } catch (error) {
      throw queryFailed(sql, error, this.tables);
    }
  }

  async #telling<T>(sql: string, work: () => Promise<T>): Promise<T> {
    try {
      return await work();
    } catch (error) {
      throw queryFailed(sql, error, this.tables);
    }
  }
}

// --- internal ---

function nothingYet(location: string, dataset: string): PipelineError {
  return new PipelineError({
    code: 'UsageInvalid',
    message: `${location} has no dataset ${dataset} yet, or this user may not look into it.`,
    hint: 'Load something first: dezgo-elt run',
    facts: { destination: location, dataset },
  });
}
