import type {
  BigqueryAnswer,
  BigqueryClient,
} from '../../../../src/destinations/warehouse/bigquery/bigquery-client.ts';
import type { TestDestination, TextRow, TextTables } from '../test-destination.ts';
import { clientsEnv } from './clients-env.ts';

const server = process.env.TEST_BIGQUERY;
const project = process.env.TEST_BIGQUERY_PROJECT ?? 'test';

const settings = (endpoint = server) => ({
  type: 'bigquery' as const,
  credentials: { project_id: project },
  ...(endpoint === undefined ? {} : { api_endpoint: endpoint }),
});

const WIDE = 'integers beyond 64 bits are numbers with 38 digits behind the point there, which come as text';
const SHORT = 'numbers come without the zeros at their end, from the emulator with an exponent';

/** An emulator: what it cannot do is not known of BigQuery. */
export const bigquery: TestDestination = {
  name: 'bigquery',
  settings: (_, more) => ({ ...settings(), ...more }),
  env: clientsEnv,
  unreachable: () => settings('http://127.0.0.1:9'),
  read: ({ dataset }) => tablesOf(dataset),
  sql: async ({ dataset }, statement) => {
    await ask(statement, dataset);
  },
  drop: async ({ dataset }) => {
    for (const name of [dataset, `${dataset}_staging`]) await ask(`drop schema if exists ${quoted(name)} cascade`);
  },
  longestName: { units: 300, of: 'characters' },
  readsOtherwise: { integers: WIDE, huge: WIDE, decimals: SHORT, hinted: SHORT },
  lacks: {
    hugest: {
      why: 'the emulator keeps 38 digits of a BIGNUMERIC, BigQuery some more',
      refused: /170141183460469231731687303715884105727/,
    },
    widening: { why: 'a column keeps its type', variants: true },
    'required columns': { why: 'a column that is there stays as it is', expected: (tables) => tables },
  },
};

// --- internal ---

const quoted = (name: string) => `\`${name}\``;

let client: BigqueryClient | undefined;

interface Library {
  readonly BigQuery: new (options: object) => BigqueryClient;
}

async function connected(): Promise<BigqueryClient> {
  if (client !== undefined) return client;
  const library = '@google-cloud/bigquery';
  const { BigQuery }: Library = await import(library);
  client = new BigQuery({
    ...{ projectId: project, location: 'US' },
    ...(server !== undefined && { apiEndpoint: server, authClient: { getRequestHeaders: async () => new Headers() } }),
  });
  return client;
}

async function ask(sql: string, dataset?: string): Promise<Required<Pick<BigqueryAnswer, 'rows'>>['rows']> {
  const one = await connected();
  const [job] = await one.createQueryJob({
    query: sql,
    ...(dataset === undefined ? {} : { defaultDataset: { datasetId: dataset } }),
  });
  const answer = await new Promise<BigqueryAnswer>((resolve, reject) => {
    one.request({ uri: `/queries/${job.id}`, qs: { location: 'US', maxResults: 100_000 } }, (error, found) =>
      error ? reject(error) : resolve(found),
    );
  });
  return answer.rows ?? [];
}

async function tablesOf(dataset: string): Promise<TextTables> {
  const from = `${quoted(dataset)}.INFORMATION_SCHEMA.COLUMNS`;
  const columns = (
    await ask(`select table_name, column_name, data_type from ${from} order by 1, ordinal_position`)
  ).map(({ f }) => f.map(({ v }) => String(v)));
  const tables: Record<string, TextRow[]> = {};
  for (const table of new Set(columns.map(([name = '']) => name))) {
    const own = columns.filter(([name]) => name === table);
    const select = own.map(([, column = '', type = '']) => asText(column, type));
    const rows = await ask(`select ${select.join(', ')} from ${quoted(dataset)}.${quoted(table)}`);
    tables[table] = rows.map(({ f }) =>
      Object.fromEntries(own.map(([, column = '', type = ''], at) => [column, textOf(f[at]?.v, type)])),
    );
  }
  return tables;
}

function asText(column: string, type: string): string {
  const name = quoted(column);
  if (type === 'BYTES') return `to_hex(${name}) as ${name}`;
  if (type === 'JSON') return `to_json_string(${name}) as ${name}`;
  // A year before 1000 has less than four digits in its texts.
  if (type === 'TIMESTAMP') return `unix_micros(${name}) as ${name}`;
  return `cast(${name} as string) as ${name}`;
}

function textOf(value: unknown, type: string): string | null {
  if (value === null || value === undefined) return null;
  if (type !== 'TIMESTAMP') return String(value);
  const micros = BigInt(String(value));
  const rest = ((micros % 1_000_000n) + 1_000_000n) % 1_000_000n;
  const seconds = new Date(Number((micros - rest) / 1000n)).toISOString().slice(0, 19).replace('T', ' ');
  return `${seconds}.${String(rest).padStart(6, '0')}`.replace(/\.0*$|0+$/, '');
}
