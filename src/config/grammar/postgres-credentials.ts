import { z } from 'zod';
import type { Secret } from '../secret.ts';
import { about } from './about.ts';
import { optionalSecret } from './secret-schema.ts';
import { defaultSslMode, type SslMode, sslMode } from './tls.ts';
import { timeLimit } from './units.ts';

/** What it takes to open a connection, every default settled. */
export interface PostgresCredentials {
  /** A name, an address (IPv6 without brackets), or the absolute path of the folder of a Unix socket. */
  readonly host: string;
  readonly port: number;
  readonly database: string;
  readonly username: string;
  /** Undefined where none was given: servers can trust, or ask for a certificate. */
  readonly password: Secret | undefined;
  /** Milliseconds. */
  readonly connect_timeout: number;
  readonly sslmode: SslMode;
  /** Absolute path of a file of certificates (PEM) that count instead of those that Node trusts. */
  readonly sslrootcert: string | undefined;
  /** Absolute paths of the client's own certificate and its key (PEM). */
  readonly sslcert: string | undefined;
  readonly sslkey: string | undefined;
}

export const postgresCredentials = z.strictObject({
  host: about('The server: a name, an address, or the folder of its Unix socket', z.string().min(1)),
  port: about('Default `5432`', z.number().int().min(1).max(65_535).default(5432)),
  database: about('The database', z.string().min(1)),
  username: about('The role', z.string().min(1)),
  password: about('Its password', optionalSecret('password')),
  connect_timeout: about('How long a connection may take to open. Default `15s`', timeLimit.default(15_000)),
  sslmode: about(
    "libpq's `sslmode`. Default `verify-full`; `prefer` where the server is on this machine",
    sslMode.optional(),
  ),
  sslrootcert: about(
    "File of the certificates that the server's is checked with, relative to this one",
    z.string().min(1).optional(),
  ),
  sslcert: about("File of the client's certificate, relative to this one", z.string().min(1).optional()),
  sslkey: about("File of the key of the client's certificate, relative to this one", z.string().min(1).optional()),
});

type Written = Omit<z.output<typeof postgresCredentials>, 'password'> & { readonly password?: Secret | undefined };

/** @param absolute makes the path of a key one */
export function completeCredentials(
  { password, sslmode, sslrootcert, sslcert, sslkey, ...written }: Written,
  absolute: (path: string, key: string) => string,
): PostgresCredentials {
  const file = (path: string | undefined, key: string) => (path === undefined ? undefined : absolute(path, key));
  return {
    ...written,
    password,
    sslmode: sslmode ?? defaultSslMode(written.host),
    sslrootcert: file(sslrootcert, 'sslrootcert'),
    sslcert: file(sslcert, 'sslcert'),
    sslkey: file(sslkey, 'sslkey'),
  };
}
