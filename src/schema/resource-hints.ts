import type { KeyStrategy, VersionStrategy, WriteDispositionName } from './strategies.ts';
import type { DataType } from './table-schema.ts';

// What a configuration or a schema file says of a resource's tables before a record was seen, in dlt's words. Grammars are
// checked against these types.

type Maybe<T> = { readonly [Key in keyof T]?: T[Key] | undefined };

/** What is known of a column beforehand (dlt: `TColumnSchema`); `x-` keys are kept as they are. */
export interface ColumnHint {
  name?: string | undefined;
  data_type?: DataType | undefined;
  nullable?: boolean | undefined;
  precision?: number | undefined;
  scale?: number | undefined;
  timezone?: boolean | undefined;
  description?: string | undefined;
  primary_key?: boolean | undefined;
  merge_key?: boolean | undefined;
  unique?: boolean | undefined;
  sort?: boolean | undefined;
  partition?: boolean | undefined;
  cluster?: boolean | undefined;
  hard_delete?: boolean | undefined;
  dedup_sort?: 'asc' | 'desc' | undefined;
  [hint: string]: unknown;
}

type ContractMode = 'evolve' | 'freeze' | 'discard_row' | 'discard_value';

/** One mode for all three entities, or a mode each. */
export type SchemaContract = ContractMode | Maybe<Record<'tables' | 'columns' | 'data_type', ContractMode>>;

/** What can be said of any table. */
interface TableHints {
  readonly columns?: Readonly<Record<string, ColumnHint>> | undefined;
  readonly primary_key?: readonly string[] | undefined;
  readonly merge_key?: readonly string[] | undefined;
  readonly schema_contract?: SchemaContract | undefined;
  readonly max_table_nesting?: number | undefined;
  readonly description?: string | undefined;
}

/** Of the table of a list inside of records. */
export type NestedHint = TableHints;

/** How a strategy that keeps versions tells them apart. */
export interface Versioned extends Maybe<VersionOptions> {
  readonly disposition: 'merge';
  readonly strategy: VersionStrategy;
}

interface VersionOptions {
  validity_column_names: readonly [from: string, to: string];
  active_record_timestamp: string | null;
  boundary_timestamp: string | null;
  row_version_column_name: string;
}

interface MergeByKey {
  readonly disposition: 'merge';
  readonly strategy?: KeyStrategy | undefined;
  readonly deduplicated?: boolean | undefined;
  readonly delete_missing?: DeleteMissing | undefined;
  readonly max_delete?: DeleteLimit | undefined;
}

/** What becomes of rows that a whole load does not bring any more: marked in `_elt_deleted_at`, or deleted. */
export type DeleteMissing = 'soft' | 'hard';

/** The most of them: so many, or so large a part of the rows that are there, from 0 to 1. */
export type DeleteLimit = { readonly rows: number } | { readonly share: number };

export type WriteDisposition = { readonly disposition: WriteDispositionName } | MergeByKey | Versioned;

/** Of the tables of one resource. */
export interface ResourceHints extends TableHints {
  readonly name: string;
  readonly table_name: string;
  readonly write_disposition: WriteDisposition;
  readonly nested_hints?: Readonly<Record<string, NestedHint>> | undefined;
}

/** Of all tables of a source. */
export interface SourceHints {
  readonly max_table_nesting?: number | undefined;
  readonly schema_contract?: SchemaContract | undefined;
  readonly root_key?: boolean | undefined;
}
