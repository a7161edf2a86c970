import { sandboxUserId, transactionId } from './ids.ts';

/** A ledger entry, as `GET /account/tx/last` shows it. `credits - debits = balance`, all in USD with four decimals. */
export interface Transaction {
  readonly _id: string;
  readonly userId: string;
  readonly amount: number;
  readonly time: string;
  readonly type: 'job' | 'deposit';
  /** Keys contain dots; counts are written as strings. */
  readonly meta: Readonly<Record<string, string>>;
  readonly credits: number;
  readonly debits: number;
  readonly balance: number;
  readonly index: number;
}

/** Ten-thousandths of a USD, as an integer: sums stay exact. */
export type Units = number;

const usd = (units: Units) => units / 10_000;

/** The books of the one user of the stand-in. Every amount that a reply shows comes from an entry of this list. */
export class Account {
  #credits: Units = 0;
  #debits: Units = 0;
  readonly #transactions: Transaction[] = [];

  get last(): Transaction | undefined {
    return this.#transactions.at(-1);
  }

  covers(cost: Units): boolean {
    return this.#credits - this.#debits >= cost;
  }

  /** The `type` of a top-up is not known of the live service; `deposit` is invented. */
  deposit(amount: Units, time: number): Transaction {
    this.#credits += amount;
    return this.#enter('deposit', amount, {}, time);
  }

  charge(cost: Units, meta: Readonly<Record<string, string>>, time: number): Transaction {
    this.#debits += cost;
    return this.#enter('job', -cost, meta, time);
  }

  #enter(type: Transaction['type'], amount: Units, meta: Transaction['meta'], time: number): Transaction {
    const index = this.#transactions.length + 1;
    const transaction: Transaction = {
      _id: transactionId(index),
      userId: sandboxUserId,
      amount: usd(amount),
      time: new Date(time).toISOString(),
      type,
      meta,
      credits: usd(this.#credits),
      debits: usd(this.#debits),
      balance: usd(this.#credits - this.#debits),
      index,
    };
    this.#transactions.push(transaction);
    return transaction;
  }
}

/** The cost and the balance after it, as the headers of a reply that started a job carry them. */
export function costHeaders({ amount, credits, debits, balance, index }: Transaction): Record<string, string> {
  return {
    'x-dezgo-job-amount-usd': (-amount).toFixed(4),
    'x-dezgo-balance-credits-usd': credits.toFixed(4),
    'x-dezgo-balance-debits-usd': debits.toFixed(4),
    'x-dezgo-balance-total-usd': balance.toFixed(4),
    'x-dezgo-balance-index': String(index),
  };
}
