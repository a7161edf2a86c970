import { join } from 'node:path';
import type { TestDestination, TextRow, TextTables } from '../test-destination.ts';
import { withDatabricks } from './databricks-client.ts';
import { readDelta } from './read-delta.ts';

const whole = process.env.TEST_DATABRICKS ?? 'databricks://token:none@localhost:9?http_path=/none&catalog=none';
const volumes = process.env.TEST_DATABRICKS_VOLUMES;
/** Where Spark keeps its tables: asking it for all of them takes it minutes. */
const warehouse = process.env.TEST_DATABRICKS_WAREHOUSE;
const server = new URL(whole.replace(/^databricks:/, 'https:'));

const settings = (host: string) => ({
  type: 'databricks' as const,
  credentials: {
    server_hostname: host,
    http_path: server.searchParams.get('http_path') ?? '',
    catalog: server.searchParams.get('catalog') ?? '',
    access_token: { secret: 'databricks_token', env: 'TEST_DATABRICKS_TOKEN' },
    connect_timeout: '2s',
  },
  ...(volumes !== undefined && { staging_volume_name: 'spark_catalog.elt.staging', volumes_root: volumes }),
});

/** What the driver needs to talk to Spark. */
const ofNode = Object.fromEntries(
  ['NODE_OPTIONS', 'NODE_EXTRA_CA_CERTS', 'TEST_CLIENTS_databricks_sql'].flatMap((name) => {
    const value = process.env[name];
    return value === undefined ? [] : [[name, value]];
  }),
);

/** As dlt makes it. */
const JSON_IS_TEXT = 'JSON is a string, which programs get as it is';

/** Spark with Delta, or somebody's SQL warehouse. */
export const databricks: TestDestination = {
  name: 'databricks',
  settings: (_, more) => ({ ...settings(server.host), ...more }),
  env: { ...ofNode, TEST_DATABRICKS_TOKEN: decodeURIComponent(server.password) },
  unreachable: () => settings('localhost:9'),
  read: ({ dataset }) =>
    warehouse === undefined
      ? withDatabricks(server, (run) => tablesOf(run, dataset))
      : readDelta(join(warehouse, `${dataset.toLowerCase()}.db`)),
  sql: ({ dataset }, statement) =>
    withDatabricks(server, async (run) => {
      await run(`use ${quoted(dataset)}`);
      await run(statement);
    }),
  drop: ({ dataset }) =>
    withDatabricks(server, async (run) => {
      await run(`drop schema if exists ${quoted(dataset)} cascade`);
    }),
  longestName: { units: 255, of: 'characters' },
  readsOtherwise: {
    integers: 'decimal(38,0) is a DECIMAL, whose values programs get as text',
    ...{ documents: JSON_IS_TEXT, hinted: JSON_IS_TEXT, nuljson: JSON_IS_TEXT },
  },
  lacks: {
    // Both true of Databricks as of Spark.
    hugest: { why: 'decimal(38,0) has 38 digits', refused: /Could not cast value 1701\d+ to DECIMAL\(38,0\)/ },
    widening: { why: 'Delta makes no bigint a double: wider values get a column of their own', variants: true },
    // Databricks could do it, Delta for Spark cannot.
    'required columns': { why: 'a column that is there stays as it is', expected: (tables) => tables },
  },
};

// --- internal ---

type Run = (sql: string) => Promise<readonly Readonly<Record<string, unknown>>[]>;

const quoted = (name: string) => `\`${name.replaceAll('`', '``')}\``;

/** So many tables are asked for in one statement. */
const together = 20;

async function tablesOf(run: Run, dataset: string): Promise<TextTables> {
  const names = (await run(`show tables in ${quoted(dataset)}`)).map(({ tableName }) => String(tableName));
  const tables: Record<string, TextRow[]> = Object.fromEntries(names.map((name) => [name, []]));
  for (let from = 0; from < names.length; from += together) {
    const selects = names.slice(from, from + together).map((name) => selectOf(run, dataset, name));
    for (const { of, cells } of await run((await Promise.all(selects)).join(' union all ')))
      tables[String(of)]?.push(JSON.parse(String(cells)));
  }
  return tables;
}

/** A row as JSON, every value in it as text. */
async function selectOf(run: Run, dataset: string, table: string): Promise<string> {
  const columns = await run(`describe table ${quoted(dataset)}.${quoted(table)}`);
  const texts = columns.map(({ col_name, data_type }) => asText(String(col_name), String(data_type)));
  const cells = `to_json(struct(${texts.join(', ')}), map('ignoreNullFields', 'false'))`;
  return `select '${table}' as of, ${cells} as cells from ${quoted(dataset)}.${quoted(table)}`;
}

function asText(column: string, type: string): string {
  const name = quoted(column);
  return type === 'binary' ? `lower(hex(${name})) as ${name}` : `cast(${name} as string) as ${name}`;
}
