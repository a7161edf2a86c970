import { type ErrorCode, PipelineError } from '../../errors.ts';
import { errorCode, reasonOf } from '../../files/reason.ts';
import type { BucketPlace } from './stores/bucket-place.ts';

/** Of a folder of this machine. */
export function folderError(thrown: unknown, folder: string): PipelineError {
  if (thrown instanceof PipelineError) return thrown;
  return new PipelineError({
    code: 'DestinationFailed',
    message: `${folder} cannot be used: ${reasonOf(thrown)}.`,
    hint: 'Make room there and let this user write, or name another folder in `pipeline.destination.bucket_url`; then run again.',
    facts: { location: folder, reason: errorCode(thrown) },
    cause: thrown,
  });
}

/** What a library threw of a bucket: what is not there, who is not let in or may not do it, and all that may pass. */
export function bucketError(thrown: unknown, { location, bucket }: BucketPlace): PipelineError {
  if (thrown instanceof PipelineError) return thrown;
  const { status, name, text } = said(thrown);
  const error = (code: ErrorCode, message: string, hint: string) =>
    new PipelineError({ code, message, hint, facts: { location, status, reason: name }, cause: thrown });
  if (NO_BUCKET.test(name) || (status === 404 && name !== 'NoSuchUpload'))
    return error(
      'ConfigInvalid',
      `There is no bucket \`${bucket}\` (${location}).`,
      `Make it, or correct \`pipeline.destination.bucket_url\`: a run makes no buckets.`,
    );
  if (status === 401 || NO_KEYS.test(`${name} ${text}`))
    return error(
      'ConfigInvalid',
      `${location} does not let these credentials in: ${text}`,
      `Correct \`pipeline.destination.credentials\`: dezgo-elt doctor tells where its secrets were found.`,
    );
  if (status === 403)
    return error(
      'DestinationFailed',
      `${location} does not allow this: ${text}`,
      `Let these credentials list, read, write and delete there.`,
    );
  return error('DestinationFailed', `${location} could not be reached, or did not do what was asked: ${text}`, LATER);
}

const LATER = 'Nothing was published. Try again: dezgo-elt run';

const NO_BUCKET = /^(?:NoSuchBucket|ContainerNotFound|InvalidBucketName)$/;
const NO_KEYS =
  /CredentialsProviderError|InvalidAccessKeyId|SignatureDoesNotMatch|AuthenticationFailed|Could not load (?:credentials|the default credentials)|invalid_grant/;

/** Libraries have a code, a name, a status each in another place; never headers, in which keys are. */
function said(thrown: unknown): { readonly status: number | undefined; readonly name: string; readonly text: string } {
  if (!(thrown instanceof Error)) return { status: undefined, name: '', text: sentence(String(thrown)) };
  const code = 'code' in thrown && typeof thrown.code === 'string' ? thrown.code : undefined;
  const text = [thrown.message, ...causes(thrown)].find((one) => one !== '') ?? thrown.name;
  const label = code ?? thrown.name;
  const told = sentence(text);
  return {
    status: statusOf(thrown),
    name: label,
    text: told.includes(label) || label === 'Error' ? told : `${told} (${label})`,
  };
}

/** Of a connection that was tried on several addresses. */
function causes(thrown: Error): string[] {
  const errors = thrown instanceof AggregateError ? thrown.errors : [thrown.cause];
  return errors.flatMap((error) => (error instanceof Error ? [error.message] : []));
}

function statusOf(thrown: Error): number | undefined {
  const holders = [thrown, '$metadata' in thrown ? thrown.$metadata : undefined];
  for (const holder of holders) {
    for (const key of ['statusCode', 'httpStatusCode', 'code', 'status']) {
      const value = holder instanceof Object ? Reflect.get(holder, key) : undefined;
      if (Number.isInteger(Number(value)) && Number(value) >= 100 && Number(value) < 600) return Number(value);
    }
  }
  return undefined;
}

/** One line, not longer than one reads. */
function sentence(text: string): string {
  const [first = ''] = text.split('\n', 1);
  return first.length > 300 ? `${first.slice(0, 300)}…` : first;
}
