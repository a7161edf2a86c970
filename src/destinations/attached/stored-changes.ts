import { qualifiedName } from '../../duckdb/quote.ts';
import { type StoredChange, storedChange } from '../../load/stored-dataset.ts';
import { SCHEMA_CHANGES_TABLE } from '../../schema/names.ts';
import { isoTime } from '../../text/iso-time.ts';
import type { OpenCatalogue } from './open-catalogue.ts';

/** What changed in the tables of a dataset: the newest load first, each in the order in which it made its changes. */
export async function readStoredChanges(
  { connection, catalog }: OpenCatalogue,
  dataset: string,
): Promise<StoredChange[]> {
  const rows = await connection.rows(
    `select load_id, table_name, column_name, change, old_type, new_type, first_value, epoch_ms(changed_at) as changed_ms
     from ${qualifiedName(catalog, dataset, SCHEMA_CHANGES_TABLE)}
     order by load_id desc, rowid`,
  );
  return rows.map((row) => storedChange(row, isoTime(Number(row.changed_ms))));
}
