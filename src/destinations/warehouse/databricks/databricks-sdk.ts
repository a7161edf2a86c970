/** What we use of `@databricks/sql`, whose own types are not installed where it is not. https://docs.databricks.com/aws/en/dev-tools/nodejs-sql-driver */
export interface DatabricksSdk {
  readonly DBSQLClient: new (options: { readonly logger: { log(): void } }) => DatabricksClient;
}

export interface DatabricksClient {
  connect(options: Readonly<Record<string, unknown>>): Promise<unknown>;
  openSession(): Promise<DatabricksClientSession>;
  close(): Promise<unknown>;
}

export interface DatabricksClientSession {
  executeStatement(
    sql: string,
    options: { readonly useCloudFetch: boolean; readonly maxRows: number },
  ): Promise<DatabricksOperation>;
  close(): Promise<unknown>;
}

export interface DatabricksOperation {
  fetchChunk(options: { readonly maxRows: number }): Promise<DatabricksRow[]>;
  hasMoreRows(): Promise<boolean>;
  cancel(): Promise<unknown>;
  close(): Promise<unknown>;
}

/** By column, as the driver gives values: texts stay texts. */
export type DatabricksRow = Readonly<Record<string, unknown>>;
