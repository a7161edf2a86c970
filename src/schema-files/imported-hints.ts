import { defaultDisposition, type ResolvedResource } from '../config/pipeline-config.ts';
import { PATH_SEPARATOR } from '../schema/names.ts';
import { columnName, normalizePath } from '../schema/naming.ts';
import type { ColumnHint, NestedHint, SchemaContract } from '../schema/resource-hints.ts';
import type { SourceSettings } from '../schema/source-settings.ts';
import { isVersionStrategy, type VersionStrategy } from '../schema/strategies.ts';
import type { ColumnSchema, StoredSchema, TableSchema } from '../schema/table-schema.ts';
import { PROCESSING_HINTS } from './schema-file.ts';

type Tables = StoredSchema['tables'];
type Disposition = ResolvedResource['write_disposition'];
type Columns = Readonly<Record<string, ColumnHint>>;
type Keyed = Pick<NestedHint, 'columns' | 'primary_key' | 'merge_key'>;

const OWN = /^_dlt_/;

/**
 * The resource with what an imported schema says of its tables where the configuration says nothing: hints of columns one by
 * one, keys, write disposition, description, contract, the same for nested tables. dlt's own columns stay out.
 */
export function withImportedHints(
  resource: ResolvedResource,
  { tables }: Pick<StoredSchema, 'tables'>,
): ResolvedResource {
  const root = tables[normalizePath(resource.table_name)];
  if (root === undefined) return resource;
  const nested = importedNested(root.name, tables, resource.nested_hints ?? {});
  const asks = resource.write_disposition !== defaultDisposition;
  return {
    ...tableHints(root),
    ...resource,
    columns: mergedColumns(root, resource),
    write_disposition: asks ? resource.write_disposition : (dispositionOf(root) ?? resource.write_disposition),
    ...(Object.keys(nested).length === 0 ? {} : { nested_hints: nested }),
  };
}

/** What hints of resources say, and what the normalizer keeps for itself; the other hints of a table just stand in its document. */
const TOLD_ELSEWHERE = new Set([
  'name',
  'columns',
  'resource',
  'parent',
  'write_disposition',
  'description',
  'schema_contract',
  'x-merge-strategy',
  'x-stage-data-deduplicated',
  'x-boundary-timestamp',
  ...PROCESSING_HINTS,
]);

/** The schema that records have to fit, with those hints of imported tables that no configuration has: `x-` hints and the like. */
export function withImportedTables(schema: StoredSchema, imported: StoredSchema): StoredSchema {
  const tables = { ...schema.tables };
  for (const table of Object.values(imported.tables)) {
    const hints = Object.entries(table).filter(([key]) => !TOLD_ELSEWHERE.has(key));
    if (hints.length === 0 || OWN.test(table.name)) continue;
    const known = tables[table.name] ?? { name: table.name, columns: {} };
    tables[table.name] = { ...known, ...Object.fromEntries(hints) };
  }
  return { ...schema, tables };
}

/** What an imported schema says of all its tables. */
export function importedSettings({ settings, normalizers }: StoredSchema): SourceSettings {
  const { max_nesting, root_key_propagation } = objectOf(objectOf(normalizers.json).config);
  return {
    ...contractOf(settings),
    ...(typeof max_nesting === 'number' ? { max_table_nesting: max_nesting } : {}),
    ...(typeof root_key_propagation === 'boolean' ? { root_key: root_key_propagation } : {}),
  };
}

function importedNested(
  root: string,
  tables: Tables,
  given: NonNullable<ResolvedResource['nested_hints']>,
): Record<string, NestedHint> {
  const hints: Record<string, NestedHint> = { ...given };
  for (const table of Object.values(tables)) {
    const path = table.name.slice(root.length + PATH_SEPARATOR.length);
    if (path === '' || !table.name.startsWith(root + PATH_SEPARATOR) || rootOf(table, tables) !== root) continue;
    const key = Object.keys(given).find((name) => normalizePath(name) === path) ?? path;
    hints[key] = { ...tableHints(table), ...given[key], columns: mergedColumns(table, given[key] ?? {}) };
  }
  return hints;
}

function rootOf({ name, parent }: TableSchema, tables: Tables): string {
  const above = parent === undefined ? undefined : tables[parent];
  return above === undefined ? name : rootOf(above, tables);
}

function tableHints(table: TableSchema): Pick<NestedHint, 'description' | 'schema_contract'> {
  return { ...(table.description === undefined ? {} : { description: table.description }), ...contractOf(table) };
}

/** Where the configuration says which columns are a key, that is the key: as in dlt, keys are not mixed. */
function mergedColumns(table: TableSchema, given: Keyed): Columns {
  const own = given.columns ?? {};
  const merged: Record<string, ColumnHint> = {};
  for (const { name, ...hints } of Object.values(table.columns)) {
    if (!OWN.test(name)) merged[columnName(name)] = importedHint(hints, given);
  }
  for (const [key, hint] of Object.entries(own)) {
    const name = columnName(hint.name ?? key);
    merged[name] = { ...merged[name], ...hint };
  }
  return merged;
}

/** `nullable: true` is what a column is anyway; said by a file, it takes NOT NULL from no key. */
function importedHint({ nullable, ...hints }: Omit<ColumnSchema, 'name'>, given: Keyed): ColumnHint {
  const hint: ColumnHint = nullable === false ? { ...hints, nullable } : hints;
  if (hasKey(given, 'primary_key')) delete hint.primary_key;
  if (hasKey(given, 'merge_key')) delete hint.merge_key;
  return hint;
}

function hasKey({ columns = {}, ...given }: Keyed, key: 'primary_key' | 'merge_key'): boolean {
  return given[key] !== undefined || Object.values(columns).some((hint) => hint[key] === true);
}

function dispositionOf(table: TableSchema): Disposition | undefined {
  const { write_disposition: disposition, 'x-merge-strategy': strategy } = table;
  if (disposition !== 'merge') return disposition === undefined ? undefined : { disposition };
  if (isVersionStrategy(strategy)) return versionedOf(table, strategy);
  const deduplicated = table['x-stage-data-deduplicated'];
  return {
    disposition,
    ...(strategy === undefined ? {} : { strategy }),
    ...(typeof deduplicated === 'boolean' ? { deduplicated } : {}),
  };
}

function versionedOf(
  { columns, 'x-boundary-timestamp': boundary }: TableSchema,
  strategy: VersionStrategy,
): Disposition {
  const marked = (hint: string) => Object.values(columns).find((column) => column[hint] === true);
  const [from, to, version] = [marked('x-valid-from'), marked('x-valid-to'), marked('x-row-version')];
  const active = to?.['x-active-record-timestamp'];
  return {
    disposition: 'merge',
    strategy,
    ...(from === undefined || to === undefined ? {} : { validity_column_names: [from.name, to.name] }),
    ...(version === undefined ? {} : { row_version_column_name: version.name }),
    ...(typeof active === 'string' ? { active_record_timestamp: active } : {}),
    ...(typeof boundary === 'string' ? { boundary_timestamp: boundary } : {}),
  };
}

function contractOf({ schema_contract }: Readonly<Record<string, unknown>>): Pick<SourceSettings, 'schema_contract'> {
  return isContract(schema_contract) ? { schema_contract } : {};
}

/** Its words were checked where the file was read. */
function isContract(value: unknown): value is SchemaContract {
  return typeof value === 'string' || (typeof value === 'object' && value !== null);
}

function objectOf(value: unknown): Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null ? { ...value } : {};
}
