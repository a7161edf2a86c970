import type { DatasetNames } from '../../../load/stored-dataset.ts';
import type { Warehouse } from '../warehouse.ts';
import type { Transport } from '../warehouse-transport.ts';
import { SnowflakeAsking } from './snowflake-asking.ts';
import { connectSnowflake, type SnowflakePlace } from './snowflake-client.ts';
import { snowflakeDialect } from './snowflake-dialect.ts';
import { snowflakeLocation } from './snowflake-location.ts';
import { SnowflakeTransport } from './snowflake-transport.ts';

/** What is asked of a schema. */
export function snowflakeWarehouse(place: SnowflakePlace, names: DatasetNames): Warehouse {
  return {
    location: snowflakeLocation(place.credentials),
    dialect: snowflakeDialect,
    names,
    connect: () => loadingSession(place, '', undefined),
    ask: () => SnowflakeAsking.open(place),
  };
}

/** A session that loads. It ends what it does when the signal is aborted. */
export async function loadingSession(
  place: SnowflakePlace,
  folder: string,
  signal: AbortSignal | undefined,
): Promise<Transport> {
  return new SnowflakeTransport({ session: await connectSnowflake(place, signal), folder, dataset: place.dataset });
}
