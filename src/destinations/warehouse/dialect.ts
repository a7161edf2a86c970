import type { AskingSql } from '../../expectations/asked-dataset.ts';
import type { Fragment } from '../../load/staging/sql-fragment.ts';
import type { ColumnSchema } from '../../schema/table-schema.ts';

/**
 * The SQL of one engine: text from names and types, nothing is sent. What all engines understand alike (`insert into … select`,
 * `exists`, `count(*)`) is written once, in the files beside this one; here is only what differs.
 *
 * A relation is the name of a table as SQL, ready to stand behind `from`: see {@link Dialect.relation}. Values stand as `?` in
 * a {@link Fragment}; how the engine writes them is the transport's matter.
 */
export interface Dialect {
  /** As messages name it: `PostgreSQL`. */
  readonly engine: string;
  /** What dlt calls this kind of destination, for the state: `dlt.destinations.postgres`. */
  readonly dltType: string;
  /**
   * What becomes visible all at once.
   * - `load`: tables, rows and books. The transaction begins first, staging is in it too.
   * - `rows`: a statement that makes or changes a table ends a transaction. Those come first, then the rows are staged; the
   *   transaction has rows and books only.
   * - `statement`: there are no transactions over several tables. The books come last.
   */
  readonly atomic: 'load' | 'rows' | 'statement';
  /** Rows that are only added go straight into their table, by `Transport.copyInto`; otherwise all rows are staged. */
  readonly copiesIntoTables: boolean;
  /** `merge into` updates and inserts in one statement; otherwise an update and an insert do. */
  readonly merges: boolean;
  /** No text can hold the character NUL: it is taken out of texts and JSON, and counted. */
  readonly refusesNul: boolean;
  /** Bytes of the longest text that a column holds, where there is a limit. */
  readonly longestText?: number;
  /** SQL of a text that no other row has: what a row found in a table gets for a `_dlt_id` that it lacks. */
  readonly uniqueText: string;
  /** What a table of this kind takes beyond the bare statements; absent: columns keep their types and may stay null. */
  readonly changes?: ColumnChanges;
  /** A text inside SQL, for what takes no values: comments. */
  literal(text: string): string;
  /** The name of a column, or of an alias. In the case that the engine stores: one that folds to upper case gets upper case. */
  identifier(name: string): string;
  /** The name of a table of a dataset, as SQL. */
  relation(dataset: string, table: string): string;

  /** Type of a column as dlt makes it in this engine. `data_type` is known. */
  typeOf(column: ColumnSchema): string;
  /**
   * DuckDB's name of a type that the engine's catalogue prints: `bigint` → `BIGINT`, `numeric(18,4)` → `DECIMAL(18,4)`, `jsonb` →
   * `JSON`. Such that `dataTypeOf` gives what {@link typeOf} was asked for, as far as it can. Undefined: DuckDB has none that holds the same values.
   */
  duckdbTypeOf(native: string): string | undefined;
  /** How values of a column travel. */
  carrier(column: CarriedColumn): Carrier;

  /** Statements before anything is read: others who publish the same dataset wait, until the transaction ends. Waits so many milliseconds. */
  lock(dataset: string, wait: number): readonly Fragment[];
  createDataset(dataset: string): string;
  createTable(relation: string, columns: readonly DefinedColumn[], comments?: Comments): string;
  /** {@link createTable} takes comments: of a new table no {@link comments} are written afterwards. */
  readonly createsWithComments?: boolean;
  /** Columns that may be null. One statement, or one for each. */
  addColumns(relation: string, columns: readonly DefinedColumn[]): readonly string[];
  /** Comments of a table and of columns of it. Some engines change a column for that: never in a transaction with rows unless `atomic: 'load'`. */
  comments(relation: string, comments: Comments): readonly string[];
  /** dlt's `UNIQUE`, of the table by its bare name; undefined: the engine has none. */
  createUnique?(dataset: string, table: string, column: string): string;

  /**
   * Deletes rows whose `column` is among the ids.
   *
   * @param ids a `select` of one column called `id`
   */
  deleteIn(relation: string, column: string, ids: Fragment): Fragment;
  /** Sets one column of rows whose `where.column` is among the ids, and for which `and` is true: of columns without an alias. */
  setIn(relation: string, set: { column: string; value: Fragment }, where: ChosenRows): Fragment;
  /** Gives rows the values of the row of `source` that has the same values in the columns `on`. */
  update(merge: Merge): Fragment;
  /** The same, and adds rows of `source` that have no such row. Only asked for where it `merges`. */
  merge?(merge: Merge): Fragment;

  /** Rows `exists`: one, where the dataset is there. */
  datasetExists(dataset: string): Fragment;
  /**
   * A row for each column of each table (no views), in the order of tables and columns: `table_name`, `table_comment`, `column_name`,
   * `data_type` with its sizes as {@link duckdbTypeOf} reads it, `is_nullable` (boolean), `column_default`, `is_generated`
   * (boolean: nothing can be written to it), `column_comment`. Absent: the transport tells it.
   */
  catalogue?(dataset: string): Fragment;
  /** Rows from which it can be seen that somebody wrote to a table of the dataset, where the engine counts that. */
  writes?(dataset: string): Fragment;
  /** How the built-in expectations are asked. */
  readonly asking: AskingSql;
  /** Absent: the engine has no views that a load could make. */
  readonly views?: ViewSql;
}

export interface ViewSql {
  /** Rows `name`, `comment`, `is_view`: everything in the dataset that has the name of a table. Absent: the transport tells it. */
  relations?(dataset: string): Fragment;
  /** Statements that make the view, instead of the one that may be there. */
  make(relation: string, select: string, comment: string): readonly string[];
  /** Views may be built on each other: one statement, where the engine then asks. */
  drop(relations: readonly string[]): readonly string[];
  /** The day of an instant, UTC. */
  day(instant: string): string;
  /** An amount with 12 digits behind the point, of a column of whatever type; null of what is none. */
  amount(column: string): string;
}

/** Changes of columns that are there, in the transaction of the load. */
interface ColumnChanges {
  /** `alter column … type`, rows included. */
  widen(relation: string, column: DefinedColumn): string;
  /** `set not null`: every row has a value by then. */
  require(relation: string, column: string): string;
  /** Rows `name`, `comment`: views and other things because of which the table would refuse {@link widen}; a comment only of those in the dataset. */
  hindrances(dataset: string, table: string): Fragment;
}

export interface DefinedColumn {
  readonly name: string;
  /** Of the engine. */
  readonly type: string;
  readonly required: boolean;
}

export interface Comments {
  readonly table?: string | undefined;
  /** By name of the column. */
  readonly columns: ReadonlyMap<string, string>;
}

interface ChosenRows {
  readonly column: string;
  /** A `select` of one column called `id`. */
  readonly ids: Fragment;
  readonly and?: Fragment;
}

export interface Merge {
  /** Aliased `d` in the statement. */
  readonly target: string;
  /** Relation of staged rows, aliased `s`. */
  readonly source: string;
  /** Names of columns, those of `on` among them. */
  readonly columns: readonly string[];
  readonly on: readonly string[];
  /** SQL that gives the value of a column from `s`, see {@link Carrier.read}. */
  readonly value: (column: string) => string;
}

export interface CarriedColumn {
  /** DuckDB type of the values: that of the column where DuckDB has it, else `VARCHAR`. */
  readonly type: string;
  /** Type of the column in the engine. */
  readonly native: string;
}

/** A value goes from DuckDB into a staged file and from there into the column, exactly. */
export interface Carrier {
  /** Type of the staged column in the engine. */
  readonly type: string;
  /** DuckDB SQL of what is written into the file, from an expression of {@link CarriedColumn.type}. */
  write(expression: string): string;
  /** SQL of the engine: the column's value, from an expression of {@link type}. */
  read(expression: string): string;
}
