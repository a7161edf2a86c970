import type { Connection } from '../duckdb/connection.ts';
import type { RowTallies } from './row-tally.ts';
import type { RowContext } from './staging/row-source.ts';
import type { TablePlanParts } from './table-plan.ts';
import type { Target } from './target.ts';

/** What the package's own rows are asked with. */
export interface PackageContext extends RowContext {
  /** Sees the package. */
  readonly connection: Connection;
  /** See `TablePlanParts`. */
  readonly typeOf?: TablePlanParts['typeOf'];
}

/** What the statements of one load work with. */
export interface LoadContext extends Target, PackageContext {
  /** When the rows of an `scd2` table become valid and the old ones retire, microseconds since 1970. */
  readonly boundary: bigint;
  /** Rows that were changed so far. */
  readonly tallies: RowTallies;
  /** What became of rows that did not come, or came again, by table. */
  readonly gone: Map<string, GoneRows>;
  /** However many rows are to be deleted because they did not come. */
  readonly allowDelete: boolean;
}

/** Numbers of rows of a table, without those that are 0. */
export interface GoneRows {
  /** Marked as deleted. */
  readonly retired?: number;
  /** Marked by an earlier load, and there again. */
  readonly returned?: number;
  readonly deleted?: number;
}
