import { fittedColumn, type NameLimit } from './fitted-name.ts';
import { DLT_ID, PATH_SEPARATOR } from './names.ts';
import { columnName, normalizePath } from './naming.ts';
import type { ColumnHint, NestedHint, ResourceHints, Versioned, WriteDisposition } from './resource-hints.ts';
import { isVersionStrategy } from './strategies.ts';
import type { ColumnSchema, TableSchema } from './table-schema.ts';

type Columns = Record<string, ColumnSchema>;
type TableHints = Pick<NestedHint, 'columns' | 'primary_key' | 'merge_key'>;

const VALID_FROM = '_dlt_valid_from';
const VALID_TO = '_dlt_valid_to';
/** dlt counts a table without it as new, whatever is in the file. */
const SEEN = { 'seen-data': true };

/**
 * The document of a resource's root table as its hints give it, in dlt's shape: hinted columns first, then keys that no hint
 * names (NOT NULL), then what the merge strategy needs. Columns without `data_type` get theirs from the first value.
 *
 * @param limit of names in the destination
 *
 * @example
 * rootTable({ name: 'models', primary_key: ['id'], … }).columns // { id: { name: 'id', nullable: false, primary_key: true } }
 */
export function rootTable(resource: ResourceHints, limit?: NameLimit): TableSchema {
  const {
    name,
    table_name,
    description,
    schema_contract,
    write_disposition: disposition,
    max_table_nesting,
  } = resource;
  return {
    name: normalizePath(table_name, limit),
    resource: name,
    write_disposition: disposition.disposition,
    ...(description === undefined ? {} : { description }),
    ...(schema_contract === undefined ? {} : { schema_contract }),
    ...strategyHints(disposition),
    'x-normalizer': normalizerHints(max_table_nesting),
    columns: { ...hintedColumns(resource, limit), ...strategyColumns(disposition, limit) },
  };
}

/**
 * What `nested_hints` say of a nested table, as its document without `parent`, which the normalizer knows; undefined where
 * they say nothing.
 *
 * @param path the root table's name and the keys below it, normalized: `['models', 'functions']` for the hint `functions`
 */
export function nestedTable(
  resource: ResourceHints,
  name: string,
  path: readonly string[],
  limit?: NameLimit,
): TableSchema | undefined {
  const hint = nestedHint(resource, path);
  if (hint === undefined) return undefined;
  const { description, schema_contract, max_table_nesting } = hint;
  return {
    name,
    ...(description === undefined ? {} : { description }),
    ...(schema_contract === undefined ? {} : { schema_contract }),
    'x-normalizer': normalizerHints(max_table_nesting),
    columns: hintedColumns(hint, limit),
  };
}

/** What `nested_hints` say of the table at a path. */
export function nestedHint(resource: ResourceHints, path: readonly string[]): NestedHint | undefined {
  const wanted = path.slice(1).join(PATH_SEPARATOR);
  return Object.entries(resource.nested_hints ?? {}).find(([key]) => normalizePath(key) === wanted)?.[1];
}

function normalizerHints(maxNesting: number | undefined): Record<string, unknown> {
  return maxNesting === undefined ? { ...SEEN } : { max_nesting: maxNesting, ...SEEN };
}

function hintedColumns({ columns = {}, primary_key, merge_key }: TableHints, limit: NameLimit | undefined): Columns {
  const named = (key: string) => nameOf(key, limit);
  const hinted = Object.entries(columns).map(([key, hint]) => columnOf(named(hint.name ?? key), hint));
  const byName: Columns = Object.fromEntries(hinted.map((column) => [column.name, column]));
  return withKey(withKey(byName, 'primary_key', primary_key?.map(named)), 'merge_key', merge_key?.map(named));
}

function nameOf(key: string, limit: NameLimit | undefined): string {
  return fittedColumn(columnName(key, limit), limit);
}

function columnOf(name: string, { name: _, ...hint }: ColumnHint): ColumnSchema {
  return { ...withoutUndefined(hint), name };
}

/** A key said of the table stands for whatever its columns say. */
function withKey(columns: Columns, hint: 'primary_key' | 'merge_key', key: readonly string[] | undefined): Columns {
  if (key === undefined) return columns;
  const others = Object.entries(columns).map(([name, { [hint]: _, ...column }]) => [name, column]);
  const result: Columns = Object.fromEntries(others);
  for (const name of key) {
    result[name] = { nullable: false, ...result[name], name, [hint]: true };
  }
  return result;
}

function strategyHints(disposition: WriteDisposition): Partial<TableSchema> {
  if (!('strategy' in disposition) && !('deduplicated' in disposition)) return {};
  const { strategy } = disposition;
  const deduplicated = 'deduplicated' in disposition && disposition.deduplicated === true;
  const boundary = (keepsVersions(disposition) ? disposition.boundary_timestamp : null) ?? undefined;
  return {
    ...(strategy === undefined ? {} : { 'x-merge-strategy': strategy }),
    ...(deduplicated ? { 'x-stage-data-deduplicated': true } : {}),
    ...(boundary === undefined ? {} : { 'x-boundary-timestamp': boundary }),
  };
}

/** When a row's version was valid, and which column tells versions apart. */
function strategyColumns(disposition: WriteDisposition, limit: NameLimit | undefined): Columns {
  if (!keepsVersions(disposition)) return {};
  const [from, to] = (disposition.validity_column_names ?? [VALID_FROM, VALID_TO]).map((key) => nameOf(key, limit));
  const version = nameOf(disposition.row_version_column_name ?? DLT_ID, limit);
  const active = disposition.active_record_timestamp ?? null;
  const timestamp = { data_type: 'timestamp', nullable: true } as const;
  return {
    [from ?? VALID_FROM]: { name: from ?? VALID_FROM, ...timestamp, 'x-valid-from': true },
    [to ?? VALID_TO]: { name: to ?? VALID_TO, ...timestamp, 'x-valid-to': true, 'x-active-record-timestamp': active },
    [version]: {
      name: version,
      ...(version === DLT_ID ? { data_type: 'text' } : {}),
      nullable: false,
      'x-row-version': true,
      // A version that ends and comes again has the same value twice.
      unique: false,
      row_key: false,
    },
  };
}

export function keepsVersions(disposition: WriteDisposition | undefined): disposition is Versioned {
  return disposition !== undefined && 'strategy' in disposition && isVersionStrategy(disposition.strategy);
}

function withoutUndefined(hint: Omit<ColumnHint, 'name'>): Partial<ColumnSchema> {
  return Object.fromEntries(Object.entries(hint).filter(([, value]) => value !== undefined));
}
