import { z } from 'zod';
import type { Secret } from '../secret.ts';
import { about } from './about.ts';
import { secretField, writtenReference } from './secret-schema.ts';
import { type SslMode, sslMode } from './tls.ts';
import { timeLimit } from './units.ts';

/** What it takes to open a connection, every default settled. */
export interface PostgresCredentials {
  /** A name, an address (IPv6 without brackets), or the absolute path of the folder of a Unix socket. */
  readonly host: string;
  readonly port: number;
  readonly database: string;
  readonly username: string;
  /** `revealed()`: undefined where none is there and nobody asked for one: servers can trust, or want a certificate. */
  readonly password: Secret | undefined;
  /** Milliseconds. */
  readonly connect_timeout: number;
  readonly sslmode: SslMode;
  /** Absolute path of a file of certificates (PEM) that count instead of those that Node trusts. */
  readonly sslrootcert: string | undefined;
  /** Absolute paths of the client's own certificate and its key (PEM). */
  readonly sslcert: string | undefined;
  readonly sslkey: string | undefined;
  /** Where nobody says where the server is, what was looked for: `reveal()` throws the error. The host is '' then. */
  readonly missing?: Secret | undefined;
}

const text = z.string().min(1).optional();
const file = (what: string) => about(`File (PEM) of ${what}, relative to this one`, text);

/**
 * Written as a connection string, a reference to one, or in parts, which win over those of the string.
 *
 * @param key what it is called in whole among secrets
 */
export function postgresCredentials(key: string, port: number) {
  const parts = z.strictObject({
    connection_string: about('All in one: `postgresql://user:password@host:port/database`', secretField(key)),
    host: about('The server: a name, an address, or the folder of its Unix socket', text),
    port: about(`Default \`${port}\``, z.number().int().min(1).max(65_535).optional()),
    database: about('The database', text),
    username: about('The role', text),
    password: about('Its password', secretField('password')),
    connect_timeout: about('How long a connection may take to open. Default `15s`', timeLimit.optional()),
    sslmode: about(
      "libpq's `sslmode`. Default `verify-full`; `prefer` where the server is on this machine",
      sslMode.optional(),
    ),
    sslrootcert: file('the authorities that the certificate of the server is checked with'),
    sslcert: file('the certificate of the client'),
    sslkey: file('the key of the certificate of the client'),
  });
  const whole = z
    .union([z.string().min(1), writtenReference])
    .transform((all): { connection_string?: typeof all | undefined } => ({ connection_string: all }));
  return { parts, field: z.union([whole.pipe(parts), parts]) };
}

type Parts = z.output<ReturnType<typeof postgresCredentials>['parts']>;
export type WrittenPostgres = Omit<Parts, 'connection_string' | 'password'> & {
  readonly connection_string: Secret;
  readonly password: Secret;
};
