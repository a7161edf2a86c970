import type { PlannedResource, RunPlan } from '../planned-run.ts';
import { aligned } from '../text/aligned.ts';
import { count } from '../text/count.ts';
import { plainText } from '../text/plain-text.ts';
import { amountText } from './cost-notes.ts';

/** What a run would ask for, a line a resource, and what it would cost. */
export function planText(plan: RunPlan): string {
  const { pipeline, resources, currency } = plan;
  const lines = aligned(
    resources.map((resource) => [
      resource.name,
      resource.url === null ? 'records of a function' : `${resource.method} ${resource.url}`,
      requestsText(resource),
      resource.isPaid ? `paid, ${resource.cost === null ? 'cost ' : ''}${priceText(resource.cost, currency)}` : '',
    ]),
    ['left', 'left', 'left', 'left'],
  );
  const paid = resources.filter(({ isPaid }) => isPaid);
  return [
    `A run of ${plainText(pipeline)} would ask for:`,
    ...lines,
    ...(paid.length === 0 ? [] : costLines(plan)),
  ].join('\n');
}

// --- internal ---

function requestsText({ url, requests, parent, isList, sources }: PlannedResource): string {
  if (url === null) return '';
  if (requests === null) return `a request for each record of ${parent}`;
  if (requests === 0) return `none, no ids: looked at ${sources.join(', ')}`;
  return `${count(requests, 'request')}${isList ? ' or more, as pages follow' : ''}`;
}

function costLines({ cost, currency, maxCost, minBalance }: RunPlan): string[] {
  const isTooMuch = cost !== null && maxCost !== null && cost > maxCost;
  return [
    '',
    `What it would cost: ${priceText(cost, currency)}`,
    ...(maxCost === null
      ? []
      : [
          `At most (max_cost): ${amountText(maxCost, currency)}${isTooMuch ? ': it would stop before that, with exit code 8' : ''}`,
        ]),
    ...(minBalance === null ? [] : [`To be left (min_balance): ${amountText(minBalance, currency)}`]),
  ];
}

function priceText(cost: number | null, currency: string): string {
  return cost === null ? 'not known' : amountText(cost, currency);
}
