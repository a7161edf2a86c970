import { missingSecrets } from '../config/missing-secrets.ts';
import type { PipelineConfig } from '../config/pipeline-config.ts';
import type { Effects } from '../effects.ts';
import type { CheckedResource, SourceCheck } from '../report/check-text.ts';
import { moneyText } from '../values/money.ts';
import { type Sample, Sampler } from './sampler.ts';
import { type RunResource, selectResources } from './select-resources.ts';

export interface CheckOptions {
  readonly resources: readonly string[];
  readonly effects: Effects;
  readonly signal: AbortSignal;
}

/**
 * Asks for the first page of each resource and says how that went: the request that a run would send, once, and not a second
 * time for long. Writes nothing. Throws what a run throws before its first request.
 */
export async function checkResources(
  config: PipelineConfig,
  { resources: names, effects, signal }: CheckOptions,
): Promise<SourceCheck> {
  const chosen = selectResources(config, { names, command: 'check' }).map(askedOnce);
  const [missing] = await missingSecrets(
    config,
    chosen.map(({ name }) => name),
  );
  if (missing !== undefined) throw missing;
  const limits = { records: 1, pages: 1 };
  const sampler = await Sampler.open(withFewRetries(config), chosen, { effects, signal, limits, goesOn: true });
  try {
    const resources: CheckedResource[] = [];
    for (const resource of chosen) resources.push(checked(resource.name, await sampler.sample(resource)));
    return { pipeline: config.pipeline.name, currency: config.source.client?.currency ?? 'usd', resources };
  } finally {
    await sampler.close();
  }
}

// --- internal ---

const MOST_ATTEMPTS = 2;
/** Milliseconds. */
const LONGEST_WAIT = 5000;

/** Whoever waits for the answer wants to know how it is now. */
function withFewRetries(config: PipelineConfig): PipelineConfig {
  const { client } = config.source;
  if (client === undefined) return config;
  const { attempts, max_delay } = client.retry;
  const retry = {
    ...client.retry,
    attempts: Math.min(attempts, MOST_ATTEMPTS),
    max_delay: Math.min(max_delay, LONGEST_WAIT),
  };
  return { ...config, source: { ...config.source, client: { ...client, retry } } };
}

/** What is polled is asked for once, and may not be ready. */
function askedOnce(resource: RunResource): RunResource {
  const { endpoint } = resource;
  if (endpoint?.poll === undefined) return resource;
  const { poll: _, ...once } = endpoint;
  return { ...resource, endpoint: { ...once, allow_empty: true } };
}

function checked(name: string, { records, requests, balance, outcome, notAsked, failure }: Sample): CheckedResource {
  const last = requests.at(-1);
  return {
    name,
    status: notAsked !== undefined ? 'not_asked' : failure === undefined ? 'ok' : 'failed',
    request: last === undefined ? null : `${last.method} ${withoutHost(last.url)}`,
    httpStatus: last?.status ?? null,
    milliseconds: last?.milliseconds ?? null,
    requests: requests.length,
    bytes: last?.bytes ?? 0,
    records: notAsked === undefined && failure === undefined ? records.length : null,
    balance: balance === undefined ? null : Number(moneyText(balance)),
    notes: [...(notAsked === undefined ? [] : [notAsked]), ...(outcome?.notes ?? [])],
    error: failure ?? null,
  };
}

function withoutHost(url: string): string {
  const parsed = URL.parse(url);
  return parsed === null ? url : parsed.pathname + parsed.search;
}
