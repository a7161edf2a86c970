import { z } from 'zod';
import type { Finding } from '../checks/finding.ts';
import { Secret } from '../secret.ts';
import { about } from './about.ts';
import { destinationKind } from './destination-kind.ts';
import { asSecretField, secretField, writtenReference } from './secret-schema.ts';
import { filesDir, replaceStrategy } from './shared-keys.ts';

/** Who signs in, every default settled. */
export interface BigqueryCredentials {
  /** '' where nobody says which. */
  readonly project_id: string;
  readonly client_email: string | undefined;
  /** PEM. `revealed()`: undefined where none is there: whoever runs it signs in by default. */
  readonly private_key: Secret;
  /** What was looked for, where nobody says which project, or the account that is named has no key. */
  readonly missing: Secret | undefined;
}

const text = z.string().min(1).optional();

/** Each as dlt calls it, and as the file of a service account has it. */
const parts = z.strictObject({
  connection_string: about('All in one: the JSON of the key file of a service account', secretField('credentials')),
  project_id: about('The project; the dataset is one of its', text),
  client_email: about('The service account', text),
  private_key: about(
    "The service account's key (PEM). Without one, application default credentials sign in",
    secretField('private_key'),
  ),
});

const whole = z
  .union([z.string().min(1), writtenReference])
  .transform((all): { connection_string?: typeof all | undefined } => ({ connection_string: all }));

const keys = z.strictObject({
  type: about('A dataset of BigQuery', z.literal('bigquery').default('bigquery')),
  credentials: about(
    'Who signs in: the JSON of a key file, or its parts',
    asSecretField(z.union([whole.pipe(parts), parts]).prefault({})),
  ),
  location: about(
    'Where the dataset is, such as `EU`. Default `US`',
    z
      .string()
      .regex(/^[\w-]+$/)
      .default('US'),
  ),
  api_endpoint: about(
    'Another server, such as that of an emulator; over `http://` nobody signs in',
    z.url({ protocol: /^https?$/ }).optional(),
  ),
  files_dir: filesDir,
  replace_strategy: replaceStrategy,
});

/** https://cloud.google.com/bigquery/docs/schemas#column_names */
const RESERVED = [
  '_table_',
  '_file_',
  '_partition',
  '_row_timestamp',
  '__root__',
  '_colidentifier',
  '_change_sequence_number',
  '_change_type',
  '_change_timestamp',
];

type Written = Omit<z.output<typeof parts>, 'connection_string' | 'private_key'> & {
  readonly connection_string: Secret;
  readonly private_key: Secret;
};

export const bigqueryDestination = destinationKind({
  forms: [z.literal('bigquery').transform((type) => keys.parse({ type }, { jitless: true })), keys],
  nameLimit: { longest: 300, unit: 'characters', reserved: RESERVED },
  engine: 'BigQuery',
  problems: ({ credentials }) => problemsOf(credentials),
  whyNoDataset: (dataset) =>
    /^\w+$/.test(dataset) ? undefined : 'is no name that BigQuery takes: letters, digits and underscores',
  complete: ({ credentials, files_dir, ...written }, { absolute }) => ({
    ...written,
    credentials: settled(credentials),
    files_dir: absolute(files_dir ?? 'files', 'files_dir'),
  }),
});

// --- internal ---

const keyFile = z.object({ project_id: text, client_email: text, private_key: text });

function problemsOf(written: Written): Finding[] {
  const path = ['credentials'];
  const { connection_string: all, client_email, private_key } = written;
  if (!all.isMissing && parsed(all) === undefined)
    return [{ path, message: 'expected the JSON of the key file of a service account' }];
  const { project_id, client_email: account, private_key: key } = settled(written);
  if (!key.isMissing && account === undefined)
    return [{ path, message: 'needs `client_email`, whose `private_key` is there' }];
  if (project_id === '' && (client_email !== undefined || !private_key.isMissing || !all.isMissing))
    return [{ path, message: 'needs `project_id`' }];
  return [];
}

function settled(written: Written): BigqueryCredentials {
  const { connection_string: all, private_key: key } = written;
  const found = all.isMissing ? undefined : parsed(all);
  const stored = key.isMissing && key.isOptional ? found?.private_key : undefined;
  const project = written.project_id ?? found?.project_id ?? '';
  const client_email = written.client_email ?? found?.client_email;
  const private_key = stored === undefined ? key : Secret.found('private_key', stored, all.origin ?? '');
  const signsIn = client_email !== undefined && private_key.isMissing ? private_key : undefined;
  return {
    ...{ project_id: project, client_email, private_key },
    missing: project === '' ? all : signsIn,
  };
}

function parsed(all: Secret): z.output<typeof keyFile> | undefined {
  try {
    return keyFile.safeParse(JSON.parse(all.reveal())).data;
  } catch {
    return undefined;
  }
}
