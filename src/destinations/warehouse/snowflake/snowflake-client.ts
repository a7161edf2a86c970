import type { SnowflakeCredentials } from '../../../config/grammar/snowflake-destination.ts';
import { silently } from '../../../effects.ts';
import { PipelineError } from '../../../errors.ts';
import { requireClient } from '../../require-client.ts';
import { snowflakeError } from './snowflake-errors.ts';
import { privateKeyOf } from './snowflake-key.ts';
import { within } from './snowflake-limit.ts';
import { snowflakeLocation } from './snowflake-location.ts';
import type { SnowflakeConnection, SnowflakeSdk } from './snowflake-sdk.ts';
import { ended, SnowflakeSession } from './snowflake-session.ts';

/** What a session is opened with. */
export interface SnowflakePlace {
  readonly credentials: SnowflakeCredentials;
  readonly dataset: string;
  /** Milliseconds that a statement may take. */
  readonly statementTimeout: number;
}

/**
 * A session that is signed in, with settings under which every value has one text.
 *
 * @throws PipelineError DestinationFailed: unreachable, refused; ConfigInvalid: who signs in is not known, or may not
 */
export async function connectSnowflake(place: SnowflakePlace, signal?: AbortSignal): Promise<SnowflakeSession> {
  const { credentials, statementTimeout: limit } = place;
  if (credentials.host === '') throw credentials.missing?.missingError();
  const sdk = await requireClient('snowflake-sdk', loadSdk);
  sdk.configure({ logLevel: 'OFF', additionalLogToConsole: false }); // it would write a file into the working folder
  const location = snowflakeLocation(credentials);
  const connection = await opened(sdk, credentials, location);
  const session = new SnowflakeSession({ connection, location, limit, signal });
  try {
    await session.run({ sql: sessionSettings(limit), values: [] });
    return session;
  } catch (error) {
    await session.end();
    throw snowflakeError(error, location);
  }
}

// --- internal ---

/** Its types are not installed where it is not. */
async function loadSdk(): Promise<SnowflakeSdk> {
  const { default: sdk }: { default: SnowflakeSdk } = await silently(() => import(String('snowflake-sdk')));
  return sdk;
}

async function opened(sdk: SnowflakeSdk, credentials: SnowflakeCredentials, location: string) {
  let connection: SnowflakeConnection;
  try {
    connection = sdk.createConnection(await options(credentials));
  } catch (error) {
    throw snowflakeError(error, location);
  }
  try {
    await within(connected(connection), credentials.connect_timeout, () => Promise.reject(noAnswer(location)));
    return connection;
  } catch (error) {
    void ended(connection);
    const told = snowflakeError(error, location);
    throw told instanceof PipelineError ? told : noAnswer(location, error);
  }
}

async function options(credentials: SnowflakeCredentials): Promise<Readonly<Record<string, unknown>>> {
  const { host, access_url, database, username, warehouse, role, authenticator: asked } = credentials;
  const privateKey = await privateKeyOf(credentials);
  const authenticator = asked ?? (privateKey === undefined ? undefined : 'SNOWFLAKE_JWT');
  const given = {
    ...{ account: host, accessUrl: access_url, database, username, warehouse, role },
    password: await credentials.password.revealed(),
    token: await credentials.token.revealed(),
    privateKey,
    authenticator: authenticator?.toUpperCase().startsWith('HTTPS:') ? authenticator : authenticator?.toUpperCase(),
    application: 'dezgo-elt',
    clientSessionKeepAlive: true,
    representNullAsStringNull: false, // also of what is fetched as text
    sfRetryMaxLoginRetries: 1,
  };
  return Object.fromEntries(Object.entries(given).filter(([, value]) => value !== undefined));
}

/** By its callback: the promise of the driver is kept also where nobody answered. */
function connected(connection: SnowflakeConnection): Promise<void> {
  return new Promise((resolve, reject) => {
    connection.connectAsync((error) => (error ? reject(error) : resolve())).catch(reject);
  });
}

function noAnswer(location: string, cause?: unknown): PipelineError {
  return new PipelineError({
    code: 'DestinationFailed',
    message: `${location} does not answer.`,
    hint: 'Is the account right: `credentials.host`? How the account is: dezgo-elt doctor',
    facts: { destination: location },
    cause,
  });
}

/** Whatever the account or the user is set to. https://docs.snowflake.com/en/sql-reference/parameters */
function sessionSettings(limit: number): string {
  const settings = {
    timezone: "'UTC'",
    date_input_format: "'AUTO'",
    time_input_format: "'AUTO'",
    timestamp_input_format: "'AUTO'",
    date_output_format: "'YYYY-MM-DD'",
    time_output_format: "'HH24:MI:SS.FF6'",
    timestamp_ntz_output_format: "'YYYY-MM-DD HH24:MI:SS.FF6'",
    timestamp_ltz_output_format: "'YYYY-MM-DD HH24:MI:SS.FF6TZH:TZM'",
    timestamp_tz_output_format: "'YYYY-MM-DD HH24:MI:SS.FF6TZH:TZM'",
    binary_input_format: "'HEX'",
    binary_output_format: "'HEX'",
    quoted_identifiers_ignore_case: 'false',
    statement_timeout_in_seconds: String(Math.max(1, Math.ceil(limit / 1000))),
    transaction_abort_on_error: 'false',
    autocommit: 'true',
    multi_statement_count: '1', // what begins as a query is nothing else
  };
  const written = Object.entries(settings).map(([name, value]) => `${name} = ${value}`);
  return `alter session set ${written.join(' ')}`;
}
