import { didYouMean } from '../../text/nearest.ts';
import type { Finding } from '../checks/finding.ts';
import { AT_SIGN, type ConnectionString, parseConnectionString } from '../connection-string.ts';
import { Secret } from '../secret.ts';
import type { PostgresCredentials, WrittenPostgres } from './postgres-credentials.ts';
import { defaultSslMode, sslMode } from './tls.ts';

interface Server {
  /** Schemes of connection strings. */
  readonly schemes: readonly string[];
  readonly port: number;
}

/** Parameters of a connection string: those that count, and those that the driver settles for itself. */
const known = ['connect_timeout', 'sslmode', 'sslrootcert', 'sslcert', 'sslkey', 'user', 'password', 'host', 'port'];
const left = ['dbname', 'application_name', 'client_encoding', 'channel_binding', 'gssencmode'];

/** What is wrong with it as a whole; nothing where it is all missing. */
export function connectionProblems(written: WrittenPostgres, server: Server): Finding[] {
  const parsed = parsedString(written, server);
  if (typeof parsed === 'string') return [{ path: [], message: `${parsed}${from(written.connection_string)}` }];
  const about = (message: string) => [{ path: [], message: `${message}${from(written.connection_string)}` }];
  if (parsed !== undefined) {
    const { port = '1', parameters } = parsed;
    const strange = [...parameters.keys()].find((name) => ![...known, ...left].includes(name));
    // The end of a password with `@` and `?` is no name to be shown.
    if (strange !== undefined && [...parameters].some((one) => one.join('').includes('@'))) return about(AT_SIGN);
    if (strange !== undefined)
      return about(`unknown parameter \`${strange.slice(0, 40)}\` of a connection string${didYouMean(strange, known)}`);
    if (!/^\d{1,5}$/.test(port) || Number(port) < 1 || Number(port) > 65_535)
      return about('expected a port from 1 to 65535');
    const mode = parameters.get('sslmode');
    if (mode !== undefined && !sslMode.safeParse(mode).success)
      return about(`expected \`sslmode\` to be one of ${sslMode.options.join(', ')}`);
    if (!/^\d{1,6}$/.test(parameters.get('connect_timeout') ?? '1'))
      return about('expected `connect_timeout` in whole seconds');
  }
  const { host = parsed?.host, database = parsed?.database, username = parsed?.username } = written;
  if (host === undefined && parsed === undefined && database === undefined && username === undefined) return [];
  if (host?.includes(',') === true) return about('expected one host');
  const missing = Object.entries({ host, database, username }).flatMap(([key, value]) => (value ? [] : [`\`${key}\``]));
  return missing.length === 0 ? [] : about(`needs ${missing.join(' and ')}`);
}

/** With every default, where `connectionProblems` has none. @param absolute makes the path of a key one */
export function settledConnection(
  written: WrittenPostgres,
  server: Server,
  absolute: (path: string, key: string) => string,
): PostgresCredentials {
  const found = parsedString(written, server);
  const parsed = typeof found === 'string' ? undefined : found;
  const parameter = (key: string) => parsed?.parameters.get(key) || undefined;
  const file = (key: 'sslrootcert' | 'sslcert' | 'sslkey') => {
    const path = written[key] ?? parameter(key);
    return path === undefined ? undefined : absolute(path, key);
  };
  const host = written.host ?? parsed?.host ?? '';
  const seconds = Number(parameter('connect_timeout') ?? 0);
  const mode = sslMode.safeParse(parameter('sslmode'));
  return {
    host,
    port: written.port ?? Number(parsed?.port ?? server.port),
    database: written.database ?? parsed?.database ?? '',
    username: written.username ?? parsed?.username ?? '',
    password: passwordOf(written, parsed),
    connect_timeout: written.connect_timeout ?? (seconds > 0 ? seconds * 1000 : 15_000),
    sslmode: written.sslmode ?? (mode.success ? mode.data : defaultSslMode(host)),
    sslrootcert: file('sslrootcert'),
    sslcert: file('sslcert'),
    sslkey: file('sslkey'),
    missing: host === '' ? written.connection_string : undefined,
  };
}

// --- internal ---

function parsedString({ connection_string: text }: WrittenPostgres, { schemes }: Server) {
  return text.isMissing ? undefined : parseConnectionString(text.reveal(), schemes);
}

function passwordOf({ password, connection_string: text }: WrittenPostgres, parsed: ConnectionString | undefined) {
  const isGiven = !password.isMissing || !password.isOptional;
  if (isGiven || parsed?.password === undefined) return password;
  return Secret.found('password', parsed.password, text.origin ?? '');
}

/** Where a text came from that nobody sees in the file. */
function from({ origin }: Secret): string {
  return origin === undefined || origin === 'the configuration file' ? '' : ` (from ${origin})`;
}
