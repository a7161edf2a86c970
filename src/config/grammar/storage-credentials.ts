import { z } from 'zod';
import type { WithSecrets } from '../secret-reference.ts';
import { about } from './about.ts';
import { optionalSecret } from './secret-schema.ts';

const text = z.string().min(1).optional();

/** For object stores, each key as dlt calls it. */
export const storageCredentials = z.strictObject({
  aws_access_key_id: about('S3: the key. Without one, those that the AWS SDK finds', text),
  aws_secret_access_key: about('S3: its secret', optionalSecret('aws_secret_access_key')),
  aws_session_token: about('S3: of a temporary key', optionalSecret('aws_session_token')),
  profile_name: about('S3: a profile of `~/.aws/`', text),
  region_name: about('S3: the region', text),
  endpoint_url: about('S3, GCS: another server, such as that of MinIO', z.url({ protocol: /^https?$/ }).optional()),
  s3_url_style: about('S3: where the bucket stands in an address', z.enum(['path', 'vhost']).optional()),
  project_id: about('GCS: the project', text),
  client_email: about('GCS: the service account', text),
  private_key: about("GCS: the service account's key", optionalSecret('private_key')),
  private_key_id: about("GCS: the key's id", text),
  azure_storage_account_name: about('Azure: the account', text),
  azure_storage_account_key: about("Azure: the account's key", optionalSecret('azure_storage_account_key')),
  azure_storage_sas_token: about('Azure: a token instead of the key', optionalSecret('azure_storage_sas_token')),
  azure_account_host: about('Azure: another server', text),
  azure_tenant_id: about('Azure: the tenant of a service principal', text),
  azure_client_id: about('Azure: the service principal', text),
  azure_client_secret: about("Azure: the service principal's secret", optionalSecret('azure_client_secret')),
});

export type StorageCredentials = WithSecrets<z.output<typeof storageCredentials>>;
