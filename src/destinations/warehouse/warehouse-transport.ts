import type { Connection } from '../../duckdb/connection.ts';
import type { Asker } from '../../load/asker.ts';
import type { Fragment } from '../../load/staging/sql-fragment.ts';

/** Signs in; a session that loads is told what. Throws PipelineError DestinationFailed (exit 6): cannot be reached, refuses; ConfigInvalid (exit 2): unknown user, wrong password, no such database. */
export type Connect = (loadId?: string) => Promise<Transport>;

/**
 * One session with an engine: what goes over the wire. Statements run one after another, in the order of the calls, unless `atOnce` says more.
 *
 * What fails throws a PipelineError: ContractViolated (exit 7) for a value that does not fit its column or breaks a constraint,
 * DestinationLocked for a lock that was waited for too long, DestinationFailed (both exit 6) for everything else, with a hint; the message
 * never holds a secret. After a failed statement only `rollback` and `close` are called. `?` in a {@link Fragment} stands for a value but in quotes: see
 * numbered-values.ts for engines that number them.
 */
export interface Transport {
  /** How many statements may run at the same time. Default: 1 */
  readonly atOnce?: number;
  /** Rows of a query, names of columns in lower case. All at once: only of the books, counts and keys. */
  rows(query: Fragment): Promise<readonly ServerRow[]>;
  /** Where no one statement tells it, and the dialect has none: the rows of `Dialect.catalogue`. */
  catalogue?(dataset: string): Promise<readonly ServerRow[]>;
  /** The same of `ViewSql.relations`. */
  relations?(dataset: string): Promise<readonly ServerRow[]>;
  /** How many rows the statement inserted, updated, deleted or merged; 0 for others. Of several statements separated by `;`, which have no values: of the last. */
  execute(statement: Fragment): Promise<number>;
  /**
   * Makes a relation that only this session uses, with the rows of a DuckDB query; gone with the transaction, or when the session
   * is closed. What an earlier session that died left under the same name is replaced.
   *
   * @returns its name as SQL, to stand behind `from`
   */
  stage(rows: StagedRows): Promise<string>;
  /** Where `Dialect.copiesIntoTables`: the rows of a DuckDB query into a table of the dataset. */
  copyInto?(relation: string, rows: StagedRows): Promise<CopiedRows>;
  /** Answers SQL that somebody else wrote, in the transaction that has begun, and lets it change nothing. Throws StatementFailed where the SQL is at fault. */
  readonly asker: Asker;
  /**
   * Runs statements of which somebody else wrote a part, each one statement: all of them or, where one is no good, none, and the
   * transaction goes on. Answers what the engine says against it.
   */
  attempt(statements: readonly string[]): Promise<string | undefined>;
  /** Where the engine has transactions; nothing otherwise. */
  begin(): Promise<void>;
  /** Throws {@link ConnectionLost} where nobody knows whether it was done. */
  commit(): Promise<void>;
  /** Never throws. */
  rollback(): Promise<void>;
  /** Drops what was staged, as far as it is still there. Never throws. */
  close(): Promise<void>;
}

/** Numbers of rows: those of the query, and those that are in the table now. A trigger can leave some out. */
export interface CopiedRows {
  readonly sent: number;
  readonly taken: number;
}

/** Text, numbers and booleans; BIGINT and DECIMAL may come as text or bigint, timestamps as ISO 8601 text in UTC. */
export type ServerValue = string | number | bigint | boolean | null;
export type ServerRow = Readonly<Record<string, ServerValue>>;

/** What goes into a staged file. */
export interface StagedRows {
  /** Unique in its load, and short: `3_keys`. */
  readonly label: string;
  /** Whose rows they are, or keys of them: for messages. */
  readonly table: string;
  /** The columns of `select`, in its order, and their types in the engine: `Carrier.type`. */
  readonly columns: readonly StagedColumn[];
  /** DuckDB SQL, every value as `Carrier.write` gives it. */
  readonly select: Fragment;
  /** Sees the package. */
  readonly connection: Connection;
}

interface StagedColumn {
  readonly name: string;
  readonly type: string;
}

/** The commit was sent, and no answer came. */
export class ConnectionLost extends Error {
  constructor(cause: unknown) {
    super('the connection was lost while the load was committed', { cause });
  }
}
