import { destinationOf } from '../destinations/destination-kinds.ts';
import { realEffects } from '../effects.ts';
import { exitCodes } from '../errors.ts';
import { capturedCosts } from '../inspection/captured-costs.ts';
import { sinceTime } from '../inspection/since.ts';
import { readingLedger } from '../ledger/idle-ledger.ts';
import { selectCosts, selectCostTotals } from '../ledger/read-costs.ts';
import { type CostListing, type CostsBy, costsText, plainAmount, type SummedCosts } from '../report/costs-text.ts';
import { csvText } from '../report/csv-text.ts';
import { failureMembers, jsonDocument } from '../report/json-report.ts';
import { isoTime } from '../text/iso-time.ts';
import { loadProject } from './load-project.ts';
import { openLog } from './open-log.ts';
import type { CommonOptions, ListFormat, Terminal } from './terminal.ts';

export interface CostsOptions extends CommonOptions {
  readonly format: ListFormat;
  readonly by: CostsBy;
  readonly since?: string;
}

/** `dezgo-elt costs`: what runs spent, by the ledger, and what replies said, by the live file. Changes nothing. */
export async function costsCommand(terminal: Terminal, options: CostsOptions): Promise<number> {
  const { by, format } = options;
  const config = await loadProject(terminal, options, openLog(terminal, options));
  const { name: pipeline, working_dir } = config.pipeline;
  const since = sinceTime(options.since, realEffects.now());
  const found = await readingLedger(working_dir, async (connection) => ({
    costs: await selectCosts(connection, by, { pipeline, since }),
    totals: await selectCostTotals(connection, { pipeline, since }),
  }));
  const { captured, balance } = await capturedCosts(destinationOf(config), by, since);
  const listing: CostListing = {
    pipeline,
    by,
    since: since === undefined ? null : isoTime(since),
    costs: (found?.costs ?? []).map(plain),
    totals: (found?.totals ?? []).map(plain),
    captured: captured?.map((one) => ({ ...one, cost: plainAmount(one.cost) })) ?? null,
    balance: balance && { ...balance, balance: plainAmount(balance.balance) },
    currency: config.source.client?.currency ?? 'usd',
  };
  if (format === 'json') terminal.print(jsonDocument({ ...inNumbers(listing), ...failureMembers(undefined) }));
  else terminal.print(format === 'csv' ? csvText(columns, listing.costs) : costsText(listing));
  return exitCodes.ok;
}

// --- internal ---

const columns = ['of', 'spent', 'currency', 'requests', 'unknown', 'loadId'] as const;

function plain<Row extends SummedCosts>(row: Row): Row {
  return { ...row, spent: plainAmount(row.spent) };
}

/** As reports of runs have amounts. */
function inNumbers({ costs, totals, captured, balance, ...others }: CostListing) {
  return {
    ...others,
    costs: costs.map((one) => ({ ...one, spent: Number(one.spent) })),
    totals: totals.map((one) => ({ ...one, spent: Number(one.spent) })),
    captured: captured?.map((one) => ({ ...one, cost: Number(one.cost) })) ?? null,
    balance: balance && { ...balance, balance: Number(balance.balance) },
  };
}
