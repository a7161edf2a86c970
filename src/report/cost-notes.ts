import { count } from '../text/count.ts';
import type { CostTrace, Trace } from '../trace.ts';
import { moneyOf, moneyText } from '../values/money.ts';

/** What each resource cost, and all of them: `images: 0.0126 usd for 3 paid requests`. */
export function costNotes(resources: Trace['resources'], all: Trace['cost']): string[] {
  if (all === undefined) return [];
  const own = resources.flatMap(({ name, cost }) => (cost === undefined ? [] : [`${name}: ${costText(cost)}`]));
  const balance = all.balance === null ? [] : [`the balance is ${amountText(all.balance, all.currency)}`];
  return [...own, ...(own.length > 1 ? [`in all ${costText(all)}`] : []), ...balance];
}

/** `0.0126 usd`, without an exponent. */
export function amountText(amount: number, currency: string): string {
  return `${moneyText(moneyOf(amount) ?? 0n)} ${currency}`;
}

// --- internal ---

function costText({ spent, currency, requests, unknown, unanswered }: CostTrace): string {
  const what = count(requests, 'paid request');
  const isOne = requests === 1;
  if (unanswered === requests) return `${what}; no reply came that could say what ${isOne ? 'it' : 'they'} cost`;
  if (unknown === requests)
    return `${what}; nobody said what ${isOne ? 'it' : 'they'} cost (neither \`client.cost_header\` nor \`endpoint.cost\`)`;
  const lacking = unknown === 0 ? '' : `, of which ${unknown} did not say what they cost`;
  return `${amountText(spent, currency)} for ${what}${lacking}`;
}
