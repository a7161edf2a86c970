import { PipelineError } from '../../../errors.ts';
import { postgresError } from '../wire/postgres-errors.ts';

/** What only Redshift says, or means in another way; the rest is PostgreSQL's. */
export function redshiftError(thrown: unknown, place: string): unknown {
  if (!(thrown instanceof Error) || thrown instanceof PipelineError) return thrown;
  const said = thrown.message.split('\n')[0]?.replace(/\.$/, '');
  if (meetsAnother(thrown)) return locked(place, `ended this load because of another one: ${said}.`, thrown);
  if (isAboutBucket(thrown))
    return new PipelineError({
      code: 'DestinationFailed',
      message: `${place} could not read the staging bucket: ${said}.`,
      hint: 'The role of `staging_iam_role`, or the keys of `staging.credentials`, have to be allowed `s3:GetObject` and `s3:ListBucket`, and the bucket lies in the region of the cluster.',
      facts: { destination: place },
      cause: thrown,
    });
  return postgresError(thrown, place);
}

/** Another load has what this one needs. */
export function locked(place: string, what: string, cause: unknown): PipelineError {
  return new PipelineError({
    code: 'DestinationLocked',
    message: `${place} ${what}`,
    hint: 'Nothing was changed. `publish: { wait: 10m }` waits longer for other loads.',
    facts: { destination: place },
    cause,
  });
}

export function isCancelled(error: unknown): boolean {
  return error instanceof PipelineError && error.facts?.sqlState === '57014';
}

// --- internal ---

/** What COPY says of S3, or of the role that it takes on. */
function isAboutBucket({ message }: Error): boolean {
  return /S3ServiceException|S3 .*access denied|assume (?:IAM )?role|credentials of role|S3 bucket|AWS Access Key/i.test(
    message,
  );
}

/** Schemas, tables and columns that somebody else made since the catalogue was read. */
const MADE_MEANWHILE: ReadonlySet<unknown> = new Set(['42P06', '42P07', '42701']);

/** 1023: two transactions that no order would explain, https://docs.aws.amazon.com/redshift/latest/dg/c_serial_isolation-serializable-isolation-errors.html */
function meetsAnother(error: Error): boolean {
  const code: unknown = Reflect.get(error, 'code');
  const isOfCatalogue = code === '23505' && /"pg_\w+"/.test(error.message);
  return (
    isOfCatalogue ||
    MADE_MEANWHILE.has(code) ||
    /^1023\b|Serializable isolation violation|conflict with concurrent transaction|concurrent(?:ly)? (?:updated|deleted)/i.test(
      error.message,
    )
  );
}
