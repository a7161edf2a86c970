import type { StorageCredentials } from '../../../config/grammar/storage-credentials.ts';
import { redshiftLiteral } from './redshift-dialect.ts';

/** With what Redshift reads a bucket. */
export interface BucketAccess {
  /** An ARN, or `default`: that of the cluster. It wins over keys. */
  readonly role: string | undefined;
  readonly credentials: StorageCredentials;
}

/**
 * Columns are taken in the order of the file. Of the many options, Parquet has a handful; of those for keys it is `credentials` alone.
 * https://docs.aws.amazon.com/redshift/latest/dg/copy-usage_notes-copy-from-columnar.html
 */
export function copyParquet(relation: string, url: string, access: BucketAccess): string {
  return `copy ${relation} from ${redshiftLiteral(url)} ${authorization(access)} format as parquet`;
}

// --- internal ---

function authorization({ role, credentials }: BucketAccess): string {
  if (role !== undefined) return role === 'default' ? 'iam_role default' : `iam_role ${redshiftLiteral(role)}`;
  const { aws_access_key_id: id, aws_secret_access_key: secret, aws_session_token: token } = credentials;
  const keys = [`aws_access_key_id=${id}`, `aws_secret_access_key=${secret?.reveal()}`];
  if (token !== undefined) keys.push(`token=${token.reveal()}`);
  return `credentials ${redshiftLiteral(keys.join(';'))}`;
}
