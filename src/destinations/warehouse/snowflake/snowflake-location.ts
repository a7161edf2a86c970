import type { SnowflakeCredentials } from '../../../config/grammar/snowflake-destination.ts';

/** The same from run to run, without the user and what it signs in with. */
export function snowflakeLocation({ host, database }: SnowflakeCredentials): string {
  return `snowflake://${encodeURIComponent(host)}/${encodeURIComponent(database)}`;
}
