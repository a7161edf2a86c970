import { realEffects } from '../effects.ts';
import { exitCodes } from '../errors.ts';
import { costListing } from '../inspection/cost-listing.ts';
import { sinceTime } from '../inspection/since.ts';
import { type CostListing, type CostsBy, costsText } from '../report/costs-text.ts';
import { csvText } from '../report/csv-text.ts';
import { failureMembers, jsonDocument } from '../report/json-report.ts';
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
  const since = sinceTime(options.since, realEffects.now());
  const listing = await costListing(config, by, since);
  if (format === 'json') terminal.print(jsonDocument({ ...inNumbers(listing), ...failureMembers(undefined) }));
  else terminal.print(format === 'csv' ? csvText(columns, listing.costs) : costsText(listing));
  return exitCodes.ok;
}

// --- internal ---

const columns = ['of', 'spent', 'currency', 'requests', 'unknown', 'loadId'] as const;

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
