import { type SourceSettings, withSourceSettings } from '../schema/source-settings.ts';
import { bumpVersion, emptySchema } from '../schema/stored-schema.ts';
import type { StoredSchema, TableSchema } from '../schema/table-schema.ts';

/** The schema document after a load: the stored one with the tables of the load, one version higher where that changes it. */
export function nextSchema(
  stored: StoredSchema | undefined,
  schemaName: string,
  tables: readonly TableSchema[],
  settings: SourceSettings,
): StoredSchema {
  const base = stored ?? emptySchema(schemaName);
  const loaded = Object.fromEntries(tables.map((table) => [table.name, table]));
  return bumpVersion(withSourceSettings({ ...base, tables: { ...base.tables, ...loaded } }, settings));
}
