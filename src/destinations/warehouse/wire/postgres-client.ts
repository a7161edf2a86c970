import { readFile } from 'node:fs/promises';
import { checkServerIdentity } from 'node:tls';
import type { Client, ClientConfig } from 'pg';
import type { PostgresCredentials } from '../../../config/grammar/postgres-credentials.ts';
import { PipelineError } from '../../../errors.ts';
import { errorCode, reasonOf } from '../../../files/reason.ts';
import { requireClient } from '../../require-client.ts';
import { postgresError } from './postgres-errors.ts';

/** What a session is opened with: of PostgreSQL, or of an engine that speaks its protocol. */
export interface PostgresPlace {
  /** For messages, never with a secret. */
  readonly location: string;
  readonly credentials: PostgresCredentials;
  /** The only schema in which names without one are looked up. */
  readonly dataset: string;
  /** SQL under which every value has one text, whatever the database or the user is set to. */
  readonly settings: string;
}

/**
 * A session that is signed in, with settings under which every value has one text.
 *
 * @throws PipelineError DestinationFailed: unreachable, refused; ConfigInvalid: who signs in is not known, or may not
 */
export async function connectPostgres({ location, credentials, settings }: PostgresPlace): Promise<Client> {
  const { default: pg } = await requireClient('pg', () => import('pg'));
  await credentials.password?.revealed();
  credentials.missing?.reveal();
  try {
    const client = await opened(pg.Client, credentials);
    client.on('error', () => undefined); // whoever waits for an answer is told; without a listener it would end the process
    await client.query(settings);
    return client;
  } catch (error) {
    throw postgresError(error, location);
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
async function tlsOf({
  host,
  sslmode,
  sslrootcert,
  sslcert,
  sslkey,
}: PostgresCredentials): Promise<ClientConfig['ssl']> {
  const isChecked = sslmode === 'verify-full' || sslmode === 'verify-ca' || sslrootcert !== undefined;
  const own = {
    cert: await pem('sslcert', sslcert),
    key: await pem('sslkey', sslkey),
    ca: await pem('sslrootcert', sslrootcert),
  };
  return {
    rejectUnauthorized: isChecked,
    // The driver tells Node no name where `host` is an address, and Node would look for `localhost`.
    checkServerIdentity: (_, certificate) =>
      sslmode === 'verify-full' ? checkServerIdentity(host, certificate) : undefined,
    ...Object.fromEntries(Object.entries(own).filter(([, text]) => text !== undefined)),
  };
}

async function pem(key: string, path: string | undefined): Promise<string | undefined> {
  if (path === undefined) return undefined;
  return readFile(path, 'utf8').catch((error: unknown) => {
    throw new PipelineError({
      code: 'ConfigInvalid',
      message: `The file that \`credentials.${key}\` names cannot be read: ${path}: ${reasonOf(error)}.`,
      hint: 'Correct `credentials` of the destination, or let this user read it.',
      facts: { path, reason: errorCode(error) },
      cause: error,
    });
  });
}
