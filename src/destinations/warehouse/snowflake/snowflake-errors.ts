import { type ErrorCode, PipelineError } from '../../../errors.ts';
import { StatementFailed } from '../../../load/asker.ts';

/** What Snowflake or its driver said, as a member of the family. `place` is shown; nothing that was sent is. */
export function snowflakeError(thrown: unknown, place: string): unknown {
  if (thrown instanceof PipelineError || !(thrown instanceof Error)) return thrown;
  const number = isOfSystem(thrown) ? UNREACHED : numberOf(thrown);
  if (number === undefined) return thrown;
  const { is, what, hint } = kinds.find(({ matches }) => matches(number)) ?? other;
  return new PipelineError({
    code: is,
    message: `${place} ${what}: ${sentenceOf(thrown)}.`,
    hint,
    facts: { destination: place, snowflakeCode: number },
    cause: thrown,
  });
}

/** What the server says of SQL that somebody else wrote; anything else as `snowflakeError` tells it. */
export function statementError(thrown: unknown, place: string): unknown {
  const number = thrown instanceof Error ? numberOf(thrown) : undefined;
  if (!(thrown instanceof Error) || number === undefined) return thrown;
  const about = isOfValue(number) ? 'value' : number === 3001 ? 'rights' : number < 100_000 ? 'statement' : undefined;
  if (about === undefined) return snowflakeError(thrown, place);
  const missing = number === 2003 || number === 2043 ? /'([^']+)' does not exist/.exec(thrown.message)?.[1] : undefined;
  return new StatementFailed(sentenceOf(thrown), about, {
    cause: thrown,
    ...(missing === undefined ? {} : { missing }),
  });
}

/** Whether the server said it. Of anything else nobody knows how the statement ended. */
export function isAnswer(thrown: unknown): boolean {
  const number = thrown instanceof Error ? numberOf(thrown) : undefined;
  return number !== undefined && number < 400_000 && !isOfNetwork(number);
}

// --- internal ---

interface Kind {
  readonly is: ErrorCode;
  readonly what: string;
  readonly hint: string;
}

const LATER = 'How the account is: dezgo-elt doctor';

const other: Kind = { is: 'DestinationFailed', what: 'refused', hint: LATER };

/** By the numbers of the server, and those of the driver from 400000 on. */
const kinds: readonly (Kind & { readonly matches: (code: number) => boolean })[] = [
  {
    matches: (code) => (code >= 390_100 && code < 390_200) || (code >= 404_000 && code < 405_000),
    is: 'ConfigInvalid',
    what: 'does not let this user in',
    hint: 'Correct `credentials` of the destination.',
  },
  {
    matches: isOfValue,
    is: 'ContractViolated',
    what: 'cannot hold a value',
    hint: 'Give the column another type, or leave the value to a variant column: `columns`, `schema_contract`.',
  },
  {
    matches: (code) => code === 606,
    is: 'ConfigInvalid',
    what: 'has no warehouse for this user',
    hint: 'Name one that the role may use: `credentials.warehouse`.',
  },
  {
    matches: (code) => code === 2003 || code === 2043 || code === 90_105 || code === 90_106,
    is: 'DestinationFailed',
    what: 'does not have something, or does not show it to this role',
    hint: 'Make the database and the warehouse, or grant the role what is missing.',
  },
  {
    matches: (code) => code === 3001,
    is: 'DestinationFailed',
    what: 'does not allow this',
    hint: 'Grant the role `usage` of the database and `create schema` on it, or let it own the schema.',
  },
  {
    matches: (code) => code === 625,
    is: 'DestinationLocked',
    what: 'did not give a lock in time',
    hint: 'Another load writes to these tables.',
  },
  { matches: isOfNetwork, is: 'DestinationFailed', what: 'cannot be reached', hint: LATER },
];

/** A value that is none of its type, too long, too large, or null where none may be. */
function isOfValue(code: number): boolean {
  return code >= 100_000 && code < 101_000;
}

/** Requests that did not get through, and sessions that are gone. */
function isOfNetwork(code: number): boolean {
  return (
    (code >= 401_000 && code < 403_000) || code === 390_111 || code === 390_112 || code === 407_001 || code === 407_002
  );
}

/** What the driver says where it could not reach the server. */
const UNREACHED = 401_001;

/** `ECONNREFUSED`, `ENOTFOUND`, …: the driver passes some on as they are. */
function isOfSystem(error: Error): boolean {
  return 'code' in error && typeof error.code === 'string' && /^E[A-Z_]+$/.test(error.code);
}

function numberOf(error: Error): number | undefined {
  const code = 'code' in error ? Number(error.code) : Number.NaN;
  return Number.isInteger(code) ? code : undefined;
}

function sentenceOf({ message }: Error): string {
  return message.trim().replaceAll('\n', ' ').replace(/\.$/, '');
}
