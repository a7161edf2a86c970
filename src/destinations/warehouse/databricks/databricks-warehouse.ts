import type { DatasetNames } from '../../../load/stored-dataset.ts';
import type { Warehouse } from '../warehouse.ts';
import type { Transport } from '../warehouse-transport.ts';
import { DatabricksAsking } from './databricks-asking.ts';
import { connectDatabricks, type DatabricksPlace } from './databricks-client.ts';
import { databricksDialect } from './databricks-dialect.ts';
import { databricksLocation } from './databricks-location.ts';
import { DatabricksTransport } from './databricks-transport.ts';
import { DatabricksVolume } from './databricks-volume.ts';

/** What is asked of a schema. */
export function databricksWarehouse(place: DatabricksPlace, names: DatasetNames): Warehouse {
  return {
    location: databricksLocation(place.credentials),
    dialect: databricksDialect,
    names,
    connect: () => loadingSession(place, { folder: '' }),
    ask: () => DatabricksAsking.open(place),
  };
}

interface Loading {
  /** Where rows lie as Parquet before they are sent. */
  readonly folder: string;
  /** Ends what the session does. */
  readonly signal?: AbortSignal | undefined;
  readonly loadId?: string | undefined;
}

/** A session that loads. */
export async function loadingSession(
  place: DatabricksPlace,
  { folder, signal, loadId = '' }: Loading,
): Promise<Transport> {
  const session = await connectDatabricks(place, signal);
  return new DatabricksTransport({
    session,
    volume: new DatabricksVolume(place, signal),
    folder,
    loadId,
    dataset: place.dataset,
  });
}
