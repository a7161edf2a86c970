import { join } from 'node:path';
import { quotedString } from '../../../../src/duckdb/quote.ts';
import type { Place } from '../test-destination.ts';
import { azureBucket } from './azure-bucket.ts';
import { bucketEnv, emptyFolder, keyBelow, type TestBucket } from './bucket.ts';
import type { LakeParts } from './lake-with.ts';
import { credentials, dropSchema, postgresEnv } from './postgres.ts';
import { s3Bucket } from './s3-bucket.ts';

const fileIn = ({ folder }: Place) => join(folder, 'lake.ducklake');
const schemaOf = ({ dataset }: Place) => `${dataset}_lake`;

/** The catalogue in a DuckDB file, the data in a folder. */
export const lakeInFile: LakeParts = {
  name: 'ducklake',
  extensions: [],
  settings: (place) => ({ catalog: fileIn(place) }),
  attachment: (place) => ({ catalog: fileIn(place) }),
};

/** The catalogue in an SQLite file. */
export const lakeInSqlite: LakeParts = {
  name: 'ducklake-sqlite',
  extensions: ['sqlite_scanner'],
  settings: (place) => ({ catalog: `sqlite:${fileIn(place)}` }),
  attachment: (place) => ({ catalog: `sqlite:${fileIn(place)}` }),
};

/** The catalogue in a schema of a PostgreSQL server. */
export const lakeInPostgres: LakeParts = {
  name: 'ducklake-postgres',
  extensions: ['postgres_scanner'],
  statements: [secretOf('catalog', { type: 'postgres', ...serverMembers() })],
  settings: (place) => inPostgres(place, credentials()),
  attachment: (place) => ({
    catalog: 'postgres:',
    options: `(meta_secret catalog, metadata_schema ${quotedString(schemaOf(place))})`,
  }),
  env: postgresEnv,
  unreachable: (place) => inPostgres(place, credentials(9)),
  drop: (place) => dropSchema(schemaOf(place)),
};

// A load as small as that of the test stands in the catalogue alone, and goes on without the bucket.
const { unreachable: _, ...onS3 } = lakeIn('ducklake-s3', s3Bucket, 'httpfs', {
  ...{ type: 's3', key_id: s3Bucket.credentials.aws_access_key_id, secret: s3Bucket.secrets.aws_secret_access_key },
  ...{ region: s3Bucket.credentials.region_name, ...endpoint(s3Bucket.credentials.endpoint_url) },
});

/** The data in S3. */
export const lakeOnS3: LakeParts = onS3;

/** The data in Azure's store. */
export const lakeOnAzure = lakeIn('ducklake-azure', azureBucket, 'azure', {
  type: 'azure',
  connection_string: [
    `DefaultEndpointsProtocol=${azureBucket.credentials.azure_account_host?.split(':', 1)[0] ?? 'https'}`,
    `AccountName=${azureBucket.credentials.azure_storage_account_name}`,
    `AccountKey=${azureBucket.secrets.azure_storage_account_key}`,
    ...(azureBucket.credentials.azure_account_host === undefined
      ? []
      : [`BlobEndpoint=${azureBucket.credentials.azure_account_host}`]),
  ].join(';'),
});

// --- internal ---

/** The catalogue in a DuckDB file, the data in a bucket. */
function lakeIn(name: string, bucket: TestBucket, extension: string, secret: Members): LakeParts {
  const { url, credentials: storage_credentials, nobody } = bucket;
  const settings = (place: Place) => ({ catalog: fileIn(place), data_path: `${url}/${place.dataset}` });
  return {
    name,
    extensions: [extension],
    statements: [secretOf('data', secret)],
    settings: (place) => ({ ...settings(place), storage_credentials }),
    attachment: (place) => ({ catalog: fileIn(place) }),
    env: bucketEnv(bucket, 'DUCKLAKE__CREDENTIALS__STORAGE'),
    unreachable: (place) => ({ ...settings(place), storage_credentials: { ...storage_credentials, ...nobody } }),
    drop: async ({ dataset }) => emptyFolder(await bucket.open(), keyBelow(url, dataset)),
  };
}

function inPostgres(place: Place, catalog: object) {
  return { catalog, metadata_schema: schemaOf(place), data_path: join(place.folder, 'data') };
}

type Members = Readonly<Record<string, string | number | boolean | undefined>>;

function secretOf(name: string, members: Members): string {
  const written = Object.entries(members).flatMap(([key, value]) =>
    value === undefined ? [] : [`${key} ${typeof value === 'string' ? quotedString(value) : value}`],
  );
  return `create secret ${name} (${written.join(', ')})`;
}

function serverMembers(): Members {
  const { host, port, database, username } = credentials();
  return { host, port, database, user: username, password: postgresEnv.TEST_POSTGRES_PASSWORD };
}

function endpoint(url: string | undefined): Members {
  if (url === undefined) return {};
  return { endpoint: new URL(url).host, use_ssl: url.startsWith('https:'), url_style: 'path' };
}
