import type { Connection } from '../duckdb/connection.ts';
import { LEDGER } from './statements.ts';

/** What the paid requests of one resource cost in a run. */
export interface ResourceCost {
  readonly resource: string;
  /** A number written in decimal. */
  readonly spent: string;
  readonly currency: string;
  /** Paid requests that were sent, and those of them of which nobody said what they cost. */
  readonly requests: number;
  readonly unknown: number;
}

/** Made by the first run that pays for something; names and order are public, as those of the other tables. */
export async function insertCosts(
  connection: Connection,
  runId: bigint,
  costs: readonly ResourceCost[],
): Promise<void> {
  if (costs.length === 0) return;
  await connection.run(`
    create table if not exists ${LEDGER}.costs (
      run_id bigint, resource varchar, spent decimal(38, 12), currency varchar, requests bigint, unknown bigint
    )`);
  for (const { resource, spent, currency, requests, unknown } of costs) {
    await connection.run(
      `insert into ${LEDGER}.costs (run_id, resource, spent, currency, requests, unknown)
       values ($1, $2, $3::decimal(38, 12), $4, $5, $6)`,
      [runId, resource, spent, currency, requests, unknown],
    );
  }
}
