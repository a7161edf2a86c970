import { type ActualColumn, type Catalogue, catalogueOf } from '../../load/catalogue.ts';
import { textOrNull } from '../../text/text-or-null.ts';
import type { Dialect } from './dialect.ts';
import type { ServerRow, Transport } from './warehouse-transport.ts';

/** Whether the dataset is there, and its tables as they really are. */
export async function readServerCatalogue(
  transport: Transport,
  dialect: Dialect,
  dataset: string,
): Promise<{ exists: boolean; tables: Catalogue }> {
  const [found] = await transport.rows(dialect.datasetExists(dataset));
  if (found === undefined) return { exists: false, tables: new Map() };
  const rows =
    dialect.catalogue === undefined
      ? await transport.catalogue?.(dataset)
      : await transport.rows(dialect.catalogue(dataset));
  return { exists: true, tables: catalogueOf(rows ?? [], (row) => columnOf(row, dialect)) };
}

// --- internal ---

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
