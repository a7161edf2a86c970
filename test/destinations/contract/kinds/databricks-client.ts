interface Session {
  executeStatement(
    sql: string,
    options: object,
  ): Promise<{ fetchAll(): Promise<Record<string, unknown>[]>; close(): Promise<unknown> }>;
  close(): Promise<unknown>;
}

interface Client {
  connect(options: object): Promise<unknown>;
  openSession(): Promise<Session>;
  close(): Promise<unknown>;
}

interface Sdk {
  readonly DBSQLClient: new (options: object) => Client;
}

/** Lets `work` run statements, one after another. */
export async function withDatabricks<T>(
  server: URL,
  work: (run: (sql: string) => Promise<Record<string, unknown>[]>) => Promise<T>,
): Promise<T> {
  const name: string = '@databricks/sql'; // a type checker would look for it
  const sdk: Sdk = await import(name);
  const client = new sdk.DBSQLClient({ logger: { log: () => undefined } });
  await client.connect({
    ...{ host: server.hostname, port: Number(server.port || 443), path: server.searchParams.get('http_path') },
    ...{ token: decodeURIComponent(server.password), telemetryEnabled: false },
  });
  const session = await client.openSession();
  const run = async (sql: string) => {
    const operation = await session.executeStatement(sql, { useCloudFetch: false });
    const rows = await operation.fetchAll();
    await operation.close();
    return rows;
  };
  try {
    await run(`set catalog ${server.searchParams.get('catalog')}`);
    await run("set time zone 'UTC'");
    return await work(run);
  } finally {
    await session.close();
    await client.close();
  }
}
