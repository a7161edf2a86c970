import type { Path } from '../file/located-tree.ts';

/** A SQL expression over the keys of records, where it stands. */
export interface WrittenExpression {
  readonly path: Path;
  readonly sql: string;
}
