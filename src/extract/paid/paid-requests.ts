import type { ClientConfig } from '../../config/grammar/client-schema.ts';
import type { Effects } from '../../effects.ts';
import { count } from '../../text/count.ts';
import { type Money, moneyOf, moneyText } from '../../values/money.ts';
import type { ChainSeed } from '../chain-seeds.ts';
import type { Endpoint } from '../endpoint.ts';
import type { Answer } from '../http/exchange.ts';
import { configuredPaginator } from '../paginators/settled-paginator.ts';
import { type Budget, limitOf } from './budget.ts';
import { requestCosts } from './request-costs.ts';

export interface PaidParts {
  readonly resource: string;
  readonly endpoints: readonly Endpoint[];
  readonly chains: readonly ChainSeed[];
  readonly client: ClientConfig | undefined;
  readonly budget: Budget;
  readonly signal: AbortSignal | undefined;
  readonly effects: Effects;
  warn(text: string): void;
}

/** A chain's place among those of its resource, and that of the endpoint that it asks. */
interface Place {
  readonly index: number;
  readonly endpoint: number;
}

/** The requests of one resource, as its budget sees them: nothing that costs is sent without it. */
export class PaidRequests {
  readonly #parts: PaidParts;
  readonly #costs = new Map<Endpoint, Promise<readonly (Money | undefined)[]>>();
  #isAnnounced = false;

  constructor(parts: PaidParts) {
    this.#parts = parts;
  }

  /** Sends the request of a chain if it may be paid. Throws LimitReached, and what `ask` throws. */
  async send({ index, endpoint: at }: Place, ask: () => Promise<Answer>): Promise<Answer> {
    const { budget, endpoints, resource } = this.#parts;
    const endpoint = endpoints[at];
    if (endpoint?.paid !== true) {
      const answer = await ask();
      budget.hear(this.#told(answer, 'balance_header'));
      return answer;
    }
    const costs = await this.#costsOf(endpoint);
    this.#announce(endpoint, costs.slice(index));
    const reservation = budget.reserve({ resource, cost: costs[index], maxCost: limitOf(endpoint.max_cost) });
    const answer = await ask().catch((error: unknown) => {
      reservation.lose();
      throw error;
    });
    reservation.settle({
      cost: this.#told(answer, 'cost_header'),
      balance: this.#told(answer, 'balance_header'),
      isError: answer.status >= 400,
    });
    return answer;
  }

  /** Of each chain: all are known before the first is asked for. */
  #costsOf(endpoint: Endpoint): Promise<readonly (Money | undefined)[]> {
    const known = this.#costs.get(endpoint) ?? requestCosts(endpoint, this.#parts.chains, this.#parts);
    this.#costs.set(endpoint, known);
    return known;
  }

  /** Before the first one is sent. */
  #announce(endpoint: Endpoint, costs: readonly (Money | undefined)[]): void {
    if (this.#isAnnounced) return;
    this.#isAnnounced = true;
    const { resource, client, budget, effects } = this.#parts;
    const isMore = configuredPaginator(endpoint, client).type !== 'single_page';
    const own = limitOf(endpoint.max_cost);
    effects.log.announce?.(`${resource}: ${announcement(costs, { budget, own, isMore })}`);
  }

  #told({ headers }: Answer, which: 'cost_header' | 'balance_header'): Money | undefined {
    const name = this.#parts.client?.[which];
    const text = name === undefined ? null : headers.get(name);
    if (text === null) return undefined;
    const money = moneyOf(text);
    // A request that gave money back would let a run go on for ever.
    const isAmount = money !== undefined && (money >= 0n || which === 'balance_header');
    if (isAmount) return money;
    const what = money === undefined ? 'no number' : 'negative';
    this.#parts.warn(`\`${name}\` (${which}) of a reply is ${what}: it is left out`);
    return undefined;
  }
}

// --- internal ---

/** `3 paid requests, 0.0126 usd in all; balance not known, at most 5 usd`. */
function announcement(
  costs: readonly (Money | undefined)[],
  { budget, own, isMore }: { readonly budget: Budget; readonly own: Money | undefined; readonly isMore: boolean },
): string {
  const { limits, balance } = budget;
  const { currency, maxCost, minBalance } = limits;
  const known = costs.filter((cost) => cost !== undefined);
  const shown = (money: Money) => `${moneyText(money)} ${currency}`;
  const total = known.reduce((sum, cost) => sum + cost, 0n);
  const price = known.length === costs.length ? `, ${shown(total)} in all` : ' of unknown cost (no `endpoint.cost`)';
  const facts = [
    `balance ${balance === undefined ? 'not known' : shown(balance)}`,
    ...(maxCost === undefined ? [] : [`at most ${shown(maxCost)}`]),
    ...(own === undefined ? [] : [`at most ${shown(own)} for this resource`]),
    ...(maxCost === undefined && own === undefined ? ['no `max_cost`'] : []),
    ...(minBalance === undefined ? [] : [`at least ${shown(minBalance)} are to be left`]),
  ];
  return `${isMore ? 'at least ' : ''}${count(costs.length, 'paid request')}${price}; ${facts.join(', ')}`;
}
