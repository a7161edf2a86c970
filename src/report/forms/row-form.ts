/** How the rows of a query are written. Their cells are text already; see `cells.ts`. */
export interface RowForm {
  /** Whether a cell is JSON text, which has `null`, or text, of which null is none. */
  readonly cells: 'json' | 'text';
  /** A writer for one result with these columns. */
  begin(columns: readonly FormColumn[]): RowWriter;
}

export interface FormColumn {
  readonly name: string;
  readonly isNumber: boolean;
}

export type Cells = readonly (string | null)[];

/** Pieces of one text: none, some batches of rows, the end. Each may be empty. */
export interface RowWriter {
  rows(batch: readonly Cells[]): string;
  end(): string;
}
