import { PipelineError } from '../../errors.ts';
import type { Json } from '../../json/json-value.ts';
import { printable } from '../../text/printable.ts';
import { type Money, moneyOf } from '../../values/money.ts';
import type { ChainSeed } from '../chain-seeds.ts';
import { chainName } from '../continued-chains.ts';
import type { Endpoint } from '../endpoint.ts';
import { SqlStep } from '../steps/sql-steps.ts';
import { StepNotes } from '../steps/step-notes.ts';
import { requestValues } from './request-values.ts';

interface CostPlace {
  readonly resource: string;
  readonly signal: AbortSignal | undefined;
}

/**
 * What a request of each chain is expected to cost; undefined where nobody knows.
 *
 * @throws PipelineError ConfigInvalid where `cost` gives no amount for one of them: nothing was asked for yet.
 */
export async function requestCosts(
  endpoint: Endpoint,
  chains: readonly ChainSeed[],
  place: CostPlace,
): Promise<readonly (Money | undefined)[]> {
  const { cost } = endpoint;
  if (cost === undefined) return chains.map(() => undefined);
  const fixed = moneyOf(cost);
  if (fixed !== undefined) return chains.map(() => requireAmount(fixed, cost, place.resource, chains[0]));
  const items = chains.map(({ values }) => requestValues(endpoint, values));
  const results = await evaluated(String(cost), items, place);
  return results.map((result, index) => requireAmount(amountOf(result), cost, place.resource, chains[index]));
}

// --- internal ---

/** A run with prices that are numbers pays nothing for this. */
async function evaluated(sql: string, items: Parameters<SqlStep['values']>[0], place: CostPlace) {
  const { Expressions } = await import('../../duckdb/expressions.ts');
  const expressions = await Expressions.open();
  try {
    const parts = { ...place, key: 'endpoint', expressions, notes: new StepNotes() };
    const step = await SqlStep.open(parts, `cost: ${sql}`, sql);
    return await step.values(items);
  } finally {
    expressions.close();
  }
}

function amountOf(result: Json): Money | undefined {
  return result === null || typeof result === 'boolean' ? undefined : moneyOf(String(result));
}

function requireAmount(
  money: Money | undefined,
  cost: string | number,
  resource: string,
  chain: ChainSeed | undefined,
): Money {
  if (money !== undefined && money >= 0n) return money;
  const name = chainName(chain?.values ?? {});
  const request = name === '' ? '' : ` for ${printable(name)}`;
  throw new PipelineError({
    code: 'ConfigInvalid',
    message: `\`cost: ${printable(String(cost))}\` in \`endpoint\` of \`${resource}\` gives no amount of money${request}: nothing was asked for.`,
    hint: 'It is to give a number that is not negative, from the values of `params`, `json`, `data` and placeholders: `coalesce(steps, 30) * 0.0001`.',
    facts: { resource, cost, request: name },
  });
}
