import { type ErrorCode, PipelineError } from '../../../errors.ts';
import { StatementFailed, type StatementFault } from '../../../load/asker.ts';
import { withoutEnd } from '../../../text/ends.ts';

/** What Databricks, its driver or the network said, as a member of the family. `place` is shown; nothing that was sent is. */
export function databricksError(thrown: unknown, place: string): unknown {
  if (thrown instanceof PipelineError || thrown instanceof StatementFailed) return thrown;
  const message = wholeOf(thrown);
  if (message === undefined) return thrown;
  const condition = conditionOf(message);
  const { is, what, hint } = kinds.find(({ matches }) => matches.test(message)) ?? other;
  return new PipelineError({
    code: is,
    message: `${place} ${what}: ${sentenceOf(message)}.`,
    hint,
    facts: { destination: place, ...(condition === undefined ? {} : { condition }) },
    cause: thrown,
  });
}

/** What the server says of SQL that somebody else wrote; anything else as `databricksError` tells it. */
export function statementError(thrown: unknown, place: string): unknown {
  if (thrown instanceof PipelineError) return thrown;
  const message = wholeOf(thrown);
  if (message === undefined) return thrown;
  const condition = conditionOf(message);
  const about = condition === undefined ? undefined : faultOf(condition, message);
  if (about === undefined) return databricksError(thrown, place);
  const missing = /^(?:TABLE_OR_VIEW|SCHEMA)_NOT_FOUND/.test(condition ?? '')
    ? /(`[^\s]+`) cannot be found/.exec(message)?.[1]?.replaceAll('`', '')
    : undefined;
  return new StatementFailed(sentenceOf(message), about, {
    cause: thrown,
    ...(missing === undefined ? {} : { missing }),
  });
}

// --- internal ---

interface Kind {
  readonly matches: RegExp;
  readonly is: ErrorCode;
  readonly what: string;
  readonly hint: string;
}

const LATER = 'What was extracted is kept: the next run loads it. How the warehouse is: dezgo-elt doctor';
const other: Omit<Kind, 'matches'> = { is: 'DestinationFailed', what: 'refused', hint: LATER };

/** By the words of the driver, and the conditions of the engine: https://docs.databricks.com/aws/en/error-messages/error-classes */
const kinds: readonly Kind[] = [
  {
    matches:
      /\b(?:401|403)\b.*(?:status|unauthor|forbidden)|status code:? ?(?:401|403)|unauthorized|invalid access token/i,
    is: 'ConfigInvalid',
    what: 'does not let this user in',
    hint: 'Correct `credentials` of the destination; what was extracted is kept: the next run loads it.',
  },
  {
    matches: /status code:? ?404|ENDPOINT_NOT_FOUND|RESOURCE_DOES_NOT_EXIST/i,
    is: 'ConfigInvalid',
    what: 'has no such SQL warehouse',
    hint: 'Correct `credentials.http_path` of the destination; what was extracted is kept: the next run loads it.',
  },
  {
    matches: /NO_SUCH_CATALOG|CATALOG_NOT_FOUND|catalog '[^']*' (?:was )?not found/i,
    is: 'ConfigInvalid',
    what: 'has no such catalog',
    hint: 'Correct `credentials.catalog` of the destination; what was extracted is kept: the next run loads it.',
  },
  {
    matches: /INSUFFICIENT_PERMISSIONS|PERMISSION_DENIED|does not have .*(?:privilege|permission)/i,
    is: 'DestinationFailed',
    what: 'does not allow this',
    hint: 'Grant the user `use catalog`, `create schema` and, in the schema, `create table`, `create volume`, `modify` and `select`. What was extracted is kept.',
  },
  {
    matches: /DELTA_(?:CONCURRENT|METADATA_CHANGED|PROTOCOL_CHANGED)|Concurrent\w+Exception|MetadataChangedException/,
    is: 'DestinationLocked',
    what: 'saw another load change the same table',
    hint: 'One pipeline at a time loads a dataset. What was extracted is kept: the next run loads it.',
  },
  {
    matches: /NOT_NULL_CONSTRAINT|CHECK_CONSTRAINT|DELTA_VIOLATE/,
    is: 'ContractViolated',
    what: 'refused a row',
    hint: 'A constraint of the table does not hold for what was extracted: change one of the two.',
  },
  {
    matches: /CAST_INVALID_INPUT|CAST_OVERFLOW|NUMERIC_VALUE_OUT_OF_RANGE|ARITHMETIC_OVERFLOW/,
    is: 'ContractViolated',
    what: 'cannot hold a value',
    hint: 'Give the column another type, or leave the value to a variant column: `columns`, `schema_contract`.',
  },
  {
    matches:
      /ECONNREFUSED|ENOTFOUND|EAI_AGAIN|ETIMEDOUT|EHOSTUNREACH|ENETUNREACH|ECONNRESET|EPIPE|socket hang up|timed? ?out/i,
    is: 'DestinationFailed',
    what: 'cannot be reached',
    hint: LATER,
  },
  {
    matches: /certificate|CERT_|ERR_TLS|ERR_SSL|SELF_SIGNED/i,
    is: 'DestinationFailed',
    what: 'shows a certificate that proves nothing',
    hint: 'Where a proxy of your own signs it, name the file of its authority in `NODE_EXTRA_CA_CERTS`.',
  },
];

function faultOf(condition: string, message: string): StatementFault | undefined {
  if (/^(?:INSUFFICIENT_PERMISSIONS|PERMISSION_DENIED)/.test(condition)) return 'rights';
  if (
    /^(?:CAST_|NUMERIC_|ARITHMETIC_|DIVIDE_|CANNOT_PARSE|INVALID_ARRAY|DATETIME_|INVALID_PARAMETER_VALUE)/.test(
      condition,
    )
  )
    return 'value';
  return /^(?:DELTA_CONCURRENT|INTERNAL|JOB_|SPARK_JOB)/.test(condition) || kindOfNetwork.test(message)
    ? undefined
    : 'statement';
}

const kindOfNetwork = /ECONNREFUSED|ECONNRESET|socket hang up/;

/** `[TABLE_OR_VIEW_NOT_FOUND] The table …` */
function conditionOf(message: string): string | undefined {
  return /\[([A-Z][A-Z0-9_.]{3,})\]/.exec(message)?.[1];
}

/** All that was said, code first. The driver throws things that are no errors, and some whose message is only in the answer of the server. */
function wholeOf(thrown: unknown): string | undefined {
  if (typeof thrown !== 'object' || thrown === null) return undefined;
  const last: unknown = thrown instanceof AggregateError ? thrown.errors.at(-1) : undefined;
  if (last instanceof Error) return wholeOf(last);
  const { code, message, response }: Said = thrown;
  const words = [response?.displayMessage, response?.errorMessage, message].find((said) => typeof said === 'string');
  return words === undefined ? undefined : `${typeof code === 'string' ? `${code} ` : ''}${words}`;
}

interface Said {
  readonly code?: unknown;
  readonly message?: unknown;
  readonly response?: { readonly displayMessage?: unknown; readonly errorMessage?: unknown };
}

/** Its first sentence of the engine, without the class and the stack that a Spark server adds, and without SQL. */
function sentenceOf(message: string): string {
  const said = /\[[A-Z][A-Z0-9_.]{3,}\]\s*([^\n]*)/.exec(message)?.[1] ?? message.split('\n')[0] ?? message;
  const [words = ''] = said.replace(/^[\w.$]+: \[[A-Z0-9_.]+\]\s*/, '').split(' SQLSTATE:');
  return withoutEnd(words.trim().slice(0, 500), '.:');
}
