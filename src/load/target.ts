import type { Connection } from '../duckdb/connection.ts';
import { qualifiedName } from '../duckdb/quote.ts';

/** The dataset that a load writes to. */
export interface Target {
  readonly connection: Connection;
  /** Name under which the working copy is attached. */
  readonly catalog: string;
  readonly dataset: string;
}

/**
 * Indexes, defaults and constraints name things of the dataset without naming the file: it has to be the search path. To be
 * left when the transaction is over, because in one that failed nothing more can be said.
 */
export async function enterDataset({ connection, catalog, dataset }: Target): Promise<void> {
  await connection.run(`use ${qualifiedName(catalog, dataset)}`);
}

export async function leaveDataset({ connection }: Target): Promise<void> {
  await connection.run('use memory.main').catch(() => undefined); // the error before is the one to tell
}

export function targetTable({ catalog, dataset }: Target, table: string): string {
  return qualifiedName(catalog, dataset, table);
}
