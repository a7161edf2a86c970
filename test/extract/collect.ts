import type { ResolvedResource } from '../../src/config/pipeline-config.ts';
import { Secret } from '../../src/config/secret.ts';
import { type Effects, silentLog } from '../../src/effects.ts';
import type { ExtractContext } from '../../src/extract/context.ts';
import { extractResource } from '../../src/extract/extract-resource.ts';
import type { ExtractOutcome, Page } from '../../src/extract/page.ts';
import { resolveValues, type ValuePlaces } from '../../src/extract/param-values.ts';
import type { RequestTrace } from '../../src/findings.ts';
import { findingsOf } from '../support/findings.ts';

export const BASE = 'https://api.example.test';
export const NOW = Date.UTC(2026, 0, 15, 12, 0, 0);
export const KEY = 'DEZGO-00112233445566778899AABBCCDDEEFF';
export const apiKey = Secret.found('api_key', KEY, 'environment DEZGO_API_KEY');

type Endpoint = NonNullable<ResolvedResource['endpoint']>;
export type EndpointParts = Partial<Endpoint>;

export const client = {
  base_url: `${BASE}/`,
  headers: {},
  auth: { type: 'api_key', name: 'X-Dezgo-Key', location: 'header', api_key: apiKey },
  timeout: 300_000,
  retry: { attempts: 3, backoff: 0, max_delay: 60_000 },
  max_response_bytes: 1_000_000,
  concurrency: 1,
} as const satisfies NonNullable<ExtractContext['client']>;

export function resource(endpoint: EndpointParts = {}, name = 'models'): ResolvedResource {
  return {
    name,
    table_name: name,
    selected: true,
    write_disposition: { disposition: 'append' },
    endpoint: { path: 'models', method: 'GET', ...endpoint },
  };
}

/** Effects that wait no time and note how long they were asked to. */
export function effectsNoting(slept: number[], env: Effects['env'] = {}): Effects {
  return {
    now: () => NOW,
    random: () => 0.5,
    sleep: async (ms, signal) => {
      signal?.throwIfAborted();
      slept.push(ms);
    },
    env,
    log: silentLog,
  };
}

export interface Collected {
  readonly records: unknown[];
  readonly pages: Page[];
  readonly outcome: ExtractOutcome | undefined;
  readonly traces: RequestTrace[];
  readonly slept: number[];
  readonly masked: number;
  readonly error: unknown;
}

export type ContextParts = Partial<ExtractContext> & Partial<ValuePlaces> & Pick<Effects, 'transport'>;

/** Runs a resource to its end or its error, with its values as they are now. */
export async function collect(
  what: ResolvedResource,
  { env = {}, queryIds = async () => [], queryRows = async () => [], transport, ...parts }: ContextParts = {},
): Promise<Collected> {
  const slept: number[] = [];
  const traces: RequestTrace[] = [];
  const pages: Page[] = [];
  let masked = 0;
  let outcome: ExtractOutcome | undefined;
  let error: unknown;
  const seeds = await resolveValues(what.endpoint, { env, queryIds, queryRows });
  const generator = extractResource(what, {
    client,
    seeds,
    secrets: [apiKey],
    findings: findingsOf({
      request: (trace) => traces.push(trace),
      count: (_, count) => {
        masked += count;
      },
    }),
    exactNumbers: false,
    ...parts,
    effects: { ...(parts.effects ?? effectsNoting(slept, env)), ...(transport === undefined ? {} : { transport }) },
  });
  try {
    for (;;) {
      const next = await generator.next();
      if (next.done) {
        outcome = next.value;
        break;
      }
      pages.push(next.value);
    }
  } catch (thrown) {
    error = thrown;
  }
  return { records: pages.flatMap((page) => page.records), pages, outcome, traces, slept, masked, error };
}
