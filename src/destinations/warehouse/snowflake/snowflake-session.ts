import { foreignText } from '../../../duckdb/foreign-values.ts';
import { PipelineError } from '../../../errors.ts';
import type { Fragment } from '../../../load/staging/sql-fragment.ts';
import { within } from './snowflake-limit.ts';
import type { SnowflakeColumn, SnowflakeConnection, SnowflakeRow, SnowflakeStatement } from './snowflake-sdk.ts';

export interface SessionParts {
  readonly connection: SnowflakeConnection;
  /** For messages. */
  readonly location: string;
  /** Milliseconds that a statement may take. */
  readonly limit: number;
  /** What ends with its reason, when it is aborted. */
  readonly signal?: AbortSignal | undefined;
}

export interface Answer {
  readonly columns: readonly SnowflakeColumn[];
  readonly rows: readonly SnowflakeRow[];
  readonly changed: number;
  readonly statement: SnowflakeStatement;
}

/** Beyond the limit that the server keeps. */
const GRACE = 30_000;

/** One statement at a time. Throws what the driver throws, and a PipelineError where it never answers. */
export class SnowflakeSession {
  readonly location: string;
  readonly #parts: SessionParts;
  #running: { readonly statement: SnowflakeStatement; readonly fail: (reason: unknown) => void } | undefined;
  readonly #stop = () => {
    this.interrupt();
    this.#running?.fail(this.#parts.signal?.reason);
  };

  constructor(parts: SessionParts) {
    this.#parts = parts;
    this.location = parts.location;
    parts.signal?.addEventListener('abort', this.#stop, { once: true });
  }

  run(statement: Fragment): Promise<Answer> {
    return this.#execute(statement, {});
  }

  /** What its columns are; nothing runs. */
  describe(statement: Fragment): Promise<Answer> {
    return this.#execute(statement, { describeOnly: true });
  }

  /** Its rows are left with the server, for `statement.streamRows()`. */
  open(statement: Fragment): Promise<Answer> {
    return this.#execute(statement, { streamResult: true });
  }

  /** Makes the statement that runs fail. */
  interrupt(): void {
    this.#running?.statement.cancel(() => undefined);
  }

  /** Never throws. */
  async end(): Promise<void> {
    const { signal, connection } = this.#parts;
    signal?.removeEventListener('abort', this.#stop);
    await within(ended(connection), GRACE, () => undefined);
  }

  /** The driver waits for ever where a value of an answer is one that it cannot read: nobody else does. */
  async #execute(statement: Fragment, options: { describeOnly?: true; streamResult?: true }): Promise<Answer> {
    const { limit, location, signal } = this.#parts;
    signal?.throwIfAborted();
    try {
      return await within(this.#sent(statement, options), limit + GRACE, () => {
        this.interrupt();
        throw tooLong(location, limit);
      });
    } finally {
      this.#running = undefined;
    }
  }

  #sent({ sql, values }: Fragment, options: { describeOnly?: true; streamResult?: true }): Promise<Answer> {
    return new Promise((resolve, reject) => {
      const statement = this.#parts.connection.execute({
        ...options,
        sqlText: sql,
        ...(values.length > 0 && { binds: values.map(foreignText) }),
        rowMode: 'array',
        fetchAsString: ['Number', 'Date', 'JSON', 'Buffer'],
        complete: (error, answered, rows) => {
          if (error) return reject(error);
          const columns = answered.getColumns() ?? [];
          const changed = Math.max(0, answered.getNumUpdatedRows() ?? 0);
          resolve({ columns, rows: rows ?? [], changed, statement: answered });
        },
      });
      this.#running = { statement, fail: reject };
    });
  }
}

/** Never throws: a connection that is not quite there, or no more, has none to end. */
export function ended(connection: SnowflakeConnection): Promise<void> {
  return new Promise((resolve) => {
    try {
      connection.destroy(() => resolve());
    } catch {
      resolve();
    }
  });
}

// --- internal ---

function tooLong(location: string, limit: number): PipelineError {
  return new PipelineError({
    code: 'DestinationFailed',
    message: `${location} did not finish a statement within ${Math.round(limit / 1000)} s.`,
    hint: '`statement_timeout` of the destination allows more.',
    facts: { destination: location, milliseconds: limit },
  });
}
