import { z } from 'zod';
import { below, type Finding } from '../checks/finding.ts';
import { about } from './about.ts';
import { destinationKind } from './destination-kind.ts';
import { type PostgresCredentials, postgresCredentials } from './postgres-credentials.ts';
import { asSecretField } from './secret-schema.ts';
import { connectionProblems, settledConnection } from './settled-connection.ts';
import { filesDir, replaceStrategy } from './shared-keys.ts';
import { type StorageCredentials, storageCredentials } from './storage-credentials.ts';

const server = { schemes: ['redshift', 'postgresql', 'postgres'], port: 5439 };
const { field } = postgresCredentials('credentials', server.port);

const staging = z.strictObject({
  bucket_url: about('`s3://bucket/folder`, in the region of the cluster', z.string().min(1).optional()),
  credentials: about('Of the bucket', storageCredentials.prefault({})),
});

const keys = z.strictObject({
  type: about('Amazon Redshift', z.literal('redshift').default('redshift')),
  credentials: about('How to connect: a connection string, or its parts', asSecretField(field.prefault({}))),
  staging: about('Where rows lie as Parquet until Redshift has read them', staging.prefault({})),
  staging_iam_role: about(
    'The role with which Redshift reads the bucket: its ARN, or `default`. Without one it gets the keys of `staging.credentials`',
    z.string().min(1).optional(),
  ),
  files_dir: filesDir,
  replace_strategy: replaceStrategy,
});

export const redshiftDestination = destinationKind({
  forms: [z.literal('redshift').transform((type) => keys.parse({ type }, { jitless: true })), keys],
  nameLimit: {
    ...{ longest: 127, unit: 'bytes' },
    system: ['oid', 'ctid', 'xmin', 'xmax', 'cmin', 'cmax', 'tableoid'],
  },
  engine: 'Redshift',
  problems: ({ credentials, staging: { bucket_url, credentials: ofBucket }, staging_iam_role }) => [
    ...below(['credentials'], connectionProblems(credentials, server)),
    ...bucketProblems(bucket_url),
    ...accessProblems(staging_iam_role, ofBucket),
  ],
  complete: ({ credentials, files_dir, staging: { bucket_url = '', ...written }, ...others }, { absolute }) => ({
    ...others,
    credentials: withPassword(
      settledConnection(credentials, server, (path, key) => absolute(path, 'credentials', key)),
    ),
    staging: { ...written, bucket_url },
    files_dir: absolute(files_dir ?? 'files', 'files_dir'),
  }),
});

// --- internal ---

/** Redshift lets nobody in without one. */
function withPassword(credentials: PostgresCredentials): PostgresCredentials {
  const { missing, password } = credentials;
  return { ...credentials, missing: missing ?? (password?.isMissing === true ? password : undefined) };
}

function bucketProblems(url: string | undefined): Finding[] {
  if (url === undefined)
    return [
      {
        path: ['staging'],
        message: 'needs `bucket_url: s3://bucket/folder`: Redshift reads what it loads out of a bucket',
      },
    ];
  const isBucket = /^s3:\/\/[^/]/i.test(url) && URL.canParse(url);
  return isBucket ? [] : [{ path: ['staging', 'bucket_url'], message: 'expected `s3://bucket/folder`' }];
}

/** What the SDK finds by itself, Redshift does not know. */
function accessProblems(role: string | undefined, credentials: StorageCredentials): Finding[] {
  const { aws_access_key_id: id, aws_secret_access_key: secret } = credentials;
  if (role !== undefined || (id !== undefined && secret !== undefined)) return [];
  return [
    {
      path: ['staging_iam_role'],
      message:
        'Redshift reads the bucket with a role, or with keys: expected `staging_iam_role`, or `aws_access_key_id` and `aws_secret_access_key` in `staging.credentials`',
    },
  ];
}
