import { moneyOf } from '../../values/money.ts';
import { type Located, scalarAt } from '../file/located-tree.ts';
import type { ClientConfig } from '../grammar/client-schema.ts';
import type { EndpointConfig } from '../grammar/resource-schema.ts';
import { endpointsIn } from './endpoints-in.ts';
import type { Finding } from './finding.ts';
import type { WrittenExpression } from './written-expression.ts';

type Request = Omit<EndpointConfig, 'fallbacks'>;

/** `own` is what was written for this request, without what it inherits. */
export function checkCosts({ paid, idempotent, cost }: Request, own: Request, client?: ClientConfig): Finding[] {
  const keys = (['cost', 'max_cost'] as const).filter((key) => own[key] !== undefined);
  if (paid !== true) {
    const message = 'only what is `paid` costs: expected `paid: true` beside it';
    return keys.slice(0, 1).map((key) => ({ path: [key], message }));
  }
  if (own.max_cost !== undefined && cost === undefined && client?.cost_header === undefined) {
    const message = 'nobody says what its requests cost: expected `cost` beside it, or `cost_header` of the client';
    return [{ path: ['max_cost'], message }];
  }
  if (idempotent !== true) return [];
  const path = own.idempotent === undefined ? ['paid'] : ['idempotent'];
  return [{ path, message: 'what is `paid` is never sent again: expected either `paid` or `idempotent`, not both' }];
}

export function checkBalance(client: ClientConfig | undefined): Finding[] {
  if (client?.min_balance === undefined || client.balance_header !== undefined) return [];
  return [{ path: ['min_balance'], message: 'nobody says what is left: expected `balance_header` beside it' }];
}

/** What endpoints and their fallbacks cost, where it is no plain amount. */
export function expressionsInCosts(tree: Located): WrittenExpression[] {
  return endpointsIn(tree).flatMap((at) => {
    const sql = scalarAt(tree, ...at, 'cost');
    return typeof sql === 'string' && sql !== '' && moneyOf(sql) === undefined ? [{ path: [...at, 'cost'], sql }] : [];
  });
}
