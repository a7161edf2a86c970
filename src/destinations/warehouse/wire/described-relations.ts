import type { Asker } from '../../../load/asker.ts';
import type { DatasetColumn, DatasetTable } from '../../../load/described-table.ts';
import { textOrNull } from '../../../text/text-or-null.ts';
import type { Dialect } from '../dialect.ts';

/**
 * Tables and views of a dataset, the oldest first, with their columns in order; types by DuckDB's names where it has them.
 *
 * @param relations SQL with the dataset as its only value: a row `name`, `table_comment`, `column_name`, `data_type`, `nullable`, `comment` for each column
 */
export async function describedRelations(
  ask: Asker['rows'],
  dataset: string,
  { relations, duckdbTypeOf }: { readonly relations: string; readonly duckdbTypeOf: Dialect['duckdbTypeOf'] },
): Promise<readonly DatasetTable[]> {
  const rows = await ask(relations, [dataset]);
  const tables = new Map<string, DatasetTable & { columns: DatasetColumn[] }>();
  for (const row of rows) {
    const name = String(row.name);
    const table = tables.get(name) ?? { name, comment: textOrNull(row.table_comment), columns: [] };
    tables.set(name, table);
    const native = String(row.data_type);
    table.columns.push({
      name: String(row.column_name),
      type: duckdbTypeOf(native) ?? native,
      nullable: row.nullable === true,
      comment: textOrNull(row.comment),
    });
  }
  return [...tables.values()];
}
