import type { PipelineError } from '../../errors.ts';
import { type Money, moneyOf } from '../../values/money.ts';
import { limitReached } from './limit-reached.ts';
import type { Limits, Purchase, Spending } from './purchase.ts';

/** What a reply says, in its headers. */
export interface Told {
  readonly cost: Money | undefined;
  readonly balance: Money | undefined;
  /** Nothing is owed for a reply that is an error, unless it says so. */
  readonly isError: boolean;
}

/**
 * The money of one run, shared by its resources. What a request is expected to cost is reserved before it is sent, so that
 * several at once keep within the limits as well.
 */
export class Budget {
  readonly limits: Limits;
  readonly #accounts = new Map<string, Account>();
  #balance: Money | undefined;
  #stop: PipelineError | undefined;

  constructor(limits: Limits) {
    this.limits = limits;
  }

  /** The first limit that was reached: the run stopped before a paid request. */
  get stop(): PipelineError | undefined {
    return this.#stop;
  }

  /** What is left, as the last reply said it. */
  get balance(): Money | undefined {
    return this.#balance;
  }

  get total(): Spending {
    return sumOf([...this.#accounts.values()]);
  }

  /** By the resources that paid for something. */
  get purchases(): ReadonlyMap<string, Spending> {
    return new Map([...this.#accounts].filter(([, { requests }]) => requests > 0));
  }

  /** Throws LimitReached before a request that would be too much. */
  reserve(purchase: Purchase): Reservation {
    const account = this.#accountOf(purchase.resource);
    const stop = limitReached(purchase, {
      limits: this.limits,
      all: this.total,
      reserved: this.#reserved,
      own: account,
      balance: this.#balance,
    });
    if (stop !== undefined) {
      this.#stop ??= stop;
      throw new LimitReached(stop);
    }
    const { cost } = purchase;
    account.reserved += cost ?? 0n;
    return new Reservation(account, cost, (balance) => this.hear(balance));
  }

  /** A reply said what is left. */
  hear(balance: Money | undefined): void {
    this.#balance = balance ?? this.#balance;
  }

  get #reserved(): Money {
    return [...this.#accounts.values()].reduce((sum, { reserved }) => sum + reserved, 0n);
  }

  #accountOf(resource: string): Account {
    const account = this.#accounts.get(resource) ?? { spent: 0n, reserved: 0n, requests: 0, unknown: 0, unanswered: 0 };
    this.#accounts.set(resource, account);
    return account;
  }
}

/** What one request is expected to cost, until its reply says what it did. */
export class Reservation {
  readonly #account: Account;
  readonly #cost: Money | undefined;
  readonly #hear: (balance: Money | undefined) => void;

  constructor(account: Account, cost: Money | undefined, hear: (balance: Money | undefined) => void) {
    this.#account = account;
    this.#cost = cost;
    this.#hear = hear;
  }

  settle({ cost, balance, isError }: Told): void {
    const paid = cost ?? (isError ? 0n : this.#cost);
    this.#account.reserved -= this.#cost ?? 0n;
    this.#account.requests += 1;
    this.#account.spent += paid ?? 0n;
    if (paid === undefined) this.#account.unknown += 1;
    this.#hear(balance);
  }

  /** No reply came: it may have been paid for, so that what was reserved stays so. */
  lose(): void {
    this.#account.requests += 1;
    this.#account.unknown += 1;
    this.#account.unanswered += 1;
  }
}

/** Why a request is not sent. */
export class LimitReached extends Error {
  readonly failure: PipelineError;

  constructor(failure: PipelineError) {
    super(failure.message);
    this.failure = failure;
  }
}

/** A limit as the configuration has it. */
export function limitOf(amount: string | number | undefined): Money | undefined {
  return amount === undefined ? undefined : moneyOf(amount);
}

// --- internal ---

interface Account {
  spent: Money;
  reserved: Money;
  requests: number;
  unknown: number;
  unanswered: number;
}

function sumOf(accounts: readonly Account[]): Spending {
  return accounts.reduce<Spending>(
    (sum, { spent, requests, unknown, unanswered }) => ({
      spent: sum.spent + spent,
      requests: sum.requests + requests,
      unknown: sum.unknown + unknown,
      unanswered: sum.unanswered + unanswered,
    }),
    { spent: 0n, requests: 0, unknown: 0, unanswered: 0 },
  );
}
