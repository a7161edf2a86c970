import { PipelineError } from '../../errors.ts';
import { type Money, moneyText } from '../../values/money.ts';
import type { Limits, Purchase, Spending } from './purchase.ts';

interface Standing {
  readonly limits: Limits;
  readonly all: Spending;
  /** For requests that are under way. */
  readonly reserved: Money;
  readonly own: Spending & { readonly reserved: Money };
  readonly balance: Money | undefined;
}

/** Why a request may not be paid; undefined where it may. One of unknown cost may as long as anything is left. */
export function limitReached(purchase: Purchase, standing: Standing): PipelineError | undefined {
  const { limits, all, reserved, own, balance } = standing;
  const { maxCost: most } = limits;
  const isTooMuch = (spent: Money, limit: Money) =>
    purchase.cost === undefined ? spent >= limit : spent + purchase.cost > limit;
  const { maxCost: ownMost } = purchase;
  if (ownMost !== undefined && isTooMuch(own.spent + own.reserved, ownMost))
    return overMaximum(purchase, standing, { limit: ownMost, of: own, key: '`endpoint.max_cost`' });
  if (most !== undefined && isTooMuch(all.spent + reserved, most))
    return overMaximum(purchase, standing, { limit: most, of: { ...all, reserved }, key: '`max_cost`' });
  const { minBalance: least } = limits;
  if (least === undefined || balance === undefined) return undefined;
  const left = balance - reserved - (purchase.cost ?? 0n);
  const isShort = purchase.cost === undefined ? left <= least : left < least;
  return isShort ? underMinimum(purchase, standing, least) : undefined;
}

// --- internal ---

interface Maximum {
  readonly limit: Money;
  readonly of: Spending & { readonly reserved: Money };
  readonly key: string;
}

function overMaximum(purchase: Purchase, standing: Standing, { limit, of, key }: Maximum): PipelineError {
  const { resource, cost } = purchase;
  const { currency } = standing.limits;
  const isOwn = of === standing.own;
  const enough = cost !== undefined && cost > limit ? cost : limit;
  const underWay = of.reserved === 0n ? '' : `, ${moneyText(of.reserved)} are reserved for what is under way`;
  return stopped(
    purchase,
    standing,
    `${moneyText(of.spent)} of at most ${moneyText(limit)} ${currency} (${key}) are spent${isOwn ? ' on it' : ''}${underWay}`,
    isOwn
      ? `What is left is for the next run: dezgo-elt run ${resource} --allow-paid; for more in one run raise \`max_cost\` of its endpoint.`
      : `What is left is for the next run: dezgo-elt run ${resource} --allow-paid --max-cost ${moneyText(enough)}`,
    { maxCost: Number(moneyText(limit)) },
  );
}

function underMinimum(purchase: Purchase, standing: Standing, least: Money): PipelineError {
  const { currency, billing } = standing.limits;
  const shown = `${moneyText(least)} ${currency}`;
  return stopped(
    purchase,
    standing,
    `at least ${shown} are to be left (\`client.min_balance\`)`,
    `Top up the balance${billing === undefined ? '' : ` at ${billing}`}, or lower \`min_balance\` of the client, then: dezgo-elt run ${purchase.resource} --allow-paid`,
    { minBalance: Number(moneyText(least)) },
  );
}

function stopped(
  { resource, cost }: Purchase,
  { limits: { currency }, all, balance }: Standing,
  why: string,
  hint: string,
  facts: Readonly<Record<string, number>>,
): PipelineError {
  const next = cost === undefined ? 'of unknown cost' : `for ${moneyText(cost)} ${currency}`;
  const left = balance === undefined ? 'not known' : `${moneyText(balance)} ${currency}`;
  return new PipelineError({
    code: 'BudgetExhausted',
    message: `\`${resource}\`: stopped before the next paid request, ${next}: ${why}; the balance is ${left}.`,
    hint,
    facts: {
      resource,
      currency,
      spent: Number(moneyText(all.spent)),
      next: cost === undefined ? null : Number(moneyText(cost)),
      balance: balance === undefined ? null : Number(moneyText(balance)),
      ...facts,
    },
  });
}
