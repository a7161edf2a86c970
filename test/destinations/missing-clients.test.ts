import { join } from 'node:path';
import { expect, test } from 'vitest';
import { runPipeline } from '../../src/pipeline.ts';
import { tempFolder } from '../support/temp-folder.ts';

const keys = { aws_access_key_id: 'a', aws_secret_access_key: 'b' };
const account = { project_id: 'p', private_key: 'k', client_email: 'e@example.com' };
const azure = { azure_storage_account_name: 'a', azure_storage_account_key: 'Yg==' };
const snowflake = { host: 'acme', database: 'd', username: 'u', password: 'p', warehouse: 'w' };

const databricks = { server_hostname: 'h', http_path: '/sql', catalog: 'c', access_token: 't' };

test.each([
  [
    {
      type: 'redshift',
      credentials: 'redshift://u:p@127.0.0.1:9/d',
      staging: { bucket_url: 's3://b/f', credentials: keys },
      staging_iam_role: 'default',
    },
    '@aws-sdk/client-s3',
  ],
  [{ type: 'bigquery', credentials: account }, '@google-cloud/bigquery'],
  [{ type: 'snowflake', credentials: snowflake }, 'snowflake-sdk'],
  [{ type: 'databricks', credentials: databricks }, '@databricks/sql'],
  [{ type: 'filesystem', bucket_url: 's3://b/f', credentials: keys }, '@aws-sdk/client-s3'],
  [{ type: 'filesystem', bucket_url: 'gs://b/f', credentials: account }, '@google-cloud/storage'],
  [{ type: 'filesystem', bucket_url: 'az://b/f', credentials: azure }, '@azure/storage-blob'],
] as const)('without what %o needs a run ends with 2 and asks the source nothing', async (destination, client) => {
  const folder = await tempFolder();
  let isAsked = false;
  const data = () => {
    isAsked = true;
    return [];
  };
  const running = runPipeline({
    pipeline: { name: 'p', dataset_name: 'd', working_dir: join(folder, 'w'), destination },
    source: { name: 's', resources: [{ name: 't', data }] },
  });
  await expect(running).rejects.toMatchObject({ exitCode: 2, facts: { package: client } });
  expect(isAsked).toBe(false);
});
