import type { Money } from '../../values/money.ts';

/** What a run may spend, and what has to be left after it. */
export interface Limits {
  /** As messages show it: `usd`. */
  readonly currency: string;
  readonly maxCost?: Money | undefined;
  readonly minBalance?: Money | undefined;
  /** The page where credit is added. */
  readonly billing?: string | undefined;
}

/** One request that costs money. */
export interface Purchase {
  readonly resource: string;
  /** What it is expected to cost; undefined where nobody knows. */
  readonly cost: Money | undefined;
  /** The most that the resource may cost. */
  readonly maxCost?: Money | undefined;
}

/** What the paid requests of a resource, or of all, have cost. */
export interface Spending {
  readonly spent: Money;
  /** Paid requests that were sent. */
  readonly requests: number;
  /** Of those, the ones of which nobody said what they cost: they are not in `spent`. */
  readonly unknown: number;
  /** Of those, the ones to which no reply came that could be used. */
  readonly unanswered: number;
}
