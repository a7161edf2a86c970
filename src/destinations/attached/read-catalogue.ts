import type { Connection } from '../../duckdb/connection.ts';
import { type Catalogue, catalogueOf } from '../../load/catalogue.ts';
import { textOrNull } from '../../text/text-or-null.ts';

/** Whether the dataset is there, and its tables as they really are. */
export async function readCatalogue(
  connection: Connection,
  catalog: string,
  dataset: string,
): Promise<{ exists: boolean; tables: Catalogue }> {
  const exists = await datasetExists(connection, catalog, dataset);
  return { exists, tables: exists ? await readTables(connection, catalog, dataset) : new Map() };
}

async function datasetExists(connection: Connection, catalog: string, dataset: string): Promise<boolean> {
  const row = await connection.row(
    'select 1 from duckdb_schemas() where database_name = ? and lower(schema_name) = lower(?)',
    [catalog, dataset],
  );
  return row !== undefined;
}

/** Only the statement that would make the table tells a generated column from one with a default. */
const IS_GENERATED = `c.column_default is not null and regexp_matches(t.sql, concat(
  '[(,] ?"?', regexp_escape(replace(c.column_name, '"', '""')), '"? ', regexp_escape(c.data_type), ' GENERATED ALWAYS AS'))`;

async function readTables(connection: Connection, catalog: string, dataset: string): Promise<Catalogue> {
  const rows = await connection.rows(
    `select t.table_name, t.comment as table_comment,
            c.column_name, c.data_type, c.is_nullable, c.column_default, c.comment, ${IS_GENERATED} as is_generated
     from duckdb_tables() as t join duckdb_columns() as c using (database_oid, table_oid)
     where t.database_name = ? and lower(t.schema_name) = lower(?)
     order by t.table_oid, c.column_index`,
    [catalog, dataset],
  );
  return catalogueOf(rows, (row) => ({
    name: String(row.column_name),
    type: String(row.data_type),
    nullable: row.is_nullable === true,
    defaultValue: row.column_default === 'NULL' ? null : textOrNull(row.column_default),
    generated: row.is_generated === true,
    comment: textOrNull(row.comment),
  }));
}
