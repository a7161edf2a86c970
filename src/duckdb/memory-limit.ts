/** Megabytes that do for ordinary tables; without a limit, memory grows to 750 MB at ten times the benchmark's size. */
export const ORDINARY_MEMORY = 80;

/** Tables to this width need no more than that. */
const ORDINARY_WIDTH = 50;
/** Each further column has blocks of its own while rows are appended and copied: 300 text columns failed at 100 MB. */
const MEGABYTES_A_WIDE_COLUMN = 2;

/** All tables together may have so many columns. */
const ORDINARY_COLUMNS = 500;
/** Each further one has its first blocks, be it for one row: 2,000 tables of four columns failed at 300 MB. */
const MEGABYTES_A_COLUMN = 0.064;

/**
 * A text of this many characters or more can have blocks of its own, and DuckDB holds those of a whole vector in memory at
 * once, whatever it could do without: 200 MB of them failed at 250 MB.
 */
export const LONG_TEXT = 1365;
const TIMES_LONG_TEXT = 2;

/** What makes work with a table need memory. */
export interface TableSize {
  readonly columns: number;
  /** Bytes of long texts in the fullest of the table's vectors. */
  readonly longText: number;
}

/** Megabytes that DuckDB needs to fill these tables, or to copy them. */
export function memoryFor(tables: readonly TableSize[]): number {
  const [widest, columns, longText] = tables.reduce(
    ([width, sum, longest], table) => [
      Math.max(width, table.columns),
      sum + table.columns,
      Math.max(longest, table.longText),
    ],
    [0, 0, 0],
  );
  return Math.ceil(
    ORDINARY_MEMORY +
      MEGABYTES_A_WIDE_COLUMN * Math.max(0, widest - ORDINARY_WIDTH) +
      MEGABYTES_A_COLUMN * Math.max(0, columns - ORDINARY_COLUMNS) +
      TIMES_LONG_TEXT * (longText / 1e6),
  );
}
