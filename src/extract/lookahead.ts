import { clientDefaults } from '../config/client-defaults.ts';
import type { ClientConfig } from '../config/grammar/client-schema.ts';
import type { Effects } from '../effects.ts';
import { Traffic } from './http/traffic.ts';

/** So many things may be under way before it is their turn. Taken or not, never waited for. */
export class Allowance {
  /** Nothing at all is asked for ahead, not even the page after the one that is read: nobody may come to it. */
  readonly isNone: boolean;
  #left: number;

  constructor(most: number, { isNone = false } = {}) {
    this.#left = most;
    this.isNone = isNone;
  }

  get left(): number {
    return this.#left;
  }

  /** False where nothing is left. */
  take(): boolean {
    if (this.#left === 0) return false;
    this.#left -= 1;
    return true;
  }

  giveBack(): void {
    this.#left += 1;
  }
}

/** What all resources of a run share, so that together they keep to `client.concurrency`. */
export interface Lookahead {
  readonly traffic: Traffic;
  /** Chains and resources that are read before those in front of them have ended; each keeps at most two pages. */
  readonly chains: Allowance;
  /** Pages of the chain in front that are asked for before those in front of them came. */
  readonly pages: Allowance;
}

export function lookaheadFor(
  { concurrency = clientDefaults.concurrency, rate_limit }: Partial<Pick<ClientConfig, 'concurrency' | 'rate_limit'>>,
  effects: Effects,
): Lookahead {
  return {
    traffic: new Traffic({ concurrency, rateLimit: rate_limit, effects }),
    chains: new Allowance(concurrency - 1),
    pages: new Allowance(concurrency - 1),
  };
}

/** Of who stops after the first pages: everything is asked for when it is wanted, and one after another. */
export function nothingAhead({ rate_limit }: Partial<Pick<ClientConfig, 'rate_limit'>>, effects: Effects): Lookahead {
  return {
    traffic: new Traffic({ concurrency: 1, rateLimit: rate_limit, effects }),
    chains: new Allowance(0),
    pages: new Allowance(0, { isNone: true }),
  };
}
