import { duckdbType } from './duckdb-type.ts';
import type { ColumnSchema, TableSchema } from './table-schema.ts';

/** What only the configuration decides: gone from the configuration, gone from the document. */
const CONFIGURED_OF_TABLE = [
  'write_disposition',
  'x-merge-strategy',
  'x-stage-data-deduplicated',
  'x-boundary-timestamp',
  'schema_contract',
  'description',
] as const;
const CONFIGURED_OF_COLUMN = ['primary_key', 'merge_key', 'hard_delete', 'dedup_sort'] as const;
/** A column that exists keeps its type, whatever the hints say now: as in dlt, nothing is ever retyped. */
const TYPE_HINTS = ['data_type', 'precision', 'scale', 'timezone'] as const;

/**
 * A table of the destination under the hints of today's configuration: columns keep place and type, hints of the
 * configuration win, columns that only the configuration knows come last.
 */
export function mergeTable(stored: TableSchema | undefined, hinted: TableSchema): TableSchema {
  if (stored === undefined) return hinted;
  const columns: Record<string, ColumnSchema> = {};
  for (const column of Object.values(stored.columns)) {
    const kept = { ...without(column, CONFIGURED_OF_COLUMN), name: column.name };
    columns[column.name] = mergeColumn(kept, hinted.columns[column.name]);
  }
  const added = Object.entries(hinted.columns).filter(([name]) => !Object.hasOwn(stored.columns, name));
  return {
    ...without(stored, CONFIGURED_OF_TABLE),
    ...hinted,
    'x-normalizer': { ...without(normalizerHints(stored), ['max_nesting']), ...normalizerHints(hinted) },
    columns: { ...columns, ...Object.fromEntries(added) },
  };
}

/** A hint about a type that comes too late: the column has another one already, and keeps it. */
export interface OverruledHint {
  readonly table: string;
  readonly column: string;
  /** DuckDB's names of the types. */
  readonly stays: string;
  readonly hinted: string;
}

/** The type hints that `mergeTable` cannot follow. */
export function overruledHints(stored: TableSchema | undefined, hinted: TableSchema): OverruledHint[] {
  return Object.values(hinted.columns).flatMap((hint) => {
    const column = stored?.columns[hint.name];
    if (column?.data_type === undefined || hint.data_type === undefined) return [];
    const types = { stays: duckdbType(column), hinted: duckdbType(hint) };
    return types.stays === types.hinted ? [] : [{ table: hinted.name, column: hint.name, ...types }];
  });
}

function mergeColumn(stored: ColumnSchema, hint: ColumnSchema | undefined): ColumnSchema {
  if (hint === undefined) return stored;
  return stored.data_type === undefined ? { ...stored, ...hint } : { ...stored, ...without(hint, TYPE_HINTS) };
}

function normalizerHints(table: TableSchema): object {
  const hints = table['x-normalizer'];
  return typeof hints === 'object' && hints !== null ? hints : {};
}

function without<T extends object, K extends string>(object: T, keys: readonly K[]): Omit<T, K> {
  const dropped: ReadonlySet<string> = new Set(keys);
  return Object.fromEntries(Object.entries(object).filter(([key]) => !dropped.has(key))) as Omit<T, K>;
}
