import type { PipelineConfig } from '../config/pipeline-config.ts';
import { destinationOf } from '../destinations/destination-kinds.ts';
import { readingLedger } from '../ledger/idle-ledger.ts';
import { selectCosts, selectCostTotals } from '../ledger/read-costs.ts';
import { type CostListing, type CostsBy, plainAmount, type SummedCosts } from '../report/costs-text.ts';
import { isoTime } from '../text/iso-time.ts';
import { capturedCosts } from './captured-costs.ts';

/**
 * What runs spent, by the ledger, and what replies said, by the live file.
 *
 * @param since milliseconds since 1970, of the beginning of runs. Default: all
 * @throws PipelineError RunLocked: a run is going on, which has the ledger for itself
 */
export async function costListing(
  config: PipelineConfig,
  by: CostsBy,
  since: number | undefined,
): Promise<CostListing> {
  const { name: pipeline, working_dir } = config.pipeline;
  const found = await readingLedger(working_dir, async (connection) => ({
    costs: await selectCosts(connection, by, { pipeline, since }),
    totals: await selectCostTotals(connection, { pipeline, since }),
  }));
  const { captured, balance } = await capturedCosts(destinationOf(config), by, since);
  return {
    pipeline,
    by,
    since: since === undefined ? null : isoTime(since),
    costs: (found?.costs ?? []).map(plain),
    totals: (found?.totals ?? []).map(plain),
    captured: captured?.map((one) => ({ ...one, cost: plainAmount(one.cost) })) ?? null,
    balance: balance && { ...balance, balance: plainAmount(balance.balance) },
    currency: config.source.client?.currency ?? 'usd',
  };
}

// --- internal ---

function plain<Row extends SummedCosts>(row: Row): Row {
  return { ...row, spent: plainAmount(row.spent) };
}
