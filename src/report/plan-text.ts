import type { PlannedResource, RunPlan } from '../planned-run.ts';
import { aligned } from '../text/aligned.ts';
import { count } from '../text/count.ts';
import { plainText } from '../text/plain-text.ts';
import { amountText } from './cost-notes.ts';
import { plannedChangeLines } from './planned-changes-text.ts';

/** What a run would ask for, a line a resource, and what it would cost. */
export function planText(plan: RunPlan): string {
  const { pipeline, resources, currency } = plan;
  const lines = aligned(
    resources.map((resource) => [
      resource.name,
      resource.url === null ? 'records of a function' : `${resource.method} ${resource.url}${queryOf(resource)}`,
      requestsText(resource),
      resource.isPaid ? `paid, ${resource.cost === null ? 'cost ' : ''}${priceText(resource.cost, currency)}` : '',
    ]),
    ['left', 'left', 'left', 'left'],
  );
  const paid = resources.filter(({ isPaid }) => isPaid);
  return [
    `A run of ${plainText(pipeline)} would ask for:`,
    ...lines,
    ...rangeLines(resources),
    ...changeLines(resources),
    ...(paid.length === 0 ? [] : costLines(plan)),
  ].join('\n');
}

// --- internal ---

/** What the first request is sent with. */
function queryOf({ firstUrl }: PlannedResource): string {
  return /\?.*/s.exec(firstUrl ?? '')?.[0] ?? '';
}

function rangeLines(resources: readonly PlannedResource[]): string[] {
  const rows = resources.flatMap(({ name, incremental }) => {
    if (incremental === null) return [];
    const { cursorPath, from, to } = incremental;
    const begin = from === null ? 'from its beginning' : `from ${from}`;
    return [[name, cursorPath, to === null ? begin : `${begin} to ${to}`]];
  });
  return rows.length === 0
    ? []
    : ['', 'Incremental resources begin where they are:', ...aligned(rows, ['left', 'left', 'left'])];
}

function changeLines(resources: readonly PlannedResource[]): string[] {
  const lines = plannedChangeLines(resources.flatMap(({ changes }) => changes));
  return lines.length === 0 ? [] : ['', 'It would change, as far as that is known before a record came:', ...lines];
}

function requestsText({ url, requests, parent, parentRows, isList, sources }: PlannedResource): string {
  if (url === null) return '';
  if (requests === null)
    return `a request for each record of ${parent}${parentRows === null ? '' : `, which has ${count(parentRows, 'row')} now`}`;
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
