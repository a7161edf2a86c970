import { VECTOR_ROWS } from '../duckdb/chunk-appender.ts';

/** How many bytes of long texts the rows of one of DuckDB's vectors hold, at most, in a table to which rows are only added. */
export class TextWindow {
  #fullest: number;
  /** Since the rows with which the last vector began. */
  #bytes: number;
  #rows: number;

  /** `rows`, `fullest`: what is in the table already. */
  constructor(rows = 0, fullest = 0) {
    this.#rows = rows;
    this.#fullest = fullest;
    this.#bytes = fullest;
  }

  /** Of the fullest vector, were rows with so many bytes added. */
  fullestWith(bytes: number): number {
    return Math.max(this.#fullest, this.#bytes + bytes);
  }

  add(rows: number, bytes: number): void {
    this.#fullest = this.fullestWith(bytes);
    const vector = Math.floor(this.#rows / VECTOR_ROWS);
    this.#rows += rows;
    this.#bytes = Math.floor(this.#rows / VECTOR_ROWS) === vector ? this.#bytes + bytes : bytes;
  }
}
