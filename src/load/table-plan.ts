import { duckdbType } from '../schema/duckdb-type.ts';
import type { ColumnSchema, SchemaChange, TableSchema } from '../schema/table-schema.ts';
import type { ActualColumn, ActualTable } from './catalogue.ts';

/** What becomes of one column. */
export interface ColumnPlan {
  readonly schema: ColumnSchema;
  readonly name: string;
  /** DuckDB type after the load. */
  readonly type: string;
  readonly required: boolean;
  /** The column as it is now; null: it is added. */
  readonly actual: ActualColumn | null;
  /** Another type, or NOT NULL where it was not: DuckDB can do neither in a transaction that changed the table. */
  readonly rebuilt: boolean;
}

/** What becomes of one table: a value that can be printed. */
export interface TablePlan {
  readonly name: string;
  /** As it stands in the schema document after the load. */
  readonly schema: TableSchema;
  readonly root: string;
  /** Name of the parent table; null for a root. */
  readonly parent: string | null;
  /** `rebuild`: made anew from its rows, because a column changes its type or becomes NOT NULL. */
  readonly action: 'create' | 'add columns' | 'rebuild' | 'keep';
  /** DuckDB would not let it be made anew: columns keep their types, and may stay null. */
  readonly fixed: boolean;
  /** The columns of the schema document that take values, in its order. Columns that only the file has stay as they are. */
  readonly columns: readonly ColumnPlan[];
  /** The table as it is now; null: it is made. */
  readonly actual: ActualTable | null;
  /** Rows in the load package. */
  readonly rows: number;
  /** Some of them brought their `_dlt_id`. */
  readonly ownKeys: boolean;
  /** First value of each new column, shortened. */
  readonly firstValues: Readonly<Record<string, string>>;
}

export interface TablePlanParts {
  readonly schema: TableSchema;
  readonly root: string;
  readonly actual: ActualTable | null;
  readonly rows: number;
  readonly ownKeys: boolean;
  readonly firstValues: Readonly<Record<string, string>>;
  /** Columns whose values were found to fit a wider type. */
  readonly widened: ReadonlySet<string>;
  readonly fixed: boolean;
  /** What a column is made as. Default `duckdbType` */
  readonly typeOf?: ((column: ColumnSchema) => string) | undefined;
}

export function planTable(parts: TablePlanParts): TablePlan {
  const { schema, root, actual, rows, ownKeys, firstValues, fixed } = parts;
  const columns = Object.values(schema.columns)
    .filter((column) => column.data_type !== undefined)
    .map((column) => planColumn(column, actual?.columns.get(column.name.toLowerCase()) ?? null, parts))
    .filter((column) => column.actual?.generated !== true);
  return {
    name: schema.name,
    schema,
    root,
    parent: schema.parent ?? null,
    action: tableAction(columns, parts),
    fixed,
    columns,
    actual,
    rows,
    ownKeys,
    firstValues,
  };
}

function planColumn(
  schema: ColumnSchema,
  actual: ActualColumn | null,
  { widened, fixed, typeOf = duckdbType }: TablePlanParts,
): ColumnPlan {
  const required = schema.nullable === false && !(fixed && actual?.nullable !== false);
  const widens = widened.has(schema.name);
  return {
    schema,
    name: schema.name,
    type: actual === null || widens ? typeOf(schema) : actual.type,
    required,
    actual,
    rebuilt: actual !== null && (widens || (required && actual.nullable)),
  };
}

function tableAction(columns: readonly ColumnPlan[], { actual }: TablePlanParts): TablePlan['action'] {
  if (actual === null) return 'create';
  const added = columns.filter((column) => column.actual === null);
  if (columns.some(({ rebuilt }) => rebuilt) || added.some(({ required }) => required)) return 'rebuild';
  return added.length > 0 ? 'add columns' : 'keep';
}

export function isNested(table: Pick<TablePlan, 'parent'>): boolean {
  return table.parent !== null;
}

export function columnNamed(table: TablePlan, name: string): ColumnPlan | undefined {
  return table.columns.find((column) => column.name === name);
}

/** The column as a list of one; of none where the table lacks it. */
export function columnsNamed(table: TablePlan, name: string): readonly ColumnPlan[] {
  return table.columns.filter((column) => column.name === name);
}

/** The columns for which a hint is true. */
export function columnsWith(table: TablePlan, hint: string): readonly ColumnPlan[] {
  return table.columns.filter(({ schema }) => schema[hint] === true);
}

/** The columns that are new, without dlt's own. */
export function newColumns(table: TablePlan): readonly ColumnPlan[] {
  return table.columns.filter(({ actual, name }) => actual === null && !name.startsWith('_dlt_'));
}

/** The rows of `_elt_schema_changes` that the plan leads to. */
export function schemaChanges(table: TablePlan): SchemaChange[] {
  const changes: SchemaChange[] = [];
  if (table.action === 'create') changes.push(change(table, null, 'table_added', null, null));
  for (const column of newColumns(table)) changes.push(change(table, column, 'column_added', null, column.type));
  for (const column of table.columns) {
    const { actual, type, rebuilt, required } = column;
    if (actual === null || !rebuilt) continue;
    if (type !== actual.type) changes.push(change(table, column, 'column_widened', actual.type, type));
    if (required && actual.nullable) changes.push(change(table, column, 'column_required', actual.type, type));
  }
  return changes;
}

function change(
  table: TablePlan,
  column: ColumnPlan | null,
  kind: SchemaChange['change'],
  oldType: string | null,
  newType: string | null,
): SchemaChange {
  // `constructor` is a name that a column can have, and that every object has.
  const known = column !== null && Object.hasOwn(table.firstValues, column.name);
  return {
    table: table.name,
    column: column?.name ?? null,
    change: kind,
    oldType,
    newType,
    firstValue: known ? (table.firstValues[column.name] ?? null) : null,
  };
}
