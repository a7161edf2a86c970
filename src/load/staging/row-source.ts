import { qualifiedName, quotedIdentifier } from '../../duckdb/quote.ts';
import { KEY, LIST_INDEX, PACKAGE, PARENT_KEY, PARENT_ROW, ROOT_KEY, ROOT_ROW, ROW } from '../../package/layout.ts';
import { duckdbType, packageToColumn } from '../../schema/duckdb-type.ts';
import { DLT_ID, DLT_LIST_IDX, DLT_LOAD_ID, DLT_PARENT_ID, DLT_ROOT_ID } from '../../schema/names.ts';
import { keyPrefix } from '../../schema/row-id.ts';
import { type ColumnPlan, columnsWith, isNested, type TablePlan } from '../table-plan.ts';
import { type Fragment, fragment, joined } from './sql-fragment.ts';

/** What the expressions of one package have in common. */
export interface RowContext {
  readonly loadId: string;
  /** The columns that each package table has. */
  readonly packageColumns: ReadonlyMap<string, ReadonlySet<string>>;
  /** Package columns whose values go into a wider column: table → column → variant column. */
  readonly variants: ReadonlyMap<string, ReadonlyMap<string, string>>;
  /** Tables with rows that cannot keep the keys they brought, and the relation with the numbers of those. */
  readonly contested: ReadonlyMap<string, string>;
  /** Tables with values that the destination cannot hold as they came: DuckDB SQL of what is read instead, by column. */
  readonly cleaned?: ReadonlyMap<string, ReadonlyMap<string, string>>;
}

/** The package's rows of a table, under the alias that every expression here uses. */
export function packageRows(table: TablePlan, context: RowContext): string {
  const rows = qualifiedName(PACKAGE, 'main', table.name);
  const replaced = new Map(context.cleaned?.get(table.name));
  settleKey(replaced, table, context, { key: KEY, row: ROW, owner: table.name });
  settleKey(replaced, table, context, { key: PARENT_KEY, row: PARENT_ROW, owner: table.parent ?? table.root });
  settleKey(replaced, table, context, { key: ROOT_KEY, row: ROOT_ROW, owner: table.root });
  const list = [...replaced].map(([name, value]) => `${value} as ${quotedIdentifier(name)}`);
  return list.length === 0 ? `${rows} as p` : `(select * replace (${list.join(', ')}) from ${rows}) as p`;
}

interface OwnedKey {
  readonly key: string;
  readonly row: string;
  readonly owner: string;
}

/** The key, but for rows whose key is another row's: theirs is made of the row's number. */
function settleKey(
  replaced: Map<string, string>,
  table: TablePlan,
  context: RowContext,
  { key, row, owner }: OwnedKey,
): void {
  const contested = context.contested.get(owner);
  if (contested === undefined || !hasColumn(table, key, context)) return;
  const value = replaced.get(key) ?? quotedIdentifier(key);
  replaced.set(key, `case when ${quotedIdentifier(row)} not in (select number from ${contested}) then ${value} end`);
}

/** The value of a column for each package row, in the column's type; undefined where the package has none. */
export function columnValue(table: TablePlan, column: ColumnPlan, context: RowContext): Fragment | undefined {
  if (column.name === DLT_ID) return rowKey(table, context, KEY, ROW, table.name);
  if (isNested(table)) {
    if (column.name === DLT_PARENT_ID)
      return rowKey(table, context, PARENT_KEY, PARENT_ROW, table.parent ?? table.root);
    if (column.name === DLT_ROOT_ID) return rowKey(table, context, ROOT_KEY, ROOT_ROW, table.root);
    if (column.name === DLT_LIST_IDX) return fragment(`p.${quotedIdentifier(LIST_INDEX)}::bigint`);
  } else if (column.name === DLT_LOAD_ID) return fragment('?', context.loadId);
  return packageValue(table, column, context);
}

/** `prefix || row number`, unless the package prescribes keys: then those, where there are any. */
function rowKey(table: TablePlan, context: RowContext, key: string, row: string, owner: string): Fragment {
  const made = fragment(`? || p.${quotedIdentifier(row)}`, keyPrefix(context.loadId, owner));
  if (!hasColumn(table, key, context)) return made;
  return fragment(`coalesce(p.${quotedIdentifier(key)}, ${made.sql})`, ...made.values);
}

function packageValue(table: TablePlan, column: ColumnPlan, context: RowContext): Fragment | undefined {
  const variant = context.variants.get(table.name)?.get(column.name);
  const cast = (name: string) => `cast(p.${quotedIdentifier(name)} as ${column.type})`;
  const own = hasColumn(table, column.name, context);
  if (variant !== undefined) {
    return fragment(own ? `coalesce(${cast(column.name)}, ${cast(variant)})` : cast(variant));
  }
  if (!own) return undefined;
  const value = packageToColumn(`p.${quotedIdentifier(column.name)}`, column.schema);
  return fragment(duckdbType(column.schema) === column.type ? value : `cast(${value} as ${column.type})`);
}

/** Whether the package has the column, or key, of the table. */
export function hasColumn(table: TablePlan, column: string, { packageColumns }: RowContext): boolean {
  return packageColumns.get(table.name)?.has(column) === true;
}

/** A `select` list, column by column. */
export interface RowSource {
  readonly columns: readonly string[];
  readonly select: Fragment;
}

/** Every column that the package has values for; with `complete` the others too, as null, so that an update empties them. */
export function rowSource(
  table: TablePlan,
  context: RowContext,
  { complete = false, given = new Map() }: { complete?: boolean; given?: ReadonlyMap<string, Fragment> } = {},
): RowSource {
  const columns: string[] = [];
  const list: Fragment[] = [];
  for (const column of table.columns) {
    const known = given.get(column.name) ?? columnValue(table, column, context);
    const value = known ?? (complete ? fragment(`cast(null as ${column.type})`) : undefined);
    if (value === undefined) continue;
    columns.push(column.name);
    list.push(fragment(`${value.sql} as ${quotedIdentifier(column.name)}`, ...value.values));
  }
  return { columns, select: joined(list, ', ') };
}

/** The key columns of the package's rows, each under its name. Undefined: one of them never got a value. */
export function keySource(table: TablePlan, context: RowContext, keys: readonly ColumnPlan[]): Fragment | undefined {
  const list: Fragment[] = [];
  for (const column of keys) {
    const value = columnValue(table, column, context);
    if (value === undefined) return undefined;
    list.push(fragment(`${value.sql} as ${quotedIdentifier(column.name)}`, ...value.values));
  }
  return joined(list, ', ');
}

/** Columns of the primary key, and of the merge key. */
export function keyColumns(table: TablePlan): { primary: readonly ColumnPlan[]; merge: readonly ColumnPlan[] } {
  return { primary: columnsWith(table, 'primary_key'), merge: columnsWith(table, 'merge_key') };
}
