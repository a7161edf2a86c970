import { qualifiedName } from '../../duckdb/quote.ts';
import type { ReadOnlyFile } from '../../duckdb/read-only-file.ts';
import { SCHEMA_CHANGES_TABLE } from '../../schema/names.ts';
import { aligned } from '../../text/aligned.ts';
import { isoTime } from '../../text/iso-time.ts';

/** A row of `_elt_schema_changes`, in the keys that a run reports its changes with. Public: keys are only ever added. */
export interface StoredChange {
  readonly loadId: string;
  readonly table: string;
  /** null: the table itself. */
  readonly column: string | null;
  readonly change: string;
  readonly oldType: string | null;
  readonly newType: string | null;
  readonly firstValue: string | null;
  /** ISO 8601, UTC. */
  readonly changedAt: string;
}

/** What changed in the tables of a dataset: the newest load first, each in the order in which it made its changes. */
export async function readStoredChanges(
  { connection, catalog }: ReadOnlyFile,
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

/** A heading for each load, below it a line for each change. */
export function changesText(changes: readonly StoredChange[]): string {
  const loads = [...new Set(changes.map(({ loadId }) => loadId))];
  const sections = loads.map((loadId) => {
    const own = changes.filter((change) => change.loadId === loadId);
    return [`Load ${loadId}, ${own[0]?.changedAt ?? ''}`, ...aligned(own.map(changeRow), columns)].join('\n');
  });
  return sections.join('\n\n');
}

const columns = ['left', 'left', 'left', 'left'] as const;

function changeRow({ table, column, change, oldType, newType, firstValue }: StoredChange): string[] {
  const types = [oldType, newType].filter((type) => type !== null).join(' → ');
  const place = column === null ? table : `${table}.${column}`;
  return [place, change.replaceAll('_', ' '), types, firstValue === null ? '' : `first value: ${firstValue}`];
}

function textOrNull(value: unknown): string | null {
  return value === null || value === undefined ? null : String(value);
}
