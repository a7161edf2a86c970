import type { Parameters, Row } from '../duckdb/connection.ts';

/**
 * Answers SQL in the language of a destination's engine, with the dataset as its search path. A connection to DuckDB is one. Values
 * stand for the `?` of the SQL, in order.
 */
export interface Asker {
  row(sql: string, values?: Parameters): Promise<Row | undefined>;
  rows(sql: string, values?: Parameters): Promise<Row[]>;
  /** Makes the statement that runs fail; none runs: nothing happens. */
  interrupt(): void;
}

/** One that gives values of queries that somebody else wrote, in a transaction that only reads. */
export interface ValueAsker extends Asker {
  /** Answers the names of its columns; `resultRows` gives its rows. */
  keepResult(sql: string): Promise<readonly string[]>;
  /** Of what `keepResult` keeps, `most` at most: small numbers, fractions and booleans as they are, the rest as text. */
  resultRows(columns: readonly string[], most: number): AsyncGenerator<(string | number | boolean | null)[]>;
  /** The values of the first column, without nulls, `most` at most. */
  firstColumn(sql: string, most: number): AsyncGenerator<string | number>;
}

/** What an engine that is not DuckDB says of SQL that it cannot answer. */
export class StatementFailed extends Error {
  readonly about: StatementFault;
  /** The table or schema that is not there. */
  readonly missing: string | undefined;

  constructor(message: string, about: StatementFault, { missing, cause }: { missing?: string; cause?: unknown } = {}) {
    super(message, { cause });
    this.about = about;
    this.missing = missing;
  }
}

/** The SQL fits nothing that is there; or a value is none that it can work with; or it may not be asked. */
export type StatementFault = 'statement' | 'value' | 'rights';

/** Whose fault it is that SQL failed, by what was thrown; undefined of anything else. DuckDB says it with the first word. */
export function statementFault(thrown: unknown): StatementFault | undefined {
  if (thrown instanceof StatementFailed) return thrown.about;
  if (!(thrown instanceof Error)) return undefined;
  if (/^Permission Error/i.test(thrown.message)) return 'rights';
  if (/^(Binder|Catalog|Parser|Not implemented) Error/i.test(thrown.message)) return 'statement';
  return /^(Conversion|Invalid Input|Out of Range) Error/.test(thrown.message) ? 'value' : undefined;
}
