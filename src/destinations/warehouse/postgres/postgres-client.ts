import { readFile } from 'node:fs/promises';
import type { Client, ClientConfig } from 'pg';
import type { PostgresCredentials } from '../../../config/grammar/postgres-credentials.ts';
import { quotedIdentifier } from '../../../duckdb/quote.ts';
import { requireClient } from '../../require-client.ts';
import { postgresError } from './postgres-errors.ts';
import { postgresLocation } from './postgres-location.ts';

/** What a session is opened with. */
export interface PostgresPlace {
  readonly credentials: PostgresCredentials;
  /** The only schema in which names without one are looked up. */
  readonly dataset: string;
}

/**
 * A session that is signed in, with settings under which every value has one text.
 *
 * @throws PipelineError DestinationFailed: unreachable, refused; ConfigInvalid: who signs in is not known, or may not
 */
export async function connectPostgres({ credentials, dataset }: PostgresPlace): Promise<Client> {
  const { default: pg } = await requireClient('pg', () => import('pg'));
  credentials.missing?.reveal();
  await credentials.password?.revealed();
  try {
    const client = await opened(pg.Client, credentials);
    client.on('error', () => undefined); // whoever waits for an answer is told; without a listener it would end the process
    await client.query(sessionSettings(dataset));
    return client;
  } catch (error) {
    throw postgresError(error, postgresLocation(credentials));
  }
}

/** Ends what a session does, by another one; where that cannot be, the session itself. Never throws. */
export async function cancelQuery(client: Client, place: PostgresPlace): Promise<void> {
  try {
    const other = await connectPostgres(place);
    try {
      await other.query('select pg_cancel_backend($1)', [backendOf(client)]);
    } finally {
      await other.end();
    }
  } catch {
    await client.end().catch(() => undefined);
  }
}

// --- internal ---

/** The driver has it, its types do not. */
function backendOf(client: Client): unknown {
  return Reflect.get(client, 'processID');
}

async function opened(kind: typeof Client, credentials: PostgresCredentials): Promise<Client> {
  const { sslmode, host } = credentials;
  if (sslmode === 'disable' || host.startsWith('/')) return open(kind, credentials, false);
  const tls = await tlsOf(credentials);
  try {
    return await open(kind, credentials, tls);
  } catch (error) {
    const isPlain = error instanceof Error && error.message.includes('does not support SSL');
    if (sslmode !== 'prefer' || !isPlain) throw error;
    return open(kind, credentials, false);
  }
}

async function open(kind: typeof Client, credentials: PostgresCredentials, ssl: ClientConfig['ssl']): Promise<Client> {
  const { host, port, database, username, password, connect_timeout } = credentials;
  const client = new kind({
    ...{ host, port, database, user: username, ssl },
    password: async () => (await password?.revealed()) ?? '', // never that of the environment
    connectionTimeoutMillis: connect_timeout,
    keepAlive: true,
    keepAliveInitialDelayMillis: 60_000,
    application_name: 'dezgo-elt',
    options: ' ',
    types: { getTypeParser: () => (text: string) => text },
  });
  try {
    await client.connect();
    return client;
  } catch (error) {
    client.on('error', () => undefined);
    client.end().catch(() => undefined); // the first error is the one to tell
    throw error;
  }
}

/** As libpq does: an authority that is named is asked, also where nothing more than encryption was wanted. */
async function tlsOf({ sslmode, sslrootcert, sslcert, sslkey }: PostgresCredentials): Promise<ClientConfig['ssl']> {
  const isChecked = sslmode === 'verify-full' || sslmode === 'verify-ca' || sslrootcert !== undefined;
  const own = { cert: await pem(sslcert), key: await pem(sslkey), ca: await pem(sslrootcert) };
  return {
    rejectUnauthorized: isChecked,
    ...(sslmode === 'verify-full' ? {} : { checkServerIdentity: () => undefined }),
    ...Object.fromEntries(Object.entries(own).filter(([, text]) => text !== undefined)),
  };
}

async function pem(path: string | undefined): Promise<string | undefined> {
  return path === undefined ? undefined : readFile(path, 'utf8');
}

/** Whatever the database or the user is set to. */
function sessionSettings(dataset: string): string {
  return [
    `set search_path to ${quotedIdentifier(dataset)}`,
    "set time zone 'UTC'",
    "set datestyle to 'ISO, YMD'",
    "set intervalstyle to 'postgres'",
    "set bytea_output to 'hex'",
    'set extra_float_digits to 1',
    'set standard_conforming_strings to on',
    'set client_min_messages to error',
    "set client_encoding to 'UTF8'",
  ].join('; ');
}
