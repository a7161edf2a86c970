/** What we use of `snowflake-sdk`, whose own types are not installed where it is not. https://docs.snowflake.com/en/developer-guide/node-js/nodejs-driver */
export interface SnowflakeSdk {
  configure(options: { readonly logLevel: 'OFF'; readonly additionalLogToConsole: false }): void;
  createConnection(options: Readonly<Record<string, unknown>>): SnowflakeConnection;
}

export interface SnowflakeConnection {
  connectAsync(done: (error: Error | undefined) => void): Promise<unknown>;
  execute(statement: {
    readonly sqlText: string;
    readonly binds?: readonly (string | null)[];
    /** Nothing runs; the columns are known. */
    readonly describeOnly?: boolean;
    /** No rows are given to `complete`. */
    readonly streamResult?: boolean;
    readonly rowMode: 'array';
    readonly fetchAsString: readonly ('Number' | 'Date' | 'JSON' | 'Buffer')[];
    readonly complete: (
      error: Error | undefined,
      statement: SnowflakeStatement,
      rows: readonly SnowflakeRow[] | undefined,
    ) => void;
  }): SnowflakeStatement;
  destroy(done: (error: Error | undefined) => void): void;
}

export interface SnowflakeStatement {
  /** Undefined of a statement without a result. */
  getColumns(): readonly SnowflakeColumn[] | undefined;
  /** Of a statement that changes rows; undefined or -1 of others. */
  getNumUpdatedRows(): number | undefined;
  streamRows(): AsyncIterable<SnowflakeRow>;
  cancel(done: (error: Error | undefined) => void): void;
}

export interface SnowflakeColumn {
  getName(): string;
  /** `fixed`, `real`, `text`, `timestamp_tz`, … */
  getType(): string;
  getPrecision(): number | undefined;
  getScale(): number | undefined;
}

/** Values in the order of the columns. */
export type SnowflakeRow = readonly unknown[];
