import type { WrittenStrategy } from './strategies.ts';

/** dlt's data types, as they stand in schema documents and hints. */
export type DataType =
  | 'text'
  | 'double'
  | 'bool'
  | 'timestamp'
  | 'bigint'
  | 'binary'
  | 'json'
  | 'decimal'
  | 'wei'
  | 'date'
  | 'time';

/** A column as dlt's schema document holds it (`TColumnSchema`). No `data_type`: only hinted so far, never filled. */
export interface ColumnSchema {
  name: string;
  data_type?: DataType;
  nullable?: boolean;
  precision?: number;
  scale?: number;
  timezone?: boolean;
  description?: string;
  primary_key?: boolean;
  merge_key?: boolean;
  unique?: boolean;
  hard_delete?: boolean;
  dedup_sort?: 'asc' | 'desc';
  row_key?: boolean;
  parent_key?: boolean;
  root_key?: boolean;
  variant?: boolean;
  /** `x-` hints and whatever else dlt wrote: kept as it is. */
  [hint: string]: unknown;
}

/** A table as dlt's schema document holds it (`TTableSchema`): root tables have `resource`, nested ones `parent`. */
export interface TableSchema extends WrittenStrategy {
  name: string;
  columns: Record<string, ColumnSchema>;
  resource?: string;
  parent?: string;
  description?: string;
  [hint: string]: unknown;
}

/** dlt's schema document, the value of `_dlt_version.schema`. */
export interface StoredSchema {
  version: number;
  version_hash: string;
  engine_version: number;
  name: string;
  tables: Record<string, TableSchema>;
  settings: Record<string, unknown>;
  normalizers: Record<string, unknown>;
  previous_hashes: string[];
  [key: string]: unknown;
}

/** One row of `_elt_schema_changes`. */
export interface SchemaChange {
  readonly table: string;
  /** null: the table itself. */
  readonly column: string | null;
  readonly change: 'table_added' | 'column_added' | 'column_widened' | 'column_required';
  readonly oldType: string | null;
  readonly newType: string | null;
  /** The value that caused it, as text, shortened. */
  readonly firstValue: string | null;
}
