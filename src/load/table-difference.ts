import type { ShownRow } from '../trace.ts';

/** What tells a table in one file from the same in another. */
export interface TableDifference {
  readonly name: string;
  /** Columns by which rows are told apart; empty: rows are compared as a whole, and none can be changed. */
  readonly key: readonly string[];
  readonly rowsBefore: number;
  readonly rowsAfter: number;
  readonly added: number;
  readonly removed: number;
  readonly changed: number;
  /** In how many of the changed rows, by column. */
  readonly changedColumns: Readonly<Record<string, number>>;
  readonly columnsAdded: readonly string[];
  readonly columnsRemoved: readonly string[];
  /** Some of each. */
  readonly sample: {
    readonly added: readonly ShownRow[];
    readonly removed: readonly ShownRow[];
    readonly changed: readonly { readonly key: ShownRow; readonly before: ShownRow; readonly after: ShownRow }[];
  };
}

/** Of a dataset in two files. */
export interface DatasetDifference {
  /** Absolute paths. */
  readonly before: string;
  readonly after: string;
  /** Tables without differences are not among them. */
  readonly tables: readonly TableDifference[];
  readonly tablesAdded: readonly string[];
  readonly tablesRemoved: readonly string[];
  /** Tables that are the same. */
  readonly same: number;
}
