import { asPipelineError, PipelineError } from '../../../errors.ts';
import { fragment } from '../../../load/staging/sql-fragment.ts';
import { fail, ok, type Symptom } from '../../../report/doctor-text.ts';
import { connectSnowflake, type SnowflakePlace } from './snowflake-client.ts';
import { snowflakeDialect } from './snowflake-dialect.ts';
import { snowflakeLocation } from './snowflake-location.ts';
import { SnowflakeTransport } from './snowflake-transport.ts';

const SERVER = 'destination';

/** How an account is, and what the user has there. Changes nothing. */
export async function examineSnowflake(place: SnowflakePlace): Promise<Symptom[]> {
  const location = snowflakeLocation(place.credentials);
  try {
    const session = await connectSnowflake(place);
    const transport = new SnowflakeTransport({ session, folder: '', dataset: place.dataset });
    try {
      return await symptomsOf(transport, place.dataset, location);
    } finally {
      await transport.close();
    }
  } catch (error) {
    return [fail(SERVER, asPipelineError(error))];
  }
}

// --- internal ---

async function symptomsOf(transport: SnowflakeTransport, dataset: string, location: string): Promise<Symptom[]> {
  const [facts = {}] = await transport.rows(
    fragment(
      `select current_version() as version, current_user() as name, current_role() as role,
              current_warehouse() as warehouse, current_database() as database`,
    ),
  );
  const [found] = await transport.rows(snowflakeDialect.datasetExists(dataset));
  const { version, name, role, warehouse, database } = facts;
  return [
    ok(
      SERVER,
      `${location}: Snowflake ${version}, user ${name}, role ${role ?? 'none'}, warehouse ${warehouse ?? 'none'}`,
    ),
    ...(warehouse === null
      ? [refused(location, 'has no warehouse for this user', 'Name one: `credentials.warehouse`.')]
      : []),
    ...(database === null
      ? [refused(location, 'does not show this role the database', 'Make it, or grant the role `usage` on it.')]
      : []),
    ok('dataset', found === undefined ? `${dataset}: no schema yet, the first run makes it` : `${dataset} is there`),
  ];
}

function refused(location: string, what: string, hint: string): Symptom {
  const message = `${location} ${what}.`;
  return fail(
    SERVER,
    new PipelineError({ code: 'DestinationFailed', message, hint, facts: { destination: location } }),
  );
}
