import { textOrNull } from '../text/text-or-null.ts';

/** A column as DuckDB's catalogue knows it. */
export interface ActualColumn {
  readonly name: string;
  /** As DuckDB prints it: `DECIMAL(18,4)`, `TIMESTAMP WITH TIME ZONE`. */
  readonly type: string;
  /** What another engine than DuckDB calls its type. There `type` is the DuckDB type with the same values, or, where there is none, this. */
  readonly native?: string;
  readonly nullable: boolean;
  /** SQL of the default value, where somebody set one; of a generated column, what it is made of. */
  readonly defaultValue: string | null;
  /** `generated always as (…)`: nothing can be written into it. */
  readonly generated: boolean;
  readonly comment: string | null;
}

export interface ActualTable {
  readonly name: string;
  readonly comment: string | null;
  /** By lower-case name, in column order: DuckDB's names ignore case. */
  readonly columns: ReadonlyMap<string, ActualColumn>;
}

/** The tables of one dataset by lower-case name. Views are not among them. */
export type Catalogue = ReadonlyMap<string, ActualTable>;

/**
 * From a row for each column, in the order of tables and columns; of them this reads `table_name`, `table_comment` and `column_name`.
 */
export function catalogueOf<Row extends Readonly<Record<string, unknown>>>(
  rows: readonly Row[],
  columnOf: (row: Row) => ActualColumn,
): Catalogue {
  const tables = new Map<string, ActualTable & { columns: Map<string, ActualColumn> }>();
  for (const row of rows) {
    const name = String(row.table_name);
    const key = name.toLowerCase();
    const table = tables.get(key) ?? { name, comment: textOrNull(row.table_comment), columns: new Map() };
    tables.set(key, table);
    table.columns.set(String(row.column_name).toLowerCase(), columnOf(row));
  }
  return tables;
}

/** Lower-case names of the columns that take no values. */
export function generatedColumns(table: ActualTable | undefined): string[] {
  return [...(table?.columns ?? [])].flatMap(([name, { generated }]) => (generated ? [name] : []));
}
