import { getEventListeners } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { connect, createServer, type Server } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { Secret } from '../../../src/config/secret.ts';
import { loadingSession, postgresWarehouse } from '../../../src/destinations/warehouse/postgres/postgres-session.ts';
import { postgresSettings } from '../../../src/destinations/warehouse/postgres/postgres-settings.ts';
import { makeServerViews } from '../../../src/destinations/warehouse/server-views.ts';
import { WarehouseReader } from '../../../src/destinations/warehouse/warehouse-reader.ts';
import { connectPostgres } from '../../../src/destinations/warehouse/wire/postgres-client.ts';
import { postgresLocation } from '../../../src/destinations/warehouse/wire/postgres-location.ts';
import { jsonCell } from '../../../src/duckdb/cells.ts';
import { Database } from '../../../src/duckdb/database.ts';
import { fragment } from '../../../src/load/staging/sql-fragment.ts';

const url = new URL(process.env.TEST_POSTGRES ?? 'postgresql://nobody@127.0.0.1:9/none');
/** As hostile as a name can be that the server takes. */
const dataset = 'odd"; drop schema "public';

const credentials = {
  host: url.hostname,
  port: Number(url.port),
  database: url.pathname.slice(1),
  username: url.username,
  password: Secret.found('password', decodeURIComponent(url.password), 'here'),
  connect_timeout: 10_000,
  sslmode: 'prefer',
  sslrootcert: undefined,
  sslcert: undefined,
  sslkey: undefined,
} as const;
const place = {
  location: postgresLocation(credentials),
  credentials,
  dataset,
  settings: postgresSettings(dataset),
};
const warehouse = postgresWarehouse(place, { dataset, schemaName: 's', pipelineName: 'p' });
const schema = `"${dataset.replaceAll('"', '""')}"`;
const folder = mkdtempSync(join(tmpdir(), 'dezgo-elt-session-'));

async function admin(sql: string): Promise<void> {
  const client = await connectPostgres(place);
  try {
    await client.query(sql);
  } finally {
    await client.end();
  }
}

beforeAll(() =>
  admin(`drop schema if exists ${schema} cascade; create schema ${schema};
    create table if not exists public.trap (a int);
    create table ${schema}.things (id bigint not null, price numeric(18,4), data jsonb, raw bytea, at timestamptz);
    insert into ${schema}.things values (1, 0.5, '{"a": 1}', '\\x00ff', '2024-02-29 12:00:00.123456+00'), (2, null, null, null, null)`),
);
afterAll(async () => {
  await admin(`drop schema ${schema} cascade; drop table public.trap`);
  rmSync(folder, { recursive: true });
});

async function answer(sql: string, values: readonly (string | bigint)[] = []): Promise<string[]> {
  const reader = await WarehouseReader.open(warehouse);
  try {
    const { columns, batches } = await reader.query(sql, values);
    const rows: string[] = [];
    for await (const batch of batches())
      rows.push(...batch.map((row) => columns.map(({ type }, at) => jsonCell(row[at] ?? null, type)).join(' ')));
    return rows;
  } finally {
    reader.close();
  }
}

describe('SQL that somebody else wrote', () => {
  test('gets exact values, and its own parameters', async () => {
    expect(await answer('select * from things order by id;')).toEqual([
      '1 0.5000 {"a":1} "AP8=" "2024-02-29T12:00:00.123456Z"',
      '2 null null null null',
    ]);
    expect(await answer('select id, ? as "a?" from things where id = ?', ['it?', 2n])).toEqual(['2 "it?"']);
  });

  test.each([
    ['insert into things values (3)', /does more than read/],
    ['with gone as (delete from things returning id) select * from gone', /does more than read/],
    ['explain analyze delete from things', /does more than read/],
    ['select 1; commit; drop table things', /multiple commands/],
    ['select nope from things', /column "nope" does not exist/],
    ['select * from trap', /relation "trap" does not exist/],
    ['', /syntax error/],
  ])('is refused where it does more than read the dataset: %s', async (sql, message) => {
    await expect(answer(sql)).rejects.toMatchObject({ code: 'QueryFailed', message: expect.stringMatching(message) });
    expect(await answer('select count(*) from things')).toEqual(['2']);
  });

  test('ends when it is told to', async () => {
    const reader = await WarehouseReader.open(warehouse);
    const stop = new AbortController();
    reader.interruptOn(stop.signal);
    const asked = reader.query('select pg_sleep(60)');
    stop.abort();
    await expect(asked).rejects.toThrow();
    reader.close();
  });
});

/** Gives on what a client sends until so many bytes came. */
async function failingAfter(bytes: number, fail: (server: Server) => void): Promise<{ port: number; end: () => void }> {
  const server = createServer((client) => {
    const upstream = connect(credentials.port, credentials.host);
    let sent = 0;
    client.on('error', () => undefined).on('close', () => upstream.destroy());
    upstream.on('error', () => undefined).on('close', () => client.destroy());
    upstream.pipe(client);
    client.on('data', (piece) => {
      sent += piece.length;
      if (sent <= bytes) upstream.write(piece);
      else fail(server);
    });
    server.on('fail', () => client.destroy());
    server.on('stall', () => client.pause());
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  return { port: typeof address === 'object' && address !== null ? address.port : 0, end: () => server.close() };
}

async function copied(port: number, value: string, signal?: AbortSignal): Promise<string> {
  const database = await Database.open();
  const session = await loadingSession({ ...place, credentials: { ...credentials, port } }, folder, signal);
  try {
    const connection = await database.connect();
    await session.begin();
    const columns = [
      { name: 'id', type: 'bigint' },
      { name: 'text', type: 'text' },
    ];
    const select = fragment(`select ${value}, repeat('x', 200) from range(20_000) as r(i)`);
    return await session.stage({ label: 'rows', table: 'orders', columns, select, connection });
  } finally {
    await session.rollback();
    await session.close();
    database.close();
  }
}

describe('rows on their way', () => {
  test('a value that does not fit ends the load as one of the contract, and the session can go on', async () => {
    const failed = copied(credentials.port, `case when i = 10_000 then 'x' else i::varchar end`);
    await expect(failed).rejects.toMatchObject({ code: 'ContractViolated', exitCode: 7 });
  });

  test('rows that DuckDB cannot give after those that were sent are its error, and the transaction can be rolled back', async () => {
    const failed = copied(credentials.port, `case when i = 19_000 then error('no more') else i end`);
    await expect(failed).rejects.toThrow('no more');
  });

  test('a row that is refused at the end is one error, and nobody listens to the signal afterwards', async () => {
    const { signal } = new AbortController();
    const database = await Database.open();
    const session = await loadingSession(place, folder, signal);
    const connection = await database.connect();
    const listening = getEventListeners(signal, 'abort').length;
    const columns = [{ name: 'data', type: 'jsonb' }];
    const rows = {
      label: 'rows',
      table: 'orders',
      columns,
      select: fragment(`select '{}' from range(20)`),
      connection,
    };
    for (let times = 0; times < 20; times += 1) {
      await session.begin();
      await expect(session.copyInto?.(`${schema}.things`, rows)).rejects.toMatchObject({ code: 'ContractViolated' });
      await session.rollback();
    }
    expect(getEventListeners(signal, 'abort')).toHaveLength(listening);
    await session.close();
    database.close();
  });

  test('a server that dies is an error of the destination', async () => {
    const { port, end } = await failingAfter(500_000, (server) => server.emit('fail'));
    await expect(copied(port, 'i')).rejects.toMatchObject({ code: 'DestinationFailed', exitCode: 6 });
    end();
  });

  test('who is told to stop does not wait for a server that reads nothing', async () => {
    const stop = new AbortController();
    const { port, end } = await failingAfter(500_000, (server) => {
      server.emit('stall');
      stop.abort(new Error('stopped'));
    });
    await expect(copied(port, 'i', stop.signal)).rejects.toThrow('stopped');
    end();
  });

  test('one column of text can hold what ends a file', async () => {
    const database = await Database.open();
    const session = await loadingSession(place, folder, undefined);
    const connection = await database.connect();
    await session.begin();
    const select = fragment(`select unnest(['\\.', '\\N', '', null])`);
    const staged = await session.stage({
      label: 'k',
      table: 'orders',
      columns: [{ name: 'k', type: 'text' }],
      select,
      connection,
    });
    const rows = await session.rows(fragment(`select k from ${staged}`));
    expect(rows.map(({ k }) => k)).toEqual(['\\.', '\\N', '', null]);
    await session.rollback();
    await session.close();
    database.close();
  });
});

test('a load reads what others committed while it waited, whatever the user is set to', async () => {
  await admin('alter role current_user set default_transaction_isolation to serializable');
  await admin('alter role current_user set idle_in_transaction_session_timeout to 1');
  const session = await loadingSession(place, folder, undefined);
  await admin('alter role current_user reset all');
  const count = () => session.rows(fragment('select count(*) as n from counted'));
  await admin(`create table ${schema}.counted (a int)`);
  await session.begin();
  expect(await count()).toEqual([{ n: 0n }]);
  await admin(`insert into ${schema}.counted values (1)`);
  expect(await count()).toEqual([{ n: 1n }]);
  await session.rollback();
  await session.close();
});

test('views that cannot be made leave the transaction alone; what a user made stays', async () => {
  const session = await loadingSession(place, folder, undefined);
  await session.begin();
  const view = (sql: string) => ({ sql, description: undefined });
  const views = {
    good: view('select id from things;'),
    bad: view('select nope from things'),
    two: view('select 1; drop table things'),
    things: view('select 1 as a'),
  };
  const failures = await makeServerViews({ transport: session, dialect: warehouse.dialect }, dataset, views, true);
  expect(failures.map((failure) => `${failure.view}: ${failure.message}`)).toEqual([
    'bad: column "nope" does not exist',
    'two: cannot insert multiple commands into a prepared statement',
    'things: somebody else made a table or view of that name.',
  ]);
  expect(await session.rows(fragment(`select count(*) as n from good`))).toEqual([{ n: 2n }]);
  await session.rollback();
  await session.close();
});
