/** Enough for ordinary tables; without a limit, memory grows to 750 MB at ten times the benchmark's size. */
const BASE_MEGABYTES = 80;
/** Tables to this width need no more than that. */
export const ORDINARY_COLUMNS = 50;
/** Each further column has blocks of its own while rows are appended and copied: 300 text columns failed at 100 MB. */
const MEGABYTES_A_COLUMN = 2;

/** The memory limit for loading tables of which the widest has so many columns, as DuckDB writes it. */
export function memoryLimitFor(columns: number): string {
  return `${BASE_MEGABYTES + Math.max(0, columns - ORDINARY_COLUMNS) * MEGABYTES_A_COLUMN}MB`;
}
