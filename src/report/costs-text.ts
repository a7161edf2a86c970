import { aligned } from '../text/aligned.ts';
import { count } from '../text/count.ts';
import { moneyOf, moneyText } from '../values/money.ts';

/** What sums are of. */
export type CostsBy = 'day' | 'resource' | 'run';

/** Public as `costs --format json`: with amounts as numbers: keys are only ever added; times are ISO 8601, UTC. */
export interface CostListing {
  readonly pipeline: string;
  readonly by: CostsBy;
  readonly since: string | null;
  /** What runs spent, as the ledger has it. */
  readonly costs: readonly CostRow[];
  /** One for each currency. */
  readonly totals: readonly SummedCosts[];
  /** What headers of replies said; null where they are not captured. */
  readonly captured: readonly CapturedCost[] | null;
  readonly balance: CapturedBalance | null;
  readonly currency: string;
}

export interface SummedCosts {
  readonly currency: string;
  /** Written in decimal. */
  readonly spent: string;
  readonly requests: number;
  /** Of those, the ones of which nobody said what they cost. */
  readonly unknown: number;
}

export interface CostRow extends SummedCosts {
  /** `2026-01-15`, the name of the resource, or when the run began: ISO 8601, UTC. */
  readonly of: string;
  /** Of a run. */
  readonly loadId: string | null;
}

export interface CapturedCost {
  /** A day, or a resource. */
  readonly of: string;
  readonly requests: number;
  readonly cost: string;
}

export interface CapturedBalance {
  readonly balance: string;
  readonly at: string;
  readonly resource: string;
  readonly loadId: string;
}

/** For people. */
export function costsText({ by, costs, totals, captured, balance, currency }: CostListing): string {
  const rows = costs.map((one) => [one.of, ...cells(one), one.loadId ?? '']);
  const sums = totals.map((one) => ['in all', ...cells(one), '']);
  const sections = [
    costs.length === 0
      ? ['Nothing was spent: no run paid for a request.']
      : [`What runs spent, by ${by}:`, ...aligned([...rows, ...sums], ['left', 'right', 'right', 'left', 'left'])],
    captured === null || captured.length === 0
      ? []
      : [
          `What replies said, by ${by} (\`cost_by_day\`):`,
          ...aligned(
            captured.map(({ of, requests, cost }) => [of, amount(cost, currency), count(requests, 'request')]),
            ['left', 'right', 'right'],
          ),
        ],
    balance === null
      ? []
      : [`The balance was ${amount(balance.balance, currency)} at ${balance.at} (${balance.resource}).`],
  ];
  return sections
    .filter((lines) => lines.length > 0)
    .map((lines) => lines.join('\n'))
    .join('\n\n');
}

/** `1.500000000000` → `1.5`. */
export function plainAmount(text: string): string {
  const money = moneyOf(text);
  return money === undefined ? text : moneyText(money);
}

// --- internal ---

function cells({ spent, currency, requests, unknown }: SummedCosts): string[] {
  const lacking = unknown === 0 ? '' : `${unknown} did not say what they cost`;
  return [amount(spent, currency), count(requests, 'paid request'), lacking];
}

function amount(text: string, currency: string): string {
  return `${plainAmount(text)} ${currency}`;
}
