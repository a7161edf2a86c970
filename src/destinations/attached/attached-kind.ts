import { duckdbType } from '../../schema/duckdb-type.ts';
import type { ColumnSchema } from '../../schema/table-schema.ts';

/** What differs between catalogues that DuckDB attaches. */
export interface AttachedKind {
  /** So that dlt continues the pipeline, and its dashboard shows it. */
  readonly dltType: string;
  /** What a column is made as. */
  readonly typeOf: (column: ColumnSchema) => string;
}

export const duckdbKind: AttachedKind = { dltType: 'dlt.destinations.duckdb', typeOf: duckdbType };
