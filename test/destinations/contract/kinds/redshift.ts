import { inflateSync } from 'node:zlib';
import pg from 'pg';
import type { TestDestination, TextRow, TextTables } from '../test-destination.ts';
import { bucketEnv, testBucket } from './bucket.ts';
import { withoutNul } from './postgres.ts';

const { TEST_REDSHIFT, TEST_REDSHIFT_BUCKET, TEST_REDSHIFT_ROLE } = process.env;
const server = new URL(TEST_REDSHIFT ?? 'redshift://nobody@127.0.0.1:9/none');
const password = decodeURIComponent(server.password);
const bucket = testBucket('TEST_S3');
const isStandIn = TEST_REDSHIFT_BUCKET === undefined;

const credentials = (port = Number(server.port || 5439)) => ({
  host: server.hostname,
  port,
  database: server.pathname.slice(1),
  username: decodeURIComponent(server.username),
  password: { secret: 'redshift_password', env: 'TEST_REDSHIFT_PASSWORD' },
});

const settings = (port?: number) => ({
  type: 'redshift' as const,
  credentials: credentials(port),
  staging: isStandIn
    ? {
        bucket_url: bucket.url,
        credentials: { ...bucket.credentials, aws_secret_access_key: { secret: 'key', env: 'TEST_REDSHIFT_KEY' } },
      }
    : { bucket_url: TEST_REDSHIFT_BUCKET },
  ...(TEST_REDSHIFT_ROLE === undefined ? {} : { staging_iam_role: TEST_REDSHIFT_ROLE }),
});

/** What does `COPY` for the stand-in, in each process that asks for it. */
const copyHook = new URL('../../servers/redshift-copy.mjs', import.meta.url).href;
if (isStandIn) await import(copyHook);

const standInEnv = {
  TEST_S3: process.env.TEST_S3 ?? '',
  TEST_REDSHIFT_KEY: bucket.secrets.aws_secret_access_key ?? '',
  NODE_OPTIONS: `${process.env.NODE_OPTIONS ?? ''} --import=${copyHook}`,
};

/** Without an account: PostgreSQL and moto. */
export const redshift: TestDestination = {
  name: 'redshift',
  settings: (_, more) => ({ ...settings(), ...more }),
  env: {
    ...bucketEnv({ ...bucket, secrets: {} }, ''),
    TEST_REDSHIFT_PASSWORD: password,
    ...(isStandIn ? standInEnv : {}),
  },
  unreachable: () => settings(9),
  read: ({ dataset }) => withClient((client) => tablesOf(client, dataset)),
  sql: ({ dataset }, statement) =>
    withClient(async (client) => {
      await client.query(`set search_path to ${quoted(dataset)}`);
      await client.query(statement);
    }),
  drop: ({ dataset }) =>
    withClient(async (client) => {
      await client.query(`drop schema if exists ${quoted(dataset)} cascade`);
    }),
  readsOtherwise: {
    ...(isStandIn && {
      documents: 'jsonb, in the place of SUPER, writes 1e300 in digits, and a program gets an integer',
    }),
    integers: 'integers beyond 64 bits are decimals there, which come as text',
  },
  longestName: { units: 127, of: 'bytes' },
  lacks: {
    ...(isStandIn && {
      longnames: { why: 'PostgreSQL, in its place, has names of 63 bytes', refused: /specified more than once/ },
    }),
    hugest: { why: 'a number has 38 digits', refused: /Could not cast value 1701\d+ to DECIMAL\(38,0\)/ },
    texts: { why: 'a text has at most 65,535 bytes', refused: /65535/ },
    widening: { why: 'a column keeps its type', variants: true },
    'required columns': { why: 'a column that is there stays as it is', expected: (tables) => tables },
    nulchars: { why: 'Redshift has no character NUL: it is left out, and counted', expected: withoutNul },
    nuljson: { why: 'Redshift has no character NUL in JSON either', expected: withoutNul },
  },
};

// --- internal ---

const quoted = (name: string) => `"${name.toLowerCase().replaceAll('"', '""')}"`;

async function withClient<T>(work: (client: pg.Client) => Promise<T>): Promise<T> {
  const client = new pg.Client({ ...credentials(), user: server.username, password, ssl: isFar });
  await client.connect();
  try {
    await client.query(`set timezone to 'UTC'`);
    return await work(client);
  } finally {
    await client.end();
  }
}

const isFar = !/^(127\.|localhost$)/.test(server.hostname);

async function tablesOf(client: pg.Client, dataset: string): Promise<TextTables> {
  const { rows: columns } = await client.query<{ table: string; column: string; type: string }>(
    `select c.relname as table, a.attname as column, format_type(a.atttypid, -1) as type
     from pg_class as c
     join pg_namespace as n on n.oid = c.relnamespace
     join pg_attribute as a on a.attrelid = c.oid and a.attnum > 0 and not a.attisdropped
     where n.nspname = $1 and c.relkind = 'r' order by c.relname, a.attnum`,
    [dataset.toLowerCase()],
  );
  const tables: Record<string, TextRow[]> = {};
  for (const table of new Set(columns.map((column) => column.table))) {
    const select = columns.filter((column) => column.table === table).map(asText);
    const { rows } = await client.query<TextRow>(
      `select ${select.join(', ')} from ${quoted(dataset)}.${quoted(table)}`,
    );
    tables[table] = table === '_dlt_version' ? rows.map(withDocument) : rows;
  }
  return tables;
}

/** One that is longer than a text can be is packed, as dlt packs it. */
function withDocument({ schema, ...row }: TextRow): TextRow {
  const isPacked = schema != null && !schema.startsWith('{');
  return { ...row, schema: isPacked ? inflateSync(Buffer.from(schema, 'base64')).toString() : (schema ?? null) };
}

function asText({ column, type }: { readonly column: string; readonly type: string }): string {
  const name = quoted(column);
  if (type === 'super') return `json_serialize(${name}) as ${name}`;
  if (/^(varbyte|binary varying)/.test(type)) return `lower(to_hex(${name})) as ${name}`;
  if (type === 'boolean') return `case when ${name} then 'true' when not ${name} then 'false' end as ${name}`;
  if (type === 'timestamp with time zone') return `regexp_replace(${name}::varchar, '[+]00$', '') as ${name}`;
  return `${name}::varchar as ${name}`;
}
