import { parentOf } from '../config/parents.ts';
import type { PipelineConfig } from '../config/pipeline-config.ts';
import { effectsFor, settledConfig } from '../config/settled-config.ts';
import { destinationOf } from '../destinations/destination-kinds.ts';
import { Database } from '../duckdb/database.ts';
import { quotedIdentifier } from '../duckdb/quote.ts';
import { type Effects, realEffects } from '../effects.ts';
import { candidates, type Endpoint } from '../extract/endpoint.ts';
import { firstRequestUrl } from '../extract/first-request.ts';
import { SecretMask } from '../extract/http/secret-mask.ts';
import { shownUrl } from '../extract/http/shown-url.ts';
import { configuredPaginator } from '../extract/paginators/settled-paginator.ts';
import { requestCosts } from '../extract/paid/request-costs.ts';
import { silentFindings } from '../findings.ts';
import { cursorOfText } from '../incremental/cursor-value.ts';
import type { IncrementalStart } from '../incremental/incremental-start.ts';
import type { StoredDataset } from '../load/stored-dataset.ts';
import type { PlannedResource, RunPlan } from '../planned-run.ts';
import { moneyText } from '../values/money.ts';
import { incrementalStarts } from './incremental-starts.ts';
import { plannedChanges } from './planned-changes.ts';
import { seedsNow } from './resource-seeds.ts';
import type { Asking } from './resource-values.ts';
import { runBudget } from './run-budget.ts';
import { importedSchema } from './run-schema-files.ts';
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
  const { config: withImported } = await importedSchema(config);
  const resources = selectResources(withImported, {
    names: options.resources,
    excluded: options.exclude,
    command: 'plan',
  });
  const { limits } = runBudget(config, options.maxCost);
  const database = await Database.open();
  try {
    const { signal } = options;
    const destination = await destinationOf(config).open({ database, effects, signal, findings: silentFindings });
    const asking: Asking = { config, effects, signal, database, destination };
    const dataset = await destination.read();
    const starts = incrementalStarts({ config, scope: options }, resources, dataset?.state, effects.now());
    const mask = new SecretMask(config.secrets, silentFindings);
    const planned: PlannedResource[] = [];
    const costs: (bigint | undefined)[] = [];
    for (const resource of resources) {
      const chains =
        parentOf(resource) === undefined ? await seedsNow(asking, resource, starts.get(resource.name)) : null;
      const [endpoint] = resource.endpoint === undefined ? [] : candidates(resource.endpoint);
      const cost = await costOf(endpoint, chains?.seeds ?? null, { resource: resource.name, signal });
      if (endpoint?.paid === true) costs.push(cost);
      const start = starts.get(resource.name);
      const changes = plannedChanges(resource, dataset);
      const parentRows = await rowsOfParent(asking, resource, dataset);
      const firstUrl = await firstUrlOf(endpoint, chains, { client: config.source.client, mask });
      planned.push(plannedResource({ resource, endpoint, chains, cost, start, changes, parentRows, firstUrl }, config));
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
  readonly start: IncrementalStart | undefined;
  readonly changes: PlannedResource['changes'];
  readonly parentRows: number | null;
  readonly firstUrl: string | null;
}

async function firstUrlOf(
  endpoint: Endpoint | undefined,
  chains: Chains,
  rest: Omit<Parameters<typeof firstRequestUrl>[0], 'endpoint' | 'values'>,
): Promise<string | null> {
  const values = chains?.seeds[0]?.values;
  if (endpoint === undefined || values === undefined) return null;
  return (await firstRequestUrl({ ...rest, endpoint, values })) ?? null;
}

/** Of what was loaded before; the source may have others by now. */
async function rowsOfParent(asking: Asking, child: RunResource, dataset: StoredDataset | undefined) {
  const name = parentOf(child)?.parent;
  const parent = asking.config.source.resources.find((one) => one.name === name);
  const table = parent && dataset?.tables.get(parent.table_name.toLowerCase());
  if (table === undefined) return null;
  const sql = `select count(*) as rows from ${quotedIdentifier(table.name)}`;
  const row = await asking.destination.query(MEMORY, (asker) => asker.row(sql));
  return row === undefined ? null : Number(row.rows);
}

/** Megabytes. */
const MEMORY = 100;

function rangeOf({ cursor_path, start_value, end_value }: IncrementalStart): PlannedResource['incremental'] {
  const shown = (text: string | null) => {
    const value = cursorOfText(text);
    return value === undefined ? null : typeof value === 'number' ? value : String(value);
  };
  return { cursorPath: cursor_path, from: shown(start_value), to: shown(end_value) };
}

function plannedResource(
  { resource, endpoint, chains, cost, start, changes, parentRows, firstUrl }: Parts,
  { source: { client } }: PipelineConfig,
): PlannedResource {
  const seeds = chains?.seeds ?? null;
  return {
    name: resource.name,
    method: endpoint?.method ?? null,
    url: endpoint === undefined ? null : shownUrl(client, endpoint.path),
    firstUrl,
    requests: endpoint === undefined ? 0 : (seeds?.length ?? null),
    parent: parentOf(resource)?.parent ?? null,
    parentRows,
    incremental: start === undefined ? null : rangeOf(start),
    changes,
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
