import type { Connection } from '../../duckdb/connection.ts';
import type { DatasetColumn, DatasetTable } from '../../load/described-table.ts';
import { textOrNull } from '../../text/text-or-null.ts';

/** Tables and views of a dataset, the oldest first, with their columns in order. */
export async function describeTables(
  connection: Connection,
  catalog: string,
  dataset: string,
): Promise<readonly DatasetTable[]> {
  const rows = await connection.rows(
    `with relation as (
       select table_oid as oid, database_name, schema_name, table_name as name, comment, false as is_view from duckdb_tables()
       union all
       select view_oid, database_name, schema_name, view_name, comment, true from duckdb_views()
     )
     select r.name, r.comment as table_comment, c.column_name, c.data_type, c.comment,
            coalesce(c.is_nullable, true) or r.is_view as nullable
     from relation as r
     join duckdb_columns() as c
       on c.database_name = r.database_name and c.schema_name = r.schema_name and c.table_name = r.name
     where r.database_name = ? and lower(r.schema_name) = lower(?)
     order by r.oid, r.name, c.column_index`,
    [catalog, dataset],
  );
  const tables = new Map<string, DatasetTable & { columns: DatasetColumn[] }>();
  for (const row of rows) {
    const name = String(row.name);
    const table = tables.get(name) ?? { name, comment: textOrNull(row.table_comment), columns: [] };
    tables.set(name, table);
    table.columns.push({
      name: String(row.column_name),
      type: String(row.data_type),
      nullable: row.nullable === true,
      comment: textOrNull(row.comment),
    });
  }
  return [...tables.values()];
}
