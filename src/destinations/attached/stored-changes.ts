import { qualifiedName } from '../../duckdb/quote.ts';
import type { StoredChange } from '../../load/stored-dataset.ts';
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
  return rows.map((row) => ({
    loadId: String(row.load_id),
    table: String(row.table_name),
    column: textOrNull(row.column_name),
    change: String(row.change),
    oldType: textOrNull(row.old_type),
    newType: textOrNull(row.new_type),
    firstValue: textOrNull(row.first_value),
    changedAt: isoTime(Number(row.changed_ms)),
  }));
}

function textOrNull(value: unknown): string | null {
  return value === null || value === undefined ? null : String(value);
}
