import type { DatabricksCredentials } from '../../../config/grammar/databricks-destination.ts';
import { fragment } from '../../../load/staging/sql-fragment.ts';
import { requireClient } from '../../require-client.ts';
import { databricksError } from './databricks-errors.ts';
import { databricksLocation } from './databricks-location.ts';
import { databricksIdentifier } from './databricks-names.ts';
import type { DatabricksSdk } from './databricks-sdk.ts';
import { DatabricksSession } from './databricks-session.ts';
import { databricksToken } from './databricks-tokens.ts';

/** What a session is opened with. */
export interface DatabricksPlace {
  readonly credentials: DatabricksCredentials;
  readonly dataset: string;
  /** `catalog.schema.volume` that somebody else made; undefined: one in the dataset. */
  readonly volume: string | undefined;
  /** Folder under which the engine sees volumes. */
  readonly root: string;
}

/**
 * A session that is signed in and in its catalog, with times in UTC.
 *
 * @throws PipelineError DestinationFailed: unreachable, refused; ConfigInvalid: who signs in is not known, or may not
 */
export async function connectDatabricks(
  { credentials }: DatabricksPlace,
  signal?: AbortSignal,
): Promise<DatabricksSession> {
  if (credentials.server_hostname === '') throw credentials.missing?.missingError();
  const { DBSQLClient } = await requireClient('@databricks/sql', loadSdk);
  const location = databricksLocation(credentials);
  const client = new DBSQLClient({ logger: { log: () => undefined } });
  try {
    await client.connect(await options(credentials));
    const session = new DatabricksSession({ client, session: await client.openSession(), location, signal });
    await session.run(fragment(`set catalog ${databricksIdentifier(credentials.catalog)}`));
    await session.run(fragment("set time zone 'UTC'"));
    return session;
  } catch (error) {
    await client.close().catch(() => undefined); // the error before is the one to tell
    throw databricksError(error, location);
  }
}

// --- internal ---

async function loadSdk(): Promise<DatabricksSdk> {
  const name: string = '@databricks/sql'; // a type checker would look for it
  const sdk: DatabricksSdk = await import(name);
  return sdk;
}

async function options(credentials: DatabricksCredentials): Promise<Readonly<Record<string, unknown>>> {
  const { hostname, port } = new URL(`https://${credentials.server_hostname}`);
  return {
    host: hostname,
    port: port === '' ? 443 : Number(port),
    path: credentials.http_path,
    ...(credentials.client_id === undefined
      ? { token: await databricksToken(credentials) }
      : { authType: 'external-token', getToken: () => databricksToken(credentials) }),
    retriesTimeout: credentials.connect_timeout,
    userAgentEntry: 'dezgo-elt',
    telemetryEnabled: false,
  };
}
