import type {
  SnowflakeConnection,
  SnowflakeSdk,
} from '../../../../src/destinations/warehouse/snowflake/snowflake-sdk.ts';
import type { TestDestination, TextRow, TextTables } from '../test-destination.ts';
import { clientsEnv } from './clients-env.ts';

const account = new URL(process.env.TEST_SNOWFLAKE ?? 'snowflake://nobody:nothing@test/none');
const password = decodeURIComponent(account.password);
const unreachable = 'http://127.0.0.1:9';

const credentials = (access_url = process.env.TEST_SNOWFLAKE_URL) => ({
  host: account.hostname,
  database: account.pathname.slice(1),
  username: decodeURIComponent(account.username),
  password: { secret: 'snowflake_password', env: 'TEST_SNOWFLAKE_PASSWORD' },
  ...Object.fromEntries(account.searchParams),
  ...(access_url === undefined ? {} : { access_url }),
});

/** An emulator: what it cannot do is not known of Snowflake. */
export const snowflake: TestDestination = {
  name: 'snowflake',
  settings: (_, more) => ({ type: 'snowflake', credentials: credentials(), ...more }),
  env: { TEST_SNOWFLAKE_PASSWORD: password, ...clientsEnv },
  unreachable: () => ({
    type: 'snowflake',
    credentials: { ...credentials(unreachable), connect_timeout: '2s' },
  }),
  read: ({ dataset }) => withSession((ask) => tablesOf(ask, dataset)),
  sql: ({ dataset }, statement) =>
    withSession(async (ask) => {
      await ask(`use schema ${quoted(dataset)}`);
      await ask(statement);
    }),
  drop: ({ dataset }) =>
    withSession(async (ask) => {
      await ask(`drop schema if exists ${quoted(dataset)} cascade`);
    }),
  longestName: { units: 255, of: 'characters' },
  readsOtherwise: { integers: 'NUMBER(38,0) is a DECIMAL, whose values programs get as text' },
  lacks: {
    widening: { why: 'a column keeps its type', variants: true },
    'required columns': { why: 'a column that is there stays as it is', expected: (tables) => tables },
    comments: { why: 'the emulator keeps none of columns, and of tables without quotes', expected: (tables) => tables },
    hugest: { why: 'NUMBER has 38 digits', refused: /cannot hold a value/ },
  },
};

// --- internal ---

const quoted = (name: string) => `"${name.toUpperCase().replaceAll('"', '""')}"`;

type Ask = (sql: string, ...values: readonly string[]) => Promise<readonly (readonly (string | null)[])[]>;

async function withSession<T>(work: (ask: Ask) => Promise<T>): Promise<T> {
  const { default: sdk }: { default: SnowflakeSdk } = await import(String('snowflake-sdk'));
  sdk.configure({ logLevel: 'OFF', additionalLogToConsole: false });
  const accessUrl = process.env.TEST_SNOWFLAKE_URL;
  const connection: SnowflakeConnection = sdk.createConnection({
    ...{
      account: account.hostname,
      database: account.pathname.slice(1),
      username: decodeURIComponent(account.username),
      password,
    },
    ...Object.fromEntries(account.searchParams),
    ...(accessUrl === undefined ? {} : { accessUrl }),
    representNullAsStringNull: false,
  });
  await new Promise<void>((resolve, reject) => {
    connection.connectAsync((error) => (error ? reject(error) : resolve())).catch(reject);
  });
  const ask: Ask = (sqlText, ...binds) =>
    new Promise((resolve, reject) => {
      connection.execute({
        sqlText,
        ...(binds.length > 0 && { binds }),
        rowMode: 'array',
        fetchAsString: ['Number', 'Date', 'JSON', 'Buffer'],
        complete: (error, _, rows = []) =>
          error
            ? reject(error)
            : resolve(rows.map((row) => row.map((value) => (value === null ? null : String(value))))),
      });
    });
  try {
    return await work(ask);
  } finally {
    await new Promise((resolve) => connection.destroy(resolve));
  }
}

/** Without what stands beside the tables while a load goes on. */
async function tablesOf(ask: Ask, dataset: string): Promise<TextTables> {
  const columns = await ask(
    `select table_name, column_name, data_type from information_schema.columns
     where table_schema = ? and table_name not like 'ELT_%' order by table_name, ordinal_position`,
    dataset.toUpperCase(),
  );
  const tables: Record<string, TextRow[]> = {};
  for (const table of new Set(columns.map(([name]) => String(name)))) {
    const own = columns.filter(([name]) => name === table);
    const select = own.map(([, column, type]) => asText(String(column), String(type)));
    const rows = await ask(`select ${select.join(', ')} from ${quoted(dataset)}.${quoted(table)}`);
    tables[table.toLowerCase()] = rows.map((row) =>
      Object.fromEntries(own.map(([, name, type], at) => [String(name).toLowerCase(), textOf(row[at] ?? null, type)])),
    );
  }
  return tables;
}

function asText(column: string, type: string): string {
  const name = quoted(column);
  if (type === 'BINARY') return `lower(hex_encode(${name}))`;
  if (type === 'TIMESTAMP_TZ') return `to_char(convert_timezone('UTC', ${name}), 'YYYY-MM-DD HH24:MI:SS.FF6')`;
  return name;
}

/** Times without zeros at the end. */
function textOf(value: string | null, type: string | null | undefined): string | null {
  return type?.startsWith('TIMESTAMP') === true && value !== null
    ? value.replace(/\.0+$|(\.\d*[1-9])0+$/, '$1')
    : value;
}
