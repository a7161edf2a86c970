import { dataTypeOf } from '../schema/duckdb-type.ts';
import { DLT_PARENT_ID, PATH_SEPARATOR, REQUESTS_TABLE } from '../schema/names.ts';
import { emptySchema } from '../schema/stored-schema.ts';
import { systemColumns } from '../schema/system-columns.ts';
import type { ColumnSchema, StoredSchema, TableSchema } from '../schema/table-schema.ts';
import type { ActualColumn, ActualTable, Catalogue } from './catalogue.ts';

/**
 * The stored document with what only the file has: tables that a user made, all of them where the books are gone, and columns
 * added by hand. Generated columns and those of types that dlt has no word for stay out: nothing can be loaded into them.
 */
export function adoptTables(
  stored: StoredSchema | undefined,
  actual: Catalogue,
  schemaName: string,
): StoredSchema | undefined {
  const tables: Record<string, TableSchema> = { ...stored?.tables };
  const byName = new Map(Object.keys(tables).map((name) => [name.toLowerCase(), name]));
  for (const [key, table] of actual) {
    if (/^_(dlt|elt)_/.test(key) && key !== REQUESTS_TABLE) continue;
    const name = byName.get(key);
    const document = name === undefined ? undefined : tables[name];
    if (document === undefined) tables[key] = adoptedTable(key, table, actual);
    else tables[document.name] = withAdoptedColumns(document, table);
  }
  if (stored === undefined && Object.keys(tables).length === 0) return undefined;
  return { ...(stored ?? emptySchema(schemaName)), tables };
}

function adoptedTable(name: string, table: ActualTable, actual: Catalogue): TableSchema {
  const parent = table.columns.has(DLT_PARENT_ID) ? parentName(name, actual) : undefined;
  return withAdoptedColumns(
    { name, columns: {}, ...(parent === undefined ? { resource: name, write_disposition: 'append' } : { parent }) },
    table,
  );
}

/** The table whose name with `__` the nested table's name begins with; the longest. */
function parentName(name: string, actual: Catalogue): string | undefined {
  return [...actual.keys()]
    .filter((other) => name.startsWith(other + PATH_SEPARATOR))
    .sort((one, other) => other.length - one.length)[0];
}

function withAdoptedColumns(document: TableSchema, table: ActualTable): TableSchema {
  const known = new Set(Object.keys(document.columns).map((name) => name.toLowerCase()));
  const added = [...table.columns].flatMap(([name, column]) =>
    known.has(name) || column.generated ? [] : (adoptedColumn(name, column) ?? []),
  );
  if (added.length === 0) return document;
  return {
    ...document,
    columns: { ...document.columns, ...Object.fromEntries(added.map((column) => [column.name, column])) },
  };
}

const SYSTEM_COLUMNS = new Map(
  [...systemColumns(false, false), ...systemColumns(true, true)].map((column) => [column.name, column]),
);

function adoptedColumn(name: string, { type, nullable }: ActualColumn): ColumnSchema | undefined {
  const system = SYSTEM_COLUMNS.get(name);
  if (system !== undefined) return system;
  const hints = dataTypeOf(type);
  return hints === undefined ? undefined : { name, ...hints, nullable };
}
