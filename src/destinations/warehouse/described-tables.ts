import type { Asker } from '../../load/asker.ts';
import type { DatasetColumn, DatasetTable } from '../../load/described-table.ts';
import { textOrNull } from '../../text/text-or-null.ts';
import type { Dialect } from './dialect.ts';

/** A column of a table or a view, as a server tells it. */
export interface DescribedColumn {
  readonly name?: unknown;
  readonly table_comment?: unknown;
  readonly column_name?: unknown;
  readonly data_type?: unknown;
  readonly nullable?: unknown;
  readonly comment?: unknown;
}

/** Tables and views by their columns, in the order that they come in; types by DuckDB's names where it has them. */
export function describedTables(
  rows: readonly DescribedColumn[],
  duckdbTypeOf: Dialect['duckdbTypeOf'],
): readonly DatasetTable[] {
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

/**
 * Those of a dataset, the oldest first.
 *
 * @param relations SQL with the dataset as its only value: a row `name`, `table_comment`, `column_name`, `data_type`, `nullable`, `comment` for each column
 */
export async function describedRelations(
  ask: Asker['rows'],
  dataset: string,
  { relations, duckdbTypeOf }: { readonly relations: string; readonly duckdbTypeOf: Dialect['duckdbTypeOf'] },
): Promise<readonly DatasetTable[]> {
  return describedTables(await ask(relations, [dataset]), duckdbTypeOf);
}
