import { type ErrorCode, PipelineError } from '../../../errors.ts';

/** What the SDK threw: what is not there, who is not let in or may not do it, and all that may pass. */
export function stagingError(cause: unknown, url: string): PipelineError {
  const { name, message } = cause instanceof Error ? cause : { name: '', message: String(cause) };
  const error = (code: ErrorCode, what: string, hint: string) =>
    new PipelineError({
      code,
      message: `${what}.`,
      hint,
      facts: { bucket: url, reason: name },
      cause,
    });
  const said = (message || name).replace(/\.$/, '');
  if (NO_BUCKET.test(name))
    return error(
      'ConfigInvalid',
      `There is no bucket ${url}`,
      'Make it, or correct `staging.bucket_url` of the destination.',
    );
  if (NO_KEYS.test(`${name} ${message}`))
    return error(
      'ConfigInvalid',
      `${url} does not let these credentials in: ${said}`,
      'Correct `staging.credentials` of the destination: dezgo-elt doctor tells where its secrets were found.',
    );
  return error(
    'DestinationFailed',
    `${url} took no file: ${said}`,
    'Let the credentials of `staging` write and delete there.',
  );
}

// --- internal ---

const NO_BUCKET = /^(?:NoSuchBucket|InvalidBucketName)$/;
const NO_KEYS = /CredentialsProviderError|InvalidAccessKeyId|SignatureDoesNotMatch|Could not load credentials/;
