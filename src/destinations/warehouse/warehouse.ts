import type { QueryValue } from '../../duckdb/query-stream.ts';
import type { ValueAsker } from '../../load/asker.ts';
import type { DatasetTable } from '../../load/described-table.ts';
import type { DatasetNames } from '../../load/stored-dataset.ts';
import type { QueryResult } from '../destination.ts';
import type { Dialect } from './dialect.ts';
import type { Server } from './server-dataset.ts';
import type { Connect } from './warehouse-transport.ts';

/** What is asked of one engine: how to reach it, and how to speak to it. */
export interface Warehouse {
  /** For messages, never with a secret. */
  readonly location: string;
  readonly dialect: Dialect;
  readonly names: DatasetNames;
  /** A session for books and counts: it changes nothing. */
  readonly connect: Connect;
  /** A session for SQL that somebody else wrote. */
  readonly ask: () => Promise<AskSession>;
}

/**
 * A session for SQL that somebody else wrote: it only reads, sees one state of the dataset, and has it as its search path. What
 * fails throws StatementFailed where the SQL is at fault, else a PipelineError; the session goes on after the first.
 */
export interface AskSession extends ValueAsker {
  /** Tables and views of the dataset, with their columns. */
  describe(): Promise<readonly DatasetTable[]>;
  /** Throws unless it is one statement that only reads; nothing of it runs. */
  check(sql: string): Promise<void>;
  /** Values stand for the `?` of the SQL. One answer at a time. */
  stream(sql: string, values?: readonly QueryValue[]): Promise<QueryResult>;
  close(): void;
}

/** What `work` reads is of one moment, where the engine has transactions. */
export async function readingServer<T>(
  { connect, dialect }: Pick<Warehouse, 'connect' | 'dialect'>,
  work: (server: Server) => Promise<T>,
): Promise<T> {
  const transport = await connect();
  try {
    await transport.begin();
    const found = await work({ transport, dialect });
    await transport.rollback();
    return found;
  } finally {
    await transport.close();
  }
}
