import { startAzure } from './servers/azure.mjs';
import { startBigquery } from './servers/bqemulator.mjs';
import { clients } from './servers/clients.mjs';
import { startDatabricks } from './servers/databricks.mjs';
import { provideExtensions } from './servers/extensions.mjs';
import { startFakesnow } from './servers/fakesnow.mjs';
import { startGcs } from './servers/gcs.mjs';
import { startPostgres } from './servers/postgres.mjs';
import { startRedshift } from './servers/redshift.mjs';
import { startS3 } from './servers/s3.mjs';

const aws = clients('aws-sdk', '@aws-sdk/client-s3@^3.1169.0', '@aws-sdk/lib-storage@^3.1169.0');
const google = clients('google-storage', '@google-cloud/storage@^7.22.0');
const azure = clients('azure-storage', '@azure/storage-blob@^12.32.0');
const databricksSql = clients('databricks-sql', '@databricks/sql@^2.1.0');

const server = 'TEST_POSTGRES=postgresql://USER:PASSWORD@HOST:5432/DATABASE';
const bucket = (name, url) => `TEST_${name}='{"url": "${url}", "credentials": {"KEY": "…"}, "secrets": {"KEY": "…"}}'`;

/**
 * Each lane by its name, which is that of its file in `contract/`: the servers and clients that it needs, and how somebody who has an
 * account says where that is.
 */
export const lanes = {
  duckdb: { servers: [] },
  ducklake: { servers: [], clients: [provideExtensions] },
  'ducklake-sqlite': { servers: [], clients: [provideExtensions] },
  'ducklake-postgres': { servers: [startPostgres], clients: [provideExtensions], account: server },
  'ducklake-s3': { servers: [startS3], clients: [provideExtensions, aws], account: bucket('S3', 's3://BUCKET/FOLDER') },
  'ducklake-azure': {
    servers: [startAzure],
    clients: [provideExtensions, azure],
    account: bucket('AZURE', 'az://CONTAINER/FOLDER'),
  },
  postgres: { servers: [startPostgres], account: server },
  databricks: {
    servers: [startDatabricks],
    clients: [databricksSql],
    account: 'TEST_DATABRICKS="databricks://token:TOKEN@HOST?http_path=/sql/1.0/warehouses/ID&catalog=CATALOG"',
  },
  filesystem: { servers: [] },
  'filesystem-s3': { servers: [startS3], clients: [aws], account: bucket('S3', 's3://BUCKET/FOLDER') },
  redshift: {
    servers: [startS3, startRedshift],
    clients: [aws],
    account:
      'TEST_REDSHIFT=redshift://USER:PASSWORD@HOST:5439/DATABASE TEST_REDSHIFT_BUCKET=s3://BUCKET/FOLDER TEST_REDSHIFT_ROLE=ARN',
  },
  'filesystem-gcs': { servers: [startGcs], clients: [google], account: bucket('GCS', 'gs://BUCKET/FOLDER') },
  'filesystem-azure': { servers: [startAzure], clients: [azure], account: bucket('AZURE', 'az://CONTAINER/FOLDER') },
  bigquery: {
    servers: [startBigquery],
    clients: [clients('bigquery-client', '@google-cloud/bigquery@8.3.1')],
    account: 'TEST_BIGQUERY_PROJECT=PROJECT',
  },
  snowflake: {
    servers: [startFakesnow],
    clients: [clients('snowflake-sdk', 'snowflake-sdk@^3.3.0')],
    account: 'TEST_SNOWFLAKE=snowflake://USER:PASSWORD@ACCOUNT/DATABASE?warehouse=WAREHOUSE',
  },
};

/** What is run where nobody asks for one by name. */
export const defaultLanes = ['duckdb', 'ducklake', 'postgres', 'filesystem'];
