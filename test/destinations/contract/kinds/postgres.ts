import pg from 'pg';
import type { TestDestination, TextRow, TextTables } from '../test-destination.ts';

const server = new URL(process.env.TEST_POSTGRES ?? 'postgresql://nobody@127.0.0.1:9/none');
const password = decodeURIComponent(server.password);

/** What a configuration says of the server. */
export const credentials = (port = Number(server.port)) => ({
  host: server.hostname,
  port,
  database: server.pathname.slice(1),
  username: server.username,
  password: { secret: 'postgres_password', env: 'TEST_POSTGRES_PASSWORD' },
});

/** What a run finds in its environment. */
export const postgresEnv = { TEST_POSTGRES_PASSWORD: password };

/** A real server, of whatever version this machine has. */
export const postgres: TestDestination = {
  name: 'postgres',
  settings: (_, more) => ({ type: 'postgres', credentials: credentials(), ...more }),
  env: postgresEnv,
  unreachable: () => ({ type: 'postgres', credentials: credentials(9) }),
  read: ({ dataset }) => withClient((client) => tablesOf(client, dataset)),
  sql: ({ dataset }, statement) =>
    withClient(async (client) => {
      await client.query(`set search_path to ${quoted(dataset)}`);
      await client.query(statement);
    }),
  drop: ({ dataset }) => dropSchema(dataset),
  longestName: { units: 63, of: 'bytes' },
  readsOtherwise: { documents: 'jsonb writes 1e300 in digits, and a program gets an integer' },
  lacks: {
    hinted: {
      why: 'a timestamp has the digits that its hint asks for, a wei 78 after the point',
      expected: withMilliseconds,
    },
    nulchars: { why: 'PostgreSQL has no character NUL: it is left out, and counted', expected: withoutNul },
    nuljson: { why: 'PostgreSQL has no character NUL in JSON either', expected: withoutNul },
  },
};

/** With all that is in it. */
export function dropSchema(name: string): Promise<void> {
  return withClient(async (client) => {
    await client.query(`drop schema if exists ${quoted(name)} cascade`);
  });
}

// --- internal ---

const quoted = (name: string) => `"${name.replaceAll('"', '""')}"`;

async function withClient<T>(work: (client: pg.Client) => Promise<T>): Promise<T> {
  const client = new pg.Client({ ...credentials(), user: server.username, password });
  await client.connect();
  try {
    await client.query(`set timezone to 'UTC'`);
    return await work(client);
  } finally {
    await client.end();
  }
}

async function tablesOf(client: pg.Client, dataset: string): Promise<TextTables> {
  const { rows: columns } = await client.query<{ table: string; column: string; type: string }>(
    `select table_name as table, column_name as column, data_type as type from information_schema.columns
     where table_schema = $1 order by table_name, ordinal_position`,
    [dataset],
  );
  const tables: Record<string, TextRow[]> = {};
  for (const table of new Set(columns.map((column) => column.table))) {
    const select = columns.filter((column) => column.table === table).map(asText);
    const { rows } = await client.query<TextRow>(
      `select ${select.join(', ')} from ${quoted(dataset)}.${quoted(table)}`,
    );
    tables[table] = rows;
  }
  return tables;
}

function asText({ column, type }: { readonly column: string; readonly type: string }): string {
  const name = quoted(column);
  if (type === 'bytea') return `encode(${name}, 'hex') as ${name}`;
  if (type === 'timestamp with time zone') return `regexp_replace(${name}::text, '[+]00$', '') as ${name}`;
  return `${name}::text as ${name}`;
}

/** As characters, and as escapes in JSON. */
export function withoutNul(tables: TextTables): TextTables {
  const stripped = (text: string) => text.replaceAll('\0', '').replaceAll(/(?<!\\)((?:\\\\)*)\\u0000/g, '$1');
  const row = (cells: TextRow): TextRow =>
    Object.fromEntries(Object.entries(cells).map(([name, value]) => [name, value === null ? null : stripped(value)]));
  return Object.fromEntries(Object.entries(tables).map(([name, rows]) => [name, rows.map(row)]));
}

function withMilliseconds(tables: TextTables): TextTables {
  const rows = (tables.hinted ?? []).map((row) => ({
    ...row,
    rough: row.rough?.slice(0, '2026-01-01 00:00:00.123'.length) ?? null,
  }));
  return { ...tables, hinted: rows };
}
