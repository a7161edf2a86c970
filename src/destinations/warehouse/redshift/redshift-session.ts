import type { DatasetNames } from '../../../load/stored-dataset.ts';
import type { Warehouse } from '../warehouse.ts';
import type { Transport } from '../warehouse-transport.ts';
import { CursorAsking } from '../wire/cursor-asking.ts';
import { cancelQuery, connectPostgres, type PostgresPlace } from '../wire/postgres-client.ts';
import type { BucketAccess } from './copy-parquet.ts';
import { redshiftCursor } from './redshift-cursor.ts';
import { redshiftDialect } from './redshift-dialect.ts';
import { RedshiftTransport } from './redshift-transport.ts';
import { type BucketSettings, StagingBucket } from './staging-bucket.ts';

/** What is asked of a schema. */
export function redshiftWarehouse(place: PostgresPlace, names: DatasetNames): Warehouse {
  return {
    location: place.location,
    dialect: redshiftDialect,
    names,
    connect: async () => new RedshiftTransport({ client: await connectPostgres(place), place, folder: '' }),
    ask: () => CursorAsking.open(place, redshiftCursor),
  };
}

export interface LoadingParts {
  readonly place: PostgresPlace;
  /** Where Parquet lies before it is put into the bucket. */
  readonly folder: string;
  readonly staging: BucketSettings;
  readonly role: BucketAccess['role'];
  readonly wait: number;
  readonly loadId: string;
}

/** A session that loads. It ends what it does when the signal is aborted. */
export async function redshiftLoading(
  { place, folder, staging, role, wait, loadId }: LoadingParts,
  signal: AbortSignal | undefined,
): Promise<Transport> {
  const bucket = await StagingBucket.open(staging);
  const client = await connectPostgres(place);
  const stop = () => void cancelQuery(client, place);
  signal?.addEventListener('abort', stop, { once: true });
  const onClose = () => signal?.removeEventListener('abort', stop);
  const access = { role, credentials: staging.credentials };
  return new RedshiftTransport(
    { client, place, folder, signal, onClose },
    { bucket, access, dataset: place.dataset, loadId, wait },
  );
}
