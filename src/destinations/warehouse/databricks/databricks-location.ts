import type { DatabricksCredentials } from '../../../config/grammar/databricks-destination.ts';

/** The same from run to run, without what is signed in with. */
export function databricksLocation({ server_hostname, catalog }: DatabricksCredentials): string {
  return `databricks://${server_hostname}/${encodeURIComponent(catalog)}`;
}
