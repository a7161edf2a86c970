import type { PipelineConfig, ResolvedResource } from '../config/pipeline-config.ts';
import { PipelineError } from '../errors.ts';
import { candidates } from '../extract/endpoint.ts';
import { Budget, limitOf } from '../extract/paid/budget.ts';
import type { Spending } from '../extract/paid/purchase.ts';
import type { ResourceCost } from '../ledger/costs.ts';
import type { CostTrace } from '../trace.ts';
import { moneyText } from '../values/money.ts';

/**
 * What a run may spend: `maxCost` in the place of what the configuration says. Throws UsageInvalid for a limit that is no
 * amount.
 */
export function runBudget({ pipeline, source }: PipelineConfig, maxCost: number | string | undefined): Budget {
  const own = limitOf(maxCost);
  if (maxCost !== undefined && (own === undefined || own < 0n)) throw noAmount(maxCost);
  const { currency = 'usd', min_balance, links } = source.client ?? {};
  const limits = { maxCost: own ?? limitOf(pipeline.max_cost), minBalance: limitOf(min_balance) };
  return new Budget({ currency, ...limits, billing: links?.billing });
}

/** Throws ConfigInvalid where a limit could not be kept to: nobody says what a paid request of these resources costs. */
export function requireKnownCosts(
  { source }: PipelineConfig,
  resources: readonly ResolvedResource[],
  { limits: { maxCost } }: Budget,
): void {
  if (maxCost === undefined || source.client?.cost_header !== undefined) return;
  const unknown = resources.find(
    ({ endpoint }) =>
      endpoint !== undefined && candidates(endpoint).some(({ paid, cost }) => paid === true && cost === undefined),
  );
  if (unknown === undefined) return;
  throw new PipelineError({
    code: 'ConfigInvalid',
    message: `\`max_cost\` cannot be kept to: nobody says what a request of \`${unknown.name}\` costs.`,
    hint: 'Give its endpoint a `cost`, or the client the `cost_header` of its replies.',
    facts: { resource: unknown.name },
  });
}

/** As a trace tells it: sums are exact, and rounded once. */
export function costTrace({ spent, ...counts }: Spending, { limits: { currency } }: Budget): CostTrace {
  const { requests, unknown, unanswered } = counts;
  return { spent: Number(moneyText(spent)), currency, requests, unknown, unanswered };
}

/** Of each resource that paid for something. */
export function ledgerCosts({ purchases, limits: { currency } }: Budget): ResourceCost[] {
  return [...purchases].map(([resource, { spent, requests, unknown }]) => ({
    resource,
    spent: moneyText(spent),
    currency,
    requests,
    unknown,
  }));
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
