import { qualifiedName, quotedIdentifier, quotedString } from '../duckdb/quote.ts';

/** What a snippet opens. */
export interface Opened {
  /** Absolute. */
  readonly path: string;
  readonly dataset: string;
}

const NODE_DRIVER = '@duckdb/node-api';

/** How each client opens the live file read-only, with what it needs to see a newer one. */
export const clientSnippets = {
  python: ({ path, dataset }) => `import duckdb

# Only to read: a connection that can write makes the nightly run wait.
connection = duckdb.connect(${doubleQuoted(path)}, read_only=True)
connection.execute(${doubleQuoted(useSql(dataset))})
print(connection.execute("show tables").fetchall())

# A newer load is seen by who opens the file again after every connection of this process to it is closed.
connection.close()`,

  sql: ({ path, dataset }) => `-- In any DuckDB. Only to read: whoever can write makes the nightly run wait.
attach ${quotedString(path)} as live (type duckdb, read_only);
use ${qualifiedName('live', dataset)};
show tables;

-- A newer load is seen after this, and the lines above once more.
use memory;
detach live;`,

  node: ({ path, dataset }) => `import { DuckDBInstance } from '${NODE_DRIVER}';

// Only to read: a connection that can write makes the nightly run wait.
const instance = await DuckDBInstance.create(${doubleQuoted(path)}, { access_mode: 'READ_ONLY' });
const connection = await instance.connect();
await connection.run(${doubleQuoted(useSql(dataset))});
const tables = await connection.runAndReadAll('show tables');
console.log(tables.getRowObjectsJson());

// A newer load is seen by a new instance.
connection.closeSync();
instance.closeSync();`,

  r: ({ path, dataset }) => `library(duckdb)

# Only to read: a connection that can write makes the nightly run wait.
connection <- dbConnect(duckdb(), dbdir = ${doubleQuoted(path)}, read_only = TRUE)
dbExecute(connection, ${doubleQuoted(useSql(dataset))})
print(dbGetQuery(connection, "show tables"))

# A newer load is seen by who connects again after this.
dbDisconnect(connection, shutdown = TRUE)`,

  jdbc: ({
    path,
    dataset,
  }) => `// DBeaver and others: the URL, and the driver property duckdb.read_only = true. A newer load is seen after "Disconnect" and "Connect".
java.util.Properties properties = new java.util.Properties();
properties.setProperty("duckdb.read_only", "true"); // whoever can write makes the nightly run wait
try (java.sql.Connection connection = java.sql.DriverManager.getConnection(${doubleQuoted(`jdbc:duckdb:${path}`)}, properties);
     java.sql.Statement statement = connection.createStatement()) {
  statement.execute(${doubleQuoted(useSql(dataset))});
  java.sql.ResultSet tables = statement.executeQuery("show tables");
  while (tables.next()) System.out.println(tables.getString(1));
}
// A newer load is seen by who connects again after every connection of this process to the file is closed.`,

  grafana: ({
    path,
    dataset,
  }) => `# provisioning/datasources/dezgo-elt.yaml, for the plugin motherduck-duckdb-datasource
# access_mode: without it the plugin holds the file for writing, and the nightly run waits for Grafana.
# A newer load is seen after the data source is saved again, or Grafana restarted.
# Queries name the dataset: select * from ${plainName(qualifiedName(dataset))}.<table>
apiVersion: 1
datasources:
  - name: ${doubleQuoted(dataset)}
    type: motherduck-duckdb-datasource
    access: proxy
    jsonData:
      path: ${doubleQuoted(`${path}?access_mode=READ_ONLY`)}`,
} as const satisfies Record<string, (opened: Opened) => string>;

export type Client = keyof typeof clientSnippets;

// --- internal ---

function useSql(dataset: string): string {
  return `use ${quotedIdentifier(dataset)}`;
}

/** A string of JSON is one of Python, JavaScript, R, Java and YAML, too; what only looks like a line's end is escaped. */
function doubleQuoted(text: string): string {
  return JSON.stringify(text).replace(
    /[\u007f-\u009f\u2028\u2029]/g,
    (character) => `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`,
  );
}

/** In a comment, of one line. */
function plainName(name: string): string {
  return name.replace(/\s+/g, ' ');
}
