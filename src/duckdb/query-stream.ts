import type { DuckDBPreparedStatement, DuckDBResult, DuckDBType, DuckDBValue } from '@duckdb/node-api';
import { PipelineError } from '../errors.ts';
import type { Connection } from './connection.ts';

export interface QueryColumn {
  /** Each only once: the second `a` is `a_1`, as DuckDB names it in a subquery. */
  readonly name: string;
  /** Knows its alias JSON, which those of chunks do not. */
  readonly type: DuckDBType;
}

/** As the driver takes and gives it. */
export type QueryValue = DuckDBValue;
export type QueryRow = readonly QueryValue[];

/** The result of one statement as it comes, never all of it in memory. */
export class QueryStream {
  readonly columns: readonly QueryColumn[];
  readonly #connection: Connection;
  readonly #statement: DuckDBPreparedStatement;
  readonly #result: DuckDBResult;

  private constructor(connection: Connection, statement: DuckDBPreparedStatement, result: DuckDBResult) {
    this.#connection = connection;
    this.#statement = statement;
    this.#result = result;
    const names = distinctNames(result.columnNames());
    this.columns = result.columnTypes().map((type, index) => ({ name: names[index] ?? '', type }));
  }

  /** Throws what DuckDB throws. The connection is busy with it until `batches` has ended, or it is closed. */
  static async open(connection: Connection, statement: DuckDBPreparedStatement): Promise<QueryStream> {
    await connection.run('begin transaction');
    try {
      return new QueryStream(connection, statement, await statement.stream());
    } catch (error) {
      await rollBack(connection);
      throw error;
    }
  }

  /** Rows, some 2,000 at a time, their values in the order of the columns. Throws what DuckDB throws, also half-way. */
  async *batches(): AsyncGenerator<QueryRow[]> {
    try {
      for (;;) {
        const chunk = await this.#result.fetchChunk();
        if (chunk === null || chunk.rowCount === 0) break;
        yield chunk.getRows();
      }
      await this.#requireWhole();
    } finally {
      await rollBack(this.#connection);
    }
  }

  /**
   * A stream that fails half-way only ends, and keeps why to itself. Its transaction takes no further statement then; what the
   * error was, the statement says when it runs once more.
   */
  async #requireWhole(): Promise<void> {
    const failed = await this.#connection.run('select 1').then(
      () => false,
      () => true,
    );
    if (!failed) return;
    await rollBack(this.#connection);
    await this.#statement.run();
    throw new PipelineError({
      code: 'DestinationUnreadable',
      message: 'Reading ended before all rows had come.',
      hint: 'Try it again: the memory may have been too little, or the disk failed for an instant.',
    });
  }
}

/** The second `a` is `a_1`. */
export function distinctNames(names: readonly string[]): string[] {
  const taken = new Set<string>();
  return names.map((name) => {
    let free = name;
    for (let number = 1; taken.has(free); number += 1) free = `${name}_${number}`;
    taken.add(free);
    return free;
  });
}

// --- internal ---

async function rollBack(connection: Connection): Promise<void> {
  await connection.run('rollback').catch(() => undefined); // DuckDB may have done so itself
}
