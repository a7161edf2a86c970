import type { StorageCredentials } from '../config/grammar/storage-credentials.ts';

/** Milliseconds without a byte. */
const PATIENCE = 60_000;

/** How the client of the SDK reaches a bucket and signs in. */
export function s3ClientSettings(given: StorageCredentials): object {
  const { aws_access_key_id: id, aws_secret_access_key: secret, aws_session_token: session, endpoint_url } = given;
  return {
    region: given.region_name,
    profile: given.profile_name,
    maxAttempts: 4,
    requestHandler: { connectionTimeout: 10_000, socketTimeout: PATIENCE },
    forcePathStyle: given.s3_url_style === 'path',
    // Without keys the SDK looks for them: environment, `~/.aws/`, the role of the machine.
    ...(id !== undefined && {
      credentials: { accessKeyId: id, secretAccessKey: secret?.reveal(), sessionToken: session?.reveal() },
    }),
    // Other servers have no names of hosts for buckets, and do not know the newer checksums.
    ...(endpoint_url !== undefined && {
      ...{ endpoint: endpoint_url, forcePathStyle: given.s3_url_style !== 'vhost' },
      ...{ region: given.region_name ?? 'us-east-1' },
      ...{ requestChecksumCalculation: 'WHEN_REQUIRED', responseChecksumValidation: 'WHEN_REQUIRED' },
    }),
  };
}
