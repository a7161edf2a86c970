import { z } from 'zod';
import { nearest } from '../../text/nearest.ts';
import { below, type Finding } from '../checks/finding.ts';
import { type ConnectionString, parseConnectionString } from '../connection-string.ts';
import { Secret } from '../secret.ts';
import { about } from './about.ts';
import { destinationKind } from './destination-kind.ts';
import { asSecretField, secretField, writtenReference } from './secret-schema.ts';
import { filesDir, replaceStrategy } from './shared-keys.ts';
import { timeLimit } from './units.ts';

/** What it takes to open a session, every default settled. Secrets: `revealed()` is undefined where none is there. */
export interface SnowflakeCredentials {
  /** The account, as in its address before `.snowflakecomputing.com`. */
  readonly host: string;
  /** Where it answers, if elsewhere. */
  readonly access_url: string | undefined;
  readonly database: string;
  readonly username: string;
  readonly password: Secret;
  readonly warehouse: string | undefined;
  readonly role: string | undefined;
  readonly authenticator: string | undefined;
  readonly token: Secret;
  /** PEM. */
  readonly private_key: Secret;
  /** Absolute path of a file of it. */
  readonly private_key_path: string | undefined;
  readonly private_key_passphrase: Secret;
  /** Milliseconds. */
  readonly connect_timeout: number;
  /** What was looked for, where nobody says which account (the host is '' then) or what signs in. */
  readonly missing?: Secret | undefined;
}

const text = z.string().min(1).optional();

/** Each as dlt calls it. */
const parts = z.strictObject({
  connection_string: about(
    'All in one: `snowflake://user:password@account/database?warehouse=…&role=…`',
    secretField('credentials'),
  ),
  host: about('The account, as in its address before `.snowflakecomputing.com`', text),
  access_url: about('Where it answers, if elsewhere: `https://…`', z.url({ protocol: /^https?$/ }).optional()),
  database: about('The database; the dataset is a schema in it', text),
  username: about('The user', text),
  password: about('Its password', secretField('password')),
  warehouse: about("Who computes. Default: the user's", text),
  role: about("Default: the user's", text),
  authenticator: about('How the user signs in: `snowflake_jwt`, `oauth`, `programmatic_access_token`, …', text),
  token: about('Of `oauth` and `programmatic_access_token`', secretField('token')),
  private_key: about('Key of the user (PEM), for `snowflake_jwt`', secretField('private_key')),
  private_key_path: about('File of that key, relative to this one', text),
  private_key_passphrase: about('What the key is encrypted with', secretField('private_key_passphrase')),
  connect_timeout: about('How long a session may take to open. Default `60s`', timeLimit.optional()),
});

const whole = z
  .union([z.string().min(1), writtenReference])
  .transform((all): { connection_string?: typeof all | undefined } => ({ connection_string: all }));

const keys = z.strictObject({
  type: about('Snowflake', z.literal('snowflake').default('snowflake')),
  credentials: about(
    'How to sign in: a connection string, or its parts',
    asSecretField(z.union([whole.pipe(parts), parts]).prefault({})),
  ),
  statement_timeout: about('How long one statement may take. Default `2h`', timeLimit.default(7_200_000)),
  files_dir: filesDir,
  replace_strategy: replaceStrategy,
});

type SecretKey = 'connection_string' | 'password' | 'token' | 'private_key' | 'private_key_passphrase';
type Written = Omit<z.output<typeof parts>, SecretKey> & { readonly [Key in SecretKey]: Secret };

export const snowflakeDestination = destinationKind({
  forms: [z.literal('snowflake').transform((type) => keys.parse({ type }, { jitless: true })), keys],
  nameLimit: { longest: 255, unit: 'characters' },
  engine: 'Snowflake',
  problems: ({ credentials }) => below(['credentials'], problemsOf(credentials)),
  complete: ({ credentials, files_dir, ...written }, { absolute }) => ({
    ...written,
    credentials: settled(credentials, (path) => absolute(path, 'credentials', 'private_key_path')),
    files_dir: absolute(files_dir ?? 'files', 'files_dir'),
  }),
});

// --- internal ---

/** Parameters of a connection string that count; others are those of a session of dlt's driver. */
const known = ['warehouse', 'role', 'authenticator', 'private_key_path'] as const;

function parsedString({ connection_string: all }: Written): ConnectionString | string | undefined {
  return all.isMissing ? undefined : parseConnectionString(all.reveal(), ['snowflake']);
}

/** Nothing where it is all missing. */
function problemsOf(written: Written): Finding[] {
  const parsed = parsedString(written);
  if (typeof parsed === 'string') return [{ path: [], message: parsed }];
  for (const name of parsed?.parameters.keys() ?? []) {
    const meant = nearest(name, known);
    if (meant !== undefined && meant !== name)
      return [
        { path: [], message: `unknown parameter \`${name}\` of a connection string, did you mean \`${meant}\`?` },
      ];
  }
  const { host = parsed?.host, database = parsed?.database, username = parsed?.username } = written;
  if (parsed === undefined && [host, database, username].every((part) => part === undefined)) return [];
  const missing = Object.entries({ host, database, username }).flatMap(([key, value]) => (value ? [] : [`\`${key}\``]));
  return missing.length === 0 ? [] : [{ path: [], message: `needs ${missing.join(' and ')}` }];
}

function settled(written: Written, absolute: (path: string) => string): SnowflakeCredentials {
  const found = parsedString(written);
  const parsed = typeof found === 'string' ? undefined : found;
  const part = (key: (typeof known)[number]) => written[key] ?? (parsed?.parameters.get(key) || undefined);
  const key = part('private_key_path');
  const host = written.host ?? parsed?.host ?? '';
  const complete = {
    host,
    access_url: written.access_url,
    // Of `database/schema` the dataset is the schema.
    database: written.database ?? parsed?.database?.split('/')[0] ?? '',
    username: written.username ?? parsed?.username ?? '',
    password: secretOf(written, parsed, 'password'),
    warehouse: part('warehouse'),
    role: part('role'),
    authenticator: part('authenticator'),
    token: secretOf(written, parsed, 'token'),
    private_key: secretOf(written, parsed, 'private_key'),
    private_key_path: key === undefined ? undefined : absolute(key),
    private_key_passphrase: secretOf(written, parsed, 'private_key_passphrase'),
    connect_timeout: written.connect_timeout ?? 60_000,
  };
  return { ...complete, missing: host === '' ? written.connection_string : missingKey(complete) };
}

/** What the way to sign in asks for and is nowhere; other ways, such as a browser, are asked by nobody. */
function missingKey(credentials: SnowflakeCredentials): Secret | undefined {
  const { authenticator = 'snowflake', password, token, private_key, private_key_path } = credentials;
  const hasKey = private_key_path !== undefined || !private_key.isMissing;
  const needed: Readonly<Record<string, Secret | undefined>> = {
    snowflake: credentials.authenticator === undefined && hasKey ? undefined : password,
    snowflake_jwt: hasKey ? undefined : private_key,
    oauth: token,
    programmatic_access_token: token,
  };
  const key = needed[authenticator.toLowerCase()];
  return key?.isMissing === true ? key : undefined;
}

/** A connection string may hold it; what stands beside comes first. */
function secretOf(
  written: Written,
  parsed: ConnectionString | undefined,
  key: Exclude<SecretKey, 'connection_string'>,
) {
  const secret = written[key];
  const value = key === 'password' ? parsed?.password : parsed?.parameters.get(key);
  if (!secret.isMissing || !secret.isOptional || value === undefined) return secret;
  return Secret.found(key, value, written.connection_string.origin ?? '');
}
