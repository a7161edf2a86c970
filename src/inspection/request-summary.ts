import type { PipelineConfig } from '../config/pipeline-config.ts';
import { PipelineError } from '../errors.ts';
import { readingLedger } from '../ledger/idle-ledger.ts';
import {
  type RequestFilter,
  type RequestTimes,
  selectRequests,
  selectRequestTimes,
  selectRequestTotals,
} from '../ledger/read-requests.ts';
import { runsFromEnd } from '../ledger/runs-file.ts';
import type { LedgerRequest, RequestTotal } from '../report/requests-text.ts';
import { isoTime } from '../text/iso-time.ts';

export interface RequestSummary {
  readonly since: string | null;
  /** By name. */
  readonly resources: readonly ResourceRequests[];
  /** The newest, or the slowest; empty while a run is going on. */
  readonly requests: readonly LedgerRequest[];
  /** A run has the ledger: this is what `runs.jsonl` says of the finished runs. */
  readonly isFromRuns: boolean;
}

export interface ResourceRequests {
  readonly resource: string;
  readonly requests: number;
  /** How often they were sent again. */
  readonly retries: number;
  /** Half of them took no longer, with all attempts; null where `runs.jsonl` tells. */
  readonly p50Milliseconds: number | null;
  readonly p95Milliseconds: number | null;
  /** null where `runs.jsonl` tells. */
  readonly bytes: number | null;
  /** Requests by status, `none` where nobody answered. */
  readonly statuses: Readonly<Record<string, number>>;
}

/**
 * Requests of the pipeline by resource, and single ones; also while a run is going on, but then without times, bytes and single ones.
 *
 * @param since milliseconds since 1970, of the beginning of runs. Default: all
 */
export async function requests(
  config: PipelineConfig,
  {
    since,
    resource,
    loadId,
    limit = 0,
    slowest = false,
  }: {
    readonly since?: number | undefined;
    readonly resource?: string | undefined;
    readonly loadId?: string | undefined;
    readonly limit?: number;
    readonly slowest?: boolean;
  },
): Promise<RequestSummary> {
  const { name: pipeline, working_dir } = config.pipeline;
  const filter: RequestFilter = { pipeline, since, resource, loadId };
  const shownSince = since === undefined ? null : isoTime(since);
  try {
    const found = await readingLedger(working_dir, async (connection) => ({
      resources: byResource(
        await selectRequestTotals(connection, filter),
        await selectRequestTimes(connection, filter),
      ),
      requests: limit === 0 ? [] : await selectRequests(connection, filter, { limit, slowest }),
    }));
    return { since: shownSince, resources: [], requests: [], ...found, isFromRuns: false };
  } catch (thrown) {
    if (!(thrown instanceof PipelineError) || thrown.code !== 'RunLocked') throw thrown;
    return { since: shownSince, resources: await ofRuns(config, filter), requests: [], isFromRuns: true };
  }
}

// --- internal ---

function byResource(totals: readonly RequestTotal[], times: readonly RequestTimes[]): ResourceRequests[] {
  return [...new Set(totals.map(({ resource }) => resource))].map((resource) => {
    const own = totals.filter((total) => total.resource === resource);
    const time = times.find((one) => one.resource === resource);
    const sum = (of: 'requests' | 'attempts' | 'bytes') => own.reduce((all, total) => all + total[of], 0);
    return {
      resource,
      requests: sum('requests'),
      retries: Math.max(0, sum('attempts') - sum('requests')),
      p50Milliseconds: time?.p50 ?? null,
      p95Milliseconds: time?.p95 ?? null,
      bytes: sum('bytes'),
      statuses: Object.fromEntries(own.map((total) => [String(total.status ?? 'none'), total.requests])),
    };
  });
}

async function ofRuns(config: PipelineConfig, { since = 0, resource, loadId }: RequestFilter) {
  const sums = new Map<string, { requests: number; retries: number; statuses: Record<string, number> }>();
  for await (const run of runsFromEnd(config.pipeline.working_dir)) {
    if (run.pipeline !== config.pipeline.name || Date.parse(run.startedAt) < since) continue;
    if (loadId !== undefined && run.loadId !== loadId) continue;
    for (const one of run.resources) {
      if (one.requests === 0 || (resource !== undefined && one.name !== resource)) continue;
      const sum = sums.get(one.name) ?? { requests: 0, retries: 0, statuses: {} };
      sums.set(one.name, sum);
      sum.requests += one.requests;
      sum.retries += one.retries;
      for (const [status, times] of Object.entries(one.statuses ?? {}))
        sum.statuses[status] = (sum.statuses[status] ?? 0) + times;
    }
  }
  const unknown = { p50Milliseconds: null, p95Milliseconds: null, bytes: null };
  return [...sums]
    .map(([name, sum]): ResourceRequests => ({ resource: name, ...unknown, ...sum }))
    .sort((one, other) => one.resource.localeCompare(other.resource));
}
