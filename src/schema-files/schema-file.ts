import { rootTable } from '../schema/hints.ts';
import { mergeTable } from '../schema/merge-table.ts';
import { type SourceSettings, withSourceSettings } from '../schema/source-settings.ts';
import { bumpVersion, emptySchema } from '../schema/stored-schema.ts';
import type { ColumnSchema, StoredSchema, TableSchema } from '../schema/table-schema.ts';
import { versionHash } from '../schema/version-hash.ts';

/** The schema document as dlt writes it into a file: names only as keys, without the hash of what was imported. */
export type SchemaFileContent = Readonly<Record<string, unknown>>;

/** What dlt's normalizer keeps in tables and columns for itself (`remove_processing_hints` in dlt/common/schema/utils.py). */
export const PROCESSING_HINTS: readonly string[] = ['x-normalizer', 'x-loader', 'x-extractor'];

/** `remove_defaults` of dlt/common/schema/utils.py. */
export function schemaFileContent(schema: StoredSchema): SchemaFileContent {
  const { imported_version_hash: _, ...document } = schema;
  return { ...document, tables: mapTables(schema, ({ name: _, ...table }) => ({ ...table, columns: unnamed(table) })) };
}

/** A file as it was read: the parts that hand-written ones leave out are not there. */
export interface ReadSchemaFile {
  readonly name: string;
  readonly tables: Readonly<Record<string, object>>;
  readonly [key: string]: unknown;
}

/** The document that a file stands for: every table and column with its name, and dlt's defaults (`apply_defaults`). */
export function schemaOfFile(content: ReadSchemaFile): StoredSchema {
  const tables = Object.entries(content.tables).map(([name, table]) => [name, named(name, table)] as const);
  return { ...emptySchema(content.name), ...content, tables: Object.fromEntries(tables) };
}

/** dlt's hash of a file's content: the schema document keeps it, so that a file changed by hand is noticed. */
export const importHash = versionHash;

/** What a schema file without a destination behind it holds: tables without the marks of what was seen. */
export function withoutProcessingHints(schema: StoredSchema): StoredSchema {
  const bare = mapTables(schema, (table) => ({ ...without(table), columns: mapColumns(table, without) }));
  return bumpVersion({ ...schema, tables: bare });
}

/**
 * The first schema file, as dlt writes it: what is stored already, and the tables of the resources as their hints give
 * them. Columns that the first records bring are not in it.
 */
export function firstSchemaFile(
  stored: StoredSchema | undefined,
  sourceName: string,
  resources: readonly Parameters<typeof rootTable>[0][],
  settings: SourceSettings,
): StoredSchema {
  const base = stored ?? emptySchema(sourceName);
  const tables = { ...base.tables };
  for (const resource of resources) {
    const root = rootTable(resource);
    tables[root.name] = mergeTable(tables[root.name], root);
  }
  return withoutProcessingHints(withSourceSettings({ ...base, tables }, settings));
}

function named(name: string, table: object): TableSchema {
  const { columns, ...rest }: Partial<TableSchema> = { ...table };
  const withNames = Object.entries(columns ?? {}).map(([key, column]) => [key, { ...column, name: key }]);
  const isRoot = rest.parent === undefined;
  return {
    ...(isRoot ? { write_disposition: 'append', resource: name } : {}),
    ...rest,
    name,
    columns: Object.fromEntries(withNames),
  };
}

function unnamed(table: Pick<TableSchema, 'columns'>): Record<string, object> {
  return mapColumns(table, ({ name: _, ...column }) => column);
}

function mapTables<T>({ tables }: StoredSchema, change: (table: TableSchema) => T): Record<string, T> {
  return Object.fromEntries(Object.entries(tables).map(([key, table]) => [key, change(table)]));
}

function mapColumns<T>({ columns }: Pick<TableSchema, 'columns'>, change: (column: ColumnSchema) => T) {
  return Object.fromEntries(Object.entries(columns).map(([key, column]) => [key, change(column)]));
}

function without<T extends object>(hints: T): T {
  return Object.fromEntries(Object.entries(hints).filter(([key]) => !PROCESSING_HINTS.includes(key))) as T;
}
