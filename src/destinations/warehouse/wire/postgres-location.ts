import type { PostgresCredentials } from '../../../config/grammar/postgres-credentials.ts';

/** The same from run to run, without the user and the password. */
export function postgresLocation({ host, port, database }: PostgresCredentials, scheme = 'postgres'): string {
  const name = host.startsWith('/') ? encodeURIComponent(host) : host.includes(':') ? `[${host}]` : host;
  return `${scheme}://${name}:${port}/${encodeURIComponent(database)}`;
}
