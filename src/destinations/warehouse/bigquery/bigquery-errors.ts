import { type ErrorCode, PipelineError } from '../../../errors.ts';
import { StatementFailed, type StatementFault } from '../../../load/asker.ts';

/** What BigQuery or its client said, as a member of the family. `place` is shown; nothing that was sent is. */
export function bigqueryError(thrown: unknown, place: string): unknown {
  if (thrown instanceof PipelineError || !(thrown instanceof Error)) return thrown;
  const reason = reasonOf(thrown);
  const kind = ofWords(thrown.message) ?? (reason === undefined ? undefined : ofReason(reason));
  if (kind === undefined) return thrown;
  return new PipelineError({
    code: kind.is,
    message: `${place} ${kind.what}: ${sentenceOf(thrown)}.`,
    hint: kind.hint,
    facts: { destination: place, ...(reason === undefined ? {} : { reason }) },
    cause: thrown,
  });
}

/** What BigQuery says of SQL that somebody else wrote; anything else as `bigqueryError` tells it. */
export function statementError(thrown: unknown, place: string): unknown {
  if (!(thrown instanceof Error) || thrown instanceof StatementFailed) return thrown;
  const about = faultOf(thrown);
  if (about === undefined) return bigqueryError(thrown, place);
  const missing = /Not found: (?:Table|Dataset) (?:[^:.\s]+[:.])?([\w.-]+)/.exec(thrown.message)?.[1];
  const name = missing?.split('.').at(-1);
  return new StatementFailed(sentenceOf(thrown), about, {
    cause: thrown,
    ...(isNotFound(thrown) && name !== undefined && { missing: name }),
  });
}

/** Undefined where the statement is not at fault. */
export function whyStatementFailed(thrown: unknown): string | undefined {
  return thrown instanceof Error && faultOf(thrown) !== undefined ? sentenceOf(thrown) : undefined;
}

/** Whether the answer got lost: whatever was under way, nobody knows how it ended. */
export function isBigqueryLost(thrown: unknown): boolean {
  return thrown instanceof Error && LOST.test(reasonOf(thrown) ?? '');
}

/** A dataset, table or job. */
export function isNotFound(thrown: unknown): boolean {
  return thrown instanceof Error && ['notFound', '404'].includes(reasonOf(thrown) ?? '');
}

/** Of the client: `errors[0].reason`, else its `code`. Undefined: another error. */
export function reasonOf(error: Error): string | undefined {
  const errors = 'errors' in error && Array.isArray(error.errors) ? error.errors : [];
  const first: unknown = errors[0];
  if (typeof first === 'object' && first !== null && 'reason' in first) return String(first.reason);
  if ('code' in error) return String(error.code);
  return error.cause instanceof Error ? reasonOf(error.cause) : undefined;
}

// --- internal ---

interface Kind {
  readonly is: ErrorCode;
  readonly what: string;
  readonly hint: string;
}

const LOST = /^(E[A-Z]+|ERR_.*|UND_.*|50[0234]|backendError|internalError|timeout)$/;
const LATER = 'How the project is: dezgo-elt doctor';
const CREDENTIALS: Kind = {
  is: 'ConfigInvalid',
  what: 'does not let this account in',
  hint: 'Correct `credentials` of the destination.',
};
const VALUE: Kind = {
  is: 'ContractViolated',
  what: 'cannot hold a value',
  hint: 'Give the column another type, or leave the value to a variant column: `columns`, `schema_contract`.',
};
const later = (what: string): Kind => ({ is: 'DestinationFailed', what, hint: LATER });

/** By the reason that an answer names, or its status: https://cloud.google.com/bigquery/docs/error-messages */
const kinds: Readonly<Record<string, Kind>> = {
  401: CREDENTIALS,
  invalid_grant: CREDENTIALS,
  authError: CREDENTIALS,
  accessDenied: {
    is: 'DestinationFailed',
    what: 'does not allow this',
    hint: 'Grant the account `BigQuery Data Editor` and `BigQuery Job User`.',
  },
  invalid: VALUE,
  quotaExceeded: later('has used its quota'),
  rateLimitExceeded: later('got too many requests'),
  notFound: later('does not have something'),
};

function ofReason(reason: string): Kind {
  return kinds[reason] ?? later(LOST.test(reason) ? 'cannot be reached' : 'refused');
}

/** What no reason tells apart. */
function ofWords(message: string): Kind | undefined {
  if (/concurrent update|Transaction is aborted|could not serialize/i.test(message))
    return {
      is: 'DestinationLocked',
      what: 'was written to by another load at the same time',
      hint: 'Nothing of this load is there.',
    };
  if (/was not found in location/i.test(message))
    return {
      is: 'DestinationFailed',
      what: 'does not have something',
      hint: 'Say in `location` of the destination where the dataset is.',
    };
  if (/default credentials|invalid_grant|DECODER routines|private key/i.test(message)) return CREDENTIALS;
  return /^(Required field|Bad (int64|double|bool|numeric)|Invalid (date|timestamp|time)|Out of range)/i.test(message)
    ? VALUE
    : undefined;
}

/** Of what the SQL is to blame for; with `invalidQuery` it does not even begin. */
function faultOf(error: Error): StatementFault | undefined {
  switch (reasonOf(error)) {
    case 'accessDenied':
      return 'rights';
    case 'invalidQuery':
      return /Bad |Invalid (date|time|timestamp|cast)|overflow|division by zero|Out of range|Conversion Error/i.test(
        error.message,
      )
        ? 'value'
        : 'statement';
    case 'notFound':
      return 'statement';
    case 'invalid':
      return 'statement';
    default:
      return undefined;
  }
}

/** Its first paragraph: what follows is the statement. */
function sentenceOf({ message }: Error): string {
  const [first = message] = message.trim().split(/\n\s*\n/);
  return first
    .split('\n')
    .map((line) => line.trim())
    .join(' ')
    .replace(/\.$/, '');
}
