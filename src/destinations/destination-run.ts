import type { Database } from '../duckdb/database.ts';
import type { Effects } from '../effects.ts';
import type { LoadExpectations } from '../expectations/load-expectations.ts';
import type { Findings } from '../findings.ts';

/** What a destination needs of a run. */
export interface DestinationRun {
  /** The run's DuckDB, to which the load package is attached as `package`. */
  readonly database: Database;
  readonly effects: Effects;
  readonly signal: AbortSignal | undefined;
  readonly findings: Findings;
  /** However many rows a load deletes because they did not come. */
  readonly allowDelete?: boolean | undefined;
  /** What has to hold before a load is published. */
  readonly expectations?: LoadExpectations | undefined;
}
