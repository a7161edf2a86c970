import type { Connection } from '../duckdb/connection.ts';
import { qualifiedName } from '../duckdb/quote.ts';

/** The dataset that a load writes to. */
export interface Target {
  readonly connection: Connection;
  /** Name under which the working copy is attached. */
  readonly catalog: string;
  readonly dataset: string;
}

export function targetTable({ catalog, dataset }: Target, table: string): string {
  return qualifiedName(catalog, dataset, table);
}
