import { quotedIdentifier } from '../../../duckdb/quote.ts';
import type { DatasetNames } from '../../../load/stored-dataset.ts';
import type { Warehouse } from '../warehouse.ts';
import type { Transport } from '../warehouse-transport.ts';
import { CursorAsking } from '../wire/cursor-asking.ts';
import { cancelQuery, connectPostgres, type PostgresPlace } from '../wire/postgres-client.ts';
import { postgresCursor } from './postgres-asking.ts';
import { postgresDialect } from './postgres-dialect.ts';
import { PostgresTransport } from './postgres-transport.ts';

/** What is asked of a schema. */
export function postgresWarehouse(place: PostgresPlace, names: DatasetNames): Warehouse {
  return {
    location: place.location,
    dialect: postgresDialect,
    names,
    connect: () => readingSession(place),
    ask: () => CursorAsking.open(place, postgresCursor),
  };
}

/** A session that loads. It ends what it does when the signal is aborted. */
export async function loadingSession(
  place: PostgresPlace,
  folder: string,
  signal: AbortSignal | undefined,
): Promise<Transport> {
  const client = await connectPostgres(place);
  await client.query(loadingSettings(place));
  const stop = () => void cancelQuery(client, place);
  signal?.addEventListener('abort', stop, { once: true });
  return new PostgresTransport({
    client,
    place,
    folder,
    signal,
    onClose: () => signal?.removeEventListener('abort', stop),
  });
}

// --- internal ---

/**
 * Whatever the database or the user is set to: who waited for another load sees what that one left, and while DuckDB writes rows the
 * session says nothing. Triggers that somebody put on a table find what is in `public`, as with dlt.
 */
function loadingSettings({ dataset }: PostgresPlace): string {
  return [
    'set default_transaction_isolation to "read committed"',
    'set idle_in_transaction_session_timeout to 0',
    `set search_path to ${quotedIdentifier(dataset)}, public`,
  ].join('; ');
}

/** Every transaction only reads, and sees one moment. */
async function readingSession(place: PostgresPlace): Promise<Transport> {
  const client = await connectPostgres(place);
  await client.query('set default_transaction_read_only to on; set default_transaction_isolation to "repeatable read"');
  return new PostgresTransport({ client, place, folder: '' });
}
