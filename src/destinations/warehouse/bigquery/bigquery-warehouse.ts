import type { DatasetNames } from '../../../load/stored-dataset.ts';
import type { DestinationRun } from '../../destination-run.ts';
import type { Warehouse } from '../warehouse.ts';
import type { Transport } from '../warehouse-transport.ts';
import { BigqueryAsking } from './bigquery-asking.ts';
import { type BigqueryPlace, bigqueryClient } from './bigquery-client.ts';
import { bigqueryDialect } from './bigquery-dialect.ts';
import { BigqueryJobs } from './bigquery-jobs.ts';
import { bigqueryLocation } from './bigquery-location.ts';
import { BigqueryTransport, type BigqueryTransportParts } from './bigquery-transport.ts';

/** What is asked of a dataset. */
export function bigqueryWarehouse(place: BigqueryPlace, names: DatasetNames): Warehouse {
  const location = bigqueryLocation(place.credentials);
  return {
    location,
    names,
    dialect: bigqueryDialect(place.region),
    connect: () => session(place, {}),
    ask: async () => new BigqueryAsking(new BigqueryJobs(await bigqueryClient(place), location, place.dataset)),
  };
}

/** A session that loads. It ends what it does when the signal is aborted. */
export function loadingSession(
  place: BigqueryPlace,
  { folder, pipeline, loadId }: { readonly folder: string; readonly pipeline: string; readonly loadId: string },
  { signal, effects }: Pick<DestinationRun, 'signal' | 'effects'>,
): Promise<Transport> {
  sessions += 1;
  const chance = Math.floor(effects.random() * 2 ** 48).toString(36);
  const name = `${loadId.replaceAll(/\W/g, '_')}_${chance}_${sessions}`;
  return session(place, { folder, signal, loading: { pipeline, name } });
}

// --- internal ---

/** Of this process: no two of them have the same name. */
let sessions = 0;

interface SessionParts {
  readonly folder?: string;
  readonly signal?: AbortSignal | undefined;
  readonly loading?: BigqueryTransportParts['loading'];
}

async function session(place: BigqueryPlace, { folder = '', signal, loading }: SessionParts): Promise<Transport> {
  const location = bigqueryLocation(place.credentials);
  const client = await bigqueryClient(place);
  return new BigqueryTransport({
    ...{ client, location, folder },
    ...(loading !== undefined && { loading }),
    dataset: place.dataset,
    region: place.region,
    jobs: new BigqueryJobs(client, location, place.dataset, signal),
  });
}
