import type { ErrorCode, PipelineErrorParts } from '../../../errors.ts';
import { PipelineError } from '../../../errors.ts';
import { StatementFailed, type StatementFault } from '../../../load/asker.ts';

/**
 * What the server, the driver or the network said, as a member of the family. `place` is shown; nothing that was sent is, but for a
 * value that is refused.
 *
 * @param table whose rows were sent
 */
export function postgresError(thrown: unknown, place: string, table?: string): unknown {
  if (thrown instanceof PipelineError || !(thrown instanceof Error)) return thrown;
  const code = codeOf(thrown);
  const known = ofServer(code) ?? ofNetwork(code) ?? ofWords(thrown.message, place);
  if (known === undefined && code === undefined) return thrown;
  const { is = 'DestinationFailed', what, hint } = known ?? { what: 'failed', hint: READ_SERVER };
  return new PipelineError({
    code: is,
    message: `${place} ${what}: ${sentenceOf(thrown)}${rowOf(thrown, table)}.`,
    hint,
    facts: {
      destination: place,
      ...(table === undefined ? {} : { table }),
      ...(code === undefined ? {} : { sqlState: code }),
    },
    cause: thrown,
  });
}

/** What the server says of SQL that somebody else wrote; anything else as `postgresError` tells it. */
export function statementError(thrown: unknown, place: string): unknown {
  const code = thrown instanceof Error ? (codeOf(thrown) ?? '') : '';
  if (!(thrown instanceof Error) || !/^[0-9A-Z]{5}$/.test(code)) return postgresError(thrown, place);
  const about = faultOf(code);
  if (about === undefined) return postgresError(thrown, place);
  const missing = code === '42P01' || code === '3F000' ? /"([^"]+)"/.exec(thrown.message)?.[1] : undefined;
  return new StatementFailed(sentenceOf(thrown), about, {
    cause: thrown,
    ...(missing === undefined ? {} : { missing }),
  });
}

/** Whether the session is over: whatever was under way, nobody knows how it ended. */
export function isConnectionLost(thrown: unknown): boolean {
  if (!(thrown instanceof Error)) return false;
  const code = codeOf(thrown) ?? '';
  if (/^(08|57P0)/.test(code) || ofNetwork(code) !== undefined) return true;
  return /^Connection terminated|not queryable|was closed|timeout expired/.test(thrown.message);
}

// --- internal ---

/** By SQLSTATE; undefined of what is not the SQL's fault. 2201B is a regular expression, 2BP01 what others depend on. */
function faultOf(code: string): StatementFault | undefined {
  if (code === '42501' || code === '25006') return 'rights';
  if (/^(42|0A|26|3F|25|2201B|2BP01)/.test(code)) return 'statement';
  return /^(21|22|23)/.test(code) ? 'value' : undefined;
}

interface Known {
  readonly is?: ErrorCode;
  readonly what: string;
  readonly hint: PipelineErrorParts['hint'];
}

const READ_SERVER = 'What happened the log of the server tells.';
const LATER = 'Whether it answers: dezgo-elt doctor';
const CREDENTIALS = 'Correct `credentials` of the destination: dezgo-elt doctor tells where its secrets were found.';
/** @param type of the destination: with it, its places begin */
const setPassword = (type: string) =>
  `Set DESTINATION__${type.toUpperCase()}__CREDENTIALS__PASSWORD in the environment or in \`.env\`, or put \`password\` into secrets.yaml (\`destination: { ${type}: { credentials: … } }\`).`;

/** By SQLSTATE, or the two characters of its class: https://www.postgresql.org/docs/current/errcodes-appendix.html */
const serverErrors: Readonly<Record<string, Known>> = {
  '28P01': { is: 'ConfigInvalid', what: 'does not take the password', hint: CREDENTIALS },
  '28': { is: 'ConfigInvalid', what: 'does not let this user in', hint: CREDENTIALS },
  '3D000': { is: 'ConfigInvalid', what: 'has no such database', hint: CREDENTIALS },
  '42501': {
    what: 'does not allow this',
    hint: 'Grant the user what is missing: `create` on the database for the first load, then the schema and its tables shall be its own.',
  },
  '25006': {
    what: 'takes no changes',
    hint: 'Name the primary server, not a standby, or let the user write: `default_transaction_read_only`.',
  },
  '42P07': {
    what: 'has something else of that name',
    hint: 'A view, an index or a sequence stands in the place of a table: rename it, or drop it.',
  },
  '53100': {
    what: 'has no space left',
    hint: 'Make room on the disk of the server.',
  },
  '53200': { what: 'has too little memory', hint: READ_SERVER },
  '53300': {
    what: 'has too many connections',
    hint: 'Close some, or raise `max_connections`.',
  },
  '55P03': {
    is: 'DestinationLocked',
    what: 'did not give a lock in time',
    hint: 'Another load, or a query, uses these tables: `select * from pg_stat_activity` shows who. `publish: { wait: 10m }` waits longer.',
  },
  '40P01': { is: 'DestinationLocked', what: 'ended a deadlock', hint: LATER },
  '40001': { is: 'DestinationLocked', what: 'could not keep two transactions apart', hint: LATER },
  '57P01': { what: 'was shut down meanwhile', hint: LATER },
  '57P02': { what: 'broke down meanwhile', hint: LATER },
  '57P03': { what: 'takes no connections now', hint: LATER },
  '57014': {
    what: 'ended the statement',
    hint: 'Somebody cancelled it, or it took longer than `statement_timeout` of the user or the database allows.',
  },
  '22': {
    is: 'ContractViolated',
    what: 'cannot hold a value',
    hint: 'Give the column another type, or leave the value to a variant column: `columns`, `schema_contract`.',
  },
  '23': {
    is: 'ContractViolated',
    what: 'refused a row',
    hint: 'A constraint that somebody put on the table does not hold for what was extracted: change one of the two.',
  },
  P0: {
    is: 'ContractViolated',
    what: 'refused a row',
    hint: 'A trigger that somebody put on the table does not take what was extracted: change one of the two.',
  },
  '54': {
    is: 'ContractViolated',
    what: 'cannot hold so much',
    hint: 'A table has 1,600 columns at most, and JSON some thousand levels: `max_table_nesting`, `columns` and `steps` say what becomes of them.',
  },
  '08': { what: 'ended the connection', hint: LATER },
};

const networkErrors: Readonly<Record<string, string>> = {
  ECONNREFUSED: 'refused the connection',
  ENOTFOUND: 'is a name that nobody knows',
  EAI_AGAIN: 'cannot be looked up now',
  ETIMEDOUT: 'does not answer',
  EHOSTUNREACH: 'cannot be reached',
  ENETUNREACH: 'cannot be reached',
  ECONNRESET: 'broke off the connection',
  EPIPE: 'broke off the connection',
  ENOENT: 'has no socket there',
  EACCES: 'has a socket that this user may not use',
};

const TLS =
  'Name the file of its authority as `credentials.sslrootcert`, or the host as its certificate does. `sslmode: require` encrypts without proof of who answers.';

function ofServer(code: string | undefined): Known | undefined {
  return code === undefined
    ? undefined
    : (serverErrors[code] ?? (code.length === 5 ? serverErrors[code.slice(0, 2)] : undefined));
}

function ofNetwork(code: string | undefined): Known | undefined {
  if (code === undefined) return undefined;
  if (/CERT|^ERR_TLS|^ERR_SSL|SELF_SIGNED|UNABLE_TO_(GET|VERIFY)/.test(code))
    return { what: 'shows a certificate that proves nothing', hint: TLS };
  const what = networkErrors[code];
  return what === undefined ? undefined : { what, hint: LATER };
}

/** The driver says some things without a code. */
function ofWords(message: string, place: string): Known | undefined {
  if (/^Connection terminated|not queryable|was closed/.test(message))
    return { what: 'ended the connection', hint: LATER };
  if (/timeout expired|due to connection timeout/.test(message)) return { what: 'does not answer', hint: LATER };
  if (/does not support SSL/.test(message))
    return {
      what: 'does not encrypt',
      hint: 'Where nobody can listen in, say so: `credentials: { sslmode: disable }`.',
    };
  if (/SASL|password must be|[Cc]lient password/.test(message))
    return { is: 'ConfigInvalid', what: 'asks for a password', hint: setPassword(place.split(':')[0] ?? '') };
  if (/received invalid response|establishing an SSL connection|[Uu]nexpected|[Uu]nknown auth|protocol/.test(message))
    return {
      what: 'does not speak as a PostgreSQL server does',
      hint: 'Is it one? `host` and `port` of `credentials` say where it listens.',
    };
  return undefined;
}

/** Undefined where the error has none. Of several addresses that were tried, the last one's. */
function codeOf(error: Error): string | undefined {
  if (error instanceof AggregateError) {
    const last: unknown = error.errors.at(-1);
    return last instanceof Error ? codeOf(last) : undefined;
  }
  return 'code' in error && typeof error.code === 'string' ? error.code : undefined;
}

/** What it says, with the detail that a server adds: values of rows may stand in it, as in any message of a contract. */
function sentenceOf(error: Error): string {
  const last: unknown = error instanceof AggregateError ? error.errors.at(-1) : error;
  const message = last instanceof Error ? last.message : error.message;
  const detail = 'detail' in error && typeof error.detail === 'string' ? ` (${error.detail})` : '';
  return `${message}${detail}`.replaceAll('\n', ' ').replace(/\.$/, '');
}

/** Where in the rows that were sent the server stopped: `COPY elt_3_rows, line 3, column v: "abc"`. */
function rowOf(error: Error, table: string | undefined): string {
  if (table === undefined) return '';
  const where = 'where' in error && typeof error.where === 'string' ? error.where : '';
  const [, line, column, value = ''] =
    /^COPY .*?, line (\d+)(?:, column (.+?))?(?:: (".*"))?$/s.exec(where.split('\n', 1)[0] ?? '') ?? [];
  const parts = [
    ...(column === undefined ? [] : [`column \`${column}\``]),
    `table \`${table}\``,
    ...(line === undefined ? [] : [`row ${line} of those that were sent`]),
  ];
  const shown =
    column === undefined || value === '' ? '' : `: ${value.length > 82 ? `${value.slice(0, 81)}…"` : value}`;
  return ` (${parts.join(', ')}${shown})`;
}
