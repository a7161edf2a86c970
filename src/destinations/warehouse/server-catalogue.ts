import type { ActualColumn, ActualTable, Catalogue } from '../../load/catalogue.ts';
import type { Dialect } from './dialect.ts';
import type { ServerRow, ServerValue, Transport } from './warehouse-transport.ts';

/** Whether the dataset is there, and its tables as they really are. */
export async function readServerCatalogue(
  transport: Transport,
  dialect: Dialect,
  dataset: string,
): Promise<{ exists: boolean; tables: Catalogue }> {
  const [found] = await transport.rows(dialect.datasetExists(dataset));
  if (found === undefined) return { exists: false, tables: new Map() };
  return { exists: true, tables: tablesOf(await transport.rows(dialect.catalogue(dataset)), dialect) };
}

// --- internal ---

function tablesOf(rows: readonly ServerRow[], dialect: Dialect): Catalogue {
  const tables = new Map<string, ActualTable & { columns: Map<string, ActualColumn> }>();
  for (const row of rows) {
    const name = String(row.table_name);
    const key = name.toLowerCase();
    const table = tables.get(key) ?? { name, comment: textOrNull(row.table_comment), columns: new Map() };
    tables.set(key, table);
    table.columns.set(String(row.column_name).toLowerCase(), columnOf(row, dialect));
  }
  return tables;
}

function columnOf(row: ServerRow, dialect: Dialect): ActualColumn {
  const native = String(row.data_type);
  return {
    name: String(row.column_name),
    type: dialect.duckdbTypeOf(native) ?? native,
    native,
    nullable: row.is_nullable === true,
    defaultValue: textOrNull(row.column_default),
    generated: row.is_generated === true,
    comment: textOrNull(row.column_comment),
  };
}

function textOrNull(value: ServerValue | undefined): string | null {
  return value === null || value === undefined ? null : String(value);
}
