import { z } from 'zod';
import { below, type Finding } from '../checks/finding.ts';
import { type ConnectionString, parseConnectionString } from '../connection-string.ts';
import { Secret } from '../secret.ts';
import { about } from './about.ts';
import { destinationKind } from './destination-kind.ts';
import { asSecretField, secretField, writtenReference } from './secret-schema.ts';
import { filesDir, replaceStrategy } from './shared-keys.ts';
import { timeLimit } from './units.ts';

/** What it takes to talk to a SQL warehouse, every default settled. */
export interface DatabricksCredentials {
  /** With its port, where that is not 443. */
  readonly server_hostname: string;
  readonly http_path: string;
  readonly catalog: string;
  /** `revealed()`: undefined where none is there; `client_id` and `client_secret` sign in then. */
  readonly access_token: Secret;
  readonly client_id: string | undefined;
  readonly client_secret: Secret;
  /** Milliseconds. */
  readonly connect_timeout: number;
  /** What was looked for, where nobody says where the warehouse is (the host is '' then) or what signs in. */
  readonly missing: Secret | undefined;
}

const text = z.string().min(1).optional();

const parts = z.strictObject({
  connection_string: about(
    'All in one: `databricks://token:ACCESS_TOKEN@HOST?http_path=…&catalog=…`',
    secretField('credentials'),
  ),
  server_hostname: about('The workspace: `adb-….azuredatabricks.net`', text),
  http_path: about('Of the SQL warehouse: `/sql/1.0/warehouses/…`', text),
  catalog: about('The catalog; the dataset is a schema in it', text),
  access_token: about('A personal access token', secretField('access_token')),
  client_id: about('Of a service principal, instead of a token', text),
  client_secret: about('Its OAuth secret', secretField('client_secret')),
  connect_timeout: about(
    'How long a session may take to open: a warehouse that sleeps has to start. Default `10m`',
    timeLimit.optional(),
  ),
});

const whole = z
  .union([z.string().min(1), writtenReference])
  .transform((all): { connection_string?: typeof all | undefined } => ({ connection_string: all }));

const keys = z.strictObject({
  type: about('A SQL warehouse of Databricks', z.literal('databricks').default('databricks')),
  credentials: about(
    'How to sign in: a connection string, or its parts',
    asSecretField(z.union([whole.pipe(parts), parts]).prefault({})),
  ),
  staging_volume_name: about(
    'Volume for files of loads, `catalog.schema.volume`. Default: `_dlt_staging_load_volume` in the dataset, which is made',
    z
      .string()
      .regex(/^[^.]+\.[^.]+\.[^.]+$/, 'expected `catalog.schema.volume`')
      .optional(),
  ),
  volumes_root: about(
    'Folder under which the engine sees volumes. Default `/Volumes`; another one is for test servers',
    z.string().startsWith('/').default('/Volumes'),
  ),
  files_dir: filesDir,
  replace_strategy: replaceStrategy,
});

type SecretKey = 'connection_string' | 'access_token' | 'client_secret';
type Written = Omit<z.output<typeof parts>, SecretKey> & { readonly [Key in SecretKey]: Secret };

export const databricksDestination = destinationKind({
  forms: [z.literal('databricks').transform((type) => keys.parse({ type }, { jitless: true })), keys],
  nameLimit: { longest: 255, unit: 'characters' },
  engine: 'Databricks',
  problems: ({ credentials }) => below(['credentials'], problemsOf(credentials)),
  complete: ({ credentials, files_dir, ...written }, { absolute }) => ({
    ...written,
    credentials: settled(credentials),
    files_dir: absolute(files_dir ?? 'files', 'files_dir'),
  }),
});

// --- internal ---

function parsedString({ connection_string: all }: Written): ConnectionString | string | undefined {
  return all.isMissing ? undefined : parseConnectionString(all.reveal(), ['databricks']);
}

function placeOf(written: Written, parsed: ConnectionString | undefined) {
  const port = parsed?.port === undefined || parsed.port === '443' ? '' : `:${parsed.port}`;
  const host = parsed?.host === undefined ? undefined : `${parsed.host}${port}`;
  const named = written.server_hostname?.replace(/^https?:\/\//i, '').replace(/\/$/, '');
  return {
    server_hostname: named ?? host,
    http_path: written.http_path ?? parsed?.parameters.get('http_path'),
    catalog: written.catalog ?? parsed?.parameters.get('catalog') ?? parsed?.database,
  };
}

/** Nothing where it is all missing. */
function problemsOf(written: Written): Finding[] {
  const parsed = parsedString(written);
  if (typeof parsed === 'string') return [{ path: [], message: parsed }];
  const place = placeOf(written, parsed);
  if (parsed === undefined && Object.values(place).every((part) => part === undefined)) return [];
  const missing = Object.entries(place).flatMap(([key, value]) => (value ? [] : [`\`${key}\``]));
  return missing.length === 0 ? [] : [{ path: [], message: `needs ${missing.join(' and ')}` }];
}

function settled(written: Written): DatabricksCredentials {
  const found = parsedString(written);
  const parsed = typeof found === 'string' ? undefined : found;
  const { server_hostname = '', http_path = '', catalog = '' } = placeOf(written, parsed);
  const access_token = tokenOf(written, parsed);
  const { client_id, client_secret } = written;
  const signsIn = client_id === undefined ? access_token : client_secret;
  return {
    ...{ server_hostname, http_path, catalog, client_id, client_secret, access_token },
    connect_timeout: written.connect_timeout ?? 600_000,
    missing: server_hostname === '' ? written.connection_string : signsIn.isMissing ? signsIn : undefined,
  };
}

function tokenOf(
  { access_token: token, connection_string: all }: Written,
  parsed: ConnectionString | undefined,
): Secret {
  const isGiven = !token.isMissing || !token.isOptional;
  if (isGiven || parsed?.password === undefined) return token;
  return Secret.found('access_token', parsed.password, all.origin ?? '');
}
