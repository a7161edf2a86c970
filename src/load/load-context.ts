import type { RowContext } from './staging/row-source.ts';
import type { Target } from './target.ts';

/** What the statements of one load work with. */
export interface LoadContext extends Target, RowContext {
  /** When the rows of an `scd2` table become valid and the old ones retire, microseconds since 1970. */
  readonly boundary: bigint;
  /** Rows that were inserted into, or updated in, each table so far. */
  readonly written: Map<string, number>;
}

export function countWritten({ written }: LoadContext, table: string, rows: number): void {
  written.set(table, (written.get(table) ?? 0) + rows);
}
