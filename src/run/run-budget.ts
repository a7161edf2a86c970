import type { PipelineConfig } from '../config/pipeline-config.ts';
import { PipelineError } from '../errors.ts';
import { Budget, limitOf } from '../extract/paid/budget.ts';
import type { Spending } from '../extract/paid/purchase.ts';
import type { CostTrace } from '../trace.ts';
import { moneyText } from '../values/money.ts';

/**
 * What a run may spend: `maxCost` in the place of what the configuration says. Throws UsageInvalid for a limit that is no
 * amount.
 */
export function runBudget({ pipeline, source }: PipelineConfig, maxCost: number | string | undefined): Budget {
  const own = limitOf(maxCost);
  if (maxCost !== undefined && (own === undefined || own < 0n)) throw noAmount(maxCost);
  const { currency = 'usd', min_balance } = source.client ?? {};
  return new Budget({ currency, maxCost: own ?? limitOf(pipeline.max_cost), minBalance: limitOf(min_balance) });
}

/** As a trace tells it: sums are exact, and rounded once. */
export function costTrace({ spent, requests, unknown }: Spending, { limits: { currency } }: Budget): CostTrace {
  return { spent: Number(moneyText(spent)), currency, requests, unknown };
}

// --- internal ---

function noAmount(given: number | string): PipelineError {
  return new PipelineError({
    code: 'UsageInvalid',
    message: `\`--max-cost ${given}\`: expected an amount that is not negative, such as \`5\` or \`0.25\`.`,
    hint: 'It counts in `client.currency`, without its name.',
    facts: { maxCost: given },
  });
}
