import type { RowContext } from './row-source.ts';
import type { Target } from './target.ts';

/** What the statements of one load work with. */
export interface LoadContext extends Target, RowContext {
  /** When the rows of an `scd2` table become valid and the old ones retire, microseconds since 1970. */
  readonly boundary: bigint;
}
