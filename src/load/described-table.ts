/** A table or view of a dataset, as it really is. */
export interface DatasetTable {
  readonly name: string;
  readonly comment: string | null;
  readonly columns: readonly DatasetColumn[];
}

export interface DatasetColumn {
  readonly name: string;
  /** As DuckDB writes it: `DECIMAL(18,4)`. */
  readonly type: string;
  /** True for all columns of a view, of which DuckDB does not know better. */
  readonly nullable: boolean;
  readonly comment: string | null;
}
