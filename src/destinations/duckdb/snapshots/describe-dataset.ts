import type { Connection } from '../../../duckdb/connection.ts';
import { qualifiedName, quotedString } from '../../../duckdb/quote.ts';
import { LOADS_TABLE } from '../../../schema/names.ts';
import { isoTime } from '../../../text/iso-time.ts';
import type { SnapshotLabel } from './snapshot-label.ts';

export type DatasetFacts = Pick<SnapshotLabel, 'loadId' | 'loadedAt' | 'tables'>;

/** The last load of a dataset and how many rows its tables have; undefined where nothing was ever loaded. */
export async function describeDataset(
  connection: Connection,
  catalog: string,
  dataset: string,
): Promise<DatasetFacts | undefined> {
  const names = await tableNames(connection, catalog, dataset);
  if (!names.includes(LOADS_TABLE)) return undefined;
  const last = await connection.row(
    `select load_id, epoch_ms(inserted_at) as inserted_ms from ${qualifiedName(catalog, dataset, LOADS_TABLE)}
     order by load_id desc limit 1`,
  );
  if (last === undefined) return undefined;
  const own = names.filter((name) => !/^_(dlt|elt)_/.test(name));
  return {
    loadId: String(last.load_id),
    loadedAt: isoTime(Number(last.inserted_ms)),
    tables: own.length === 0 ? {} : await rowCounts(connection, catalog, dataset, own),
  };
}

// --- internal ---

async function tableNames(connection: Connection, catalog: string, dataset: string): Promise<string[]> {
  const rows = await connection.rows(
    'select table_name from duckdb_tables() where database_name = ? and lower(schema_name) = lower(?) order by table_name',
    [catalog, dataset],
  );
  return rows.map(({ table_name }) => String(table_name));
}

async function rowCounts(
  connection: Connection,
  catalog: string,
  dataset: string,
  names: readonly string[],
): Promise<Record<string, number>> {
  const each = names.map(
    (name) => `select ${quotedString(name)} as name, count(*) as rows from ${qualifiedName(catalog, dataset, name)}`,
  );
  const rows = await connection.rows(each.join(' union all '));
  return Object.fromEntries(rows.map(({ name, rows: count }) => [String(name), Number(count)]));
}
