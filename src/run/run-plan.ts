import { parentOf } from '../config/parents.ts';
import type { PipelineConfig } from '../config/pipeline-config.ts';
import { effectsFor, settledConfig } from '../config/settled-config.ts';
import { destinationOf } from '../destinations/destination-kinds.ts';
import { Database } from '../duckdb/database.ts';
import { type Effects, realEffects } from '../effects.ts';
import { candidates, type Endpoint } from '../extract/endpoint.ts';
import { shownUrl } from '../extract/http/shown-url.ts';
import { configuredPaginator } from '../extract/paginators/settled-paginator.ts';
import { requestCosts } from '../extract/paid/request-costs.ts';
import { silentFindings } from '../findings.ts';
import type { PlannedResource, RunPlan } from '../planned-run.ts';
import { moneyText } from '../values/money.ts';
import { incrementalStarts } from './incremental-starts.ts';
import { seedsNow } from './resource-seeds.ts';
import type { Asking } from './resource-values.ts';
import { runBudget } from './run-budget.ts';
import type { RunScope } from './run-scope.ts';
import { type RunResource, selectResources } from './select-resources.ts';

export interface PlanOptions extends RunScope {
  readonly resources?: readonly string[];
  readonly exclude?: readonly string[] | undefined;
  readonly maxCost?: number | string | undefined;
  readonly effects?: Effects;
  readonly signal?: AbortSignal;
}

/** What a run would ask for now. Sends nothing, and writes nothing. Throws what a run would throw before its first request. */
export async function planRun(input: PipelineConfig, options: PlanOptions = {}): Promise<RunPlan> {
  const config = await settledConfig(input, (options.effects ?? realEffects).env);
  const effects = effectsFor(config, options.effects);
  const resources = selectResources(config, options.resources, options.exclude);
  const { limits } = runBudget(config, options.maxCost);
  const database = await Database.open();
  try {
    const { signal } = options;
    const destination = await destinationOf(config).open({ database, effects, signal, findings: silentFindings });
    const asking: Asking = { config, effects, signal, database, destination };
    const state = (await destination.read())?.state;
    const starts = incrementalStarts({ config, scope: options }, resources, state, effects.now());
    const planned: PlannedResource[] = [];
    const costs: (bigint | undefined)[] = [];
    for (const resource of resources) {
      const chains =
        parentOf(resource) === undefined ? await seedsNow(asking, resource, starts.get(resource.name)) : null;
      const [endpoint] = resource.endpoint === undefined ? [] : candidates(resource.endpoint);
      const cost = await costOf(endpoint, chains?.seeds ?? null, { resource: resource.name, signal });
      if (endpoint?.paid === true) costs.push(cost);
      planned.push(plannedResource({ resource, endpoint, chains, cost }, config));
    }
    const total = costs.reduce((sum, cost) => (sum === undefined || cost === undefined ? undefined : sum + cost), 0n);
    return {
      pipeline: config.pipeline.name,
      currency: limits.currency,
      maxCost: numberOf(limits.maxCost),
      minBalance: numberOf(limits.minBalance),
      resources: planned,
      cost: numberOf(total),
    };
  } finally {
    database.close();
  }
}

// --- internal ---

type Chains = Awaited<ReturnType<typeof seedsNow>> | null;

interface Parts {
  readonly resource: RunResource;
  readonly endpoint: Endpoint | undefined;
  readonly chains: Chains;
  readonly cost: bigint | undefined;
}

function plannedResource(
  { resource, endpoint, chains, cost }: Parts,
  { source: { client } }: PipelineConfig,
): PlannedResource {
  const seeds = chains?.seeds ?? null;
  return {
    name: resource.name,
    method: endpoint?.method ?? null,
    url: endpoint === undefined ? null : shownUrl(client, endpoint.path),
    requests: endpoint === undefined ? 0 : (seeds?.length ?? null),
    parent: parentOf(resource)?.parent ?? null,
    isList: endpoint !== undefined && configuredPaginator(endpoint, client).type !== 'single_page',
    isPaid: endpoint?.paid === true,
    cost: numberOf(cost),
    sources: seeds?.length === 0 ? (chains?.sources ?? []) : [],
  };
}

async function costOf(
  endpoint: Endpoint | undefined,
  chains: NonNullable<Chains>['seeds'] | null,
  place: Parameters<typeof requestCosts>[2],
): Promise<bigint | undefined> {
  if (endpoint?.paid !== true || chains === null) return undefined;
  const costs = await requestCosts(endpoint, chains, place);
  return costs.reduce((sum, cost) => (sum === undefined || cost === undefined ? undefined : sum + cost), 0n);
}

function numberOf(money: bigint | undefined): number | null {
  return money === undefined ? null : Number(moneyText(money));
}
