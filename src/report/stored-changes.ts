import { qualifiedName } from '../duckdb/quote.ts';
import type { ReadOnlyFile } from '../duckdb/read-only-file.ts';
import { SCHEMA_CHANGES_TABLE } from '../schema/names.ts';
import { aligned } from './aligned.ts';

/** A row of `_elt_schema_changes`; the keys are its columns. Public: keys are only ever added. */
export interface StoredChange {
  readonly load_id: string;
  readonly table_name: string;
  /** null: the table itself. */
  readonly column_name: string | null;
  readonly change: string;
  readonly old_type: string | null;
  readonly new_type: string | null;
  readonly first_value: string | null;
  /** ISO 8601, UTC. */
  readonly changed_at: string;
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
    load_id: String(row.load_id),
    table_name: String(row.table_name),
    column_name: textOrNull(row.column_name),
    change: String(row.change),
    old_type: textOrNull(row.old_type),
    new_type: textOrNull(row.new_type),
    first_value: textOrNull(row.first_value),
    changed_at: new Date(Number(row.changed_ms)).toISOString(),
  }));
}

/** A heading for each load, below it a line for each change. */
export function changesText(changes: readonly StoredChange[]): string {
  const loads = [...new Set(changes.map(({ load_id }) => load_id))];
  const sections = loads.map((loadId) => {
    const own = changes.filter(({ load_id }) => load_id === loadId);
    return [`Load ${loadId}, ${own[0]?.changed_at ?? ''}`, ...aligned(own.map(changeRow), columns)].join('\n');
  });
  return sections.join('\n\n');
}

const columns = ['left', 'left', 'left', 'left'] as const;

function changeRow({ table_name, column_name, change, old_type, new_type, first_value }: StoredChange): string[] {
  const types = [old_type, new_type].filter((type) => type !== null).join(' → ');
  const place = column_name === null ? table_name : `${table_name}.${column_name}`;
  return [place, change.replaceAll('_', ' '), types, first_value === null ? '' : `first value: ${first_value}`];
}

function textOrNull(value: unknown): string | null {
  return value === null || value === undefined ? null : String(value);
}
