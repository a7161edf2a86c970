import { type SourceSettings, withSourceSettings } from '../schema/source-settings.ts';
import { bumpVersion, emptySchema } from '../schema/stored-schema.ts';
import type { StoredSchema, TableSchema } from '../schema/table-schema.ts';

/**
 * The schema document after a load: the stored one with the tables of the load, one version higher where that changes it. Columns that
 * another load added while this one was on its way stay.
 */
export function nextSchema(
  stored: StoredSchema | undefined,
  schemaName: string,
  tables: readonly TableSchema[],
  settings: SourceSettings,
): StoredSchema {
  const base = stored ?? emptySchema(schemaName);
  const loaded = Object.fromEntries(tables.map((table) => [table.name, withColumnsOf(table, base.tables[table.name])]));
  return bumpVersion(withSourceSettings({ ...base, tables: { ...base.tables, ...loaded } }, settings));
}

// --- internal ---

function withColumnsOf(table: TableSchema, stored: TableSchema | undefined): TableSchema {
  const others = Object.values(stored?.columns ?? {}).filter(
    ({ name, data_type }) => data_type !== undefined && table.columns[name]?.data_type === undefined,
  );
  if (others.length === 0) return table;
  return {
    ...table,
    columns: { ...table.columns, ...Object.fromEntries(others.map((column) => [column.name, column])) },
  };
}
