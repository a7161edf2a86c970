import type { PipelineConfig } from '../config/pipeline-config.ts';
import { destinationOf } from '../destinations/destination-kinds.ts';
import { asPipelineError, type PipelineError } from '../errors.ts';
import { readLedger } from '../ledger/read-ledger.ts';
import { runsFromEnd } from '../ledger/runs-file.ts';
import type { DatasetSummary } from '../load/dataset-summary.ts';
import type { RunningSummary } from '../report/info-text.ts';
import type { ResourceAge } from '../report/resource-age.ts';
import type { RunSummary } from '../report/run-summary-schema.ts';
import { lastGoodLoads } from '../run/last-good-loads.ts';
import { isoTime } from '../text/iso-time.ts';
import { medianOf } from './median.ts';
import { resourceAge } from './resource-ages.ts';
import { ageAt, runningSummary } from './told-runs.ts';

/** How fresh a project is. Times are ISO 8601, UTC. */
export interface Freshness {
  readonly pipeline: string;
  readonly dataset: string;
  /** Path or URL, without secrets. */
  readonly destination: string;
  /** When this was found out. */
  readonly at: string;
  /** The run that is going on; null where there is none. */
  readonly running: RunningSummary | null;
  /** The newest that has finished; null where none has. */
  readonly lastRun: RunVerdict | null;
  /** Those that are loaded at all, in the order of the configuration. */
  readonly resources: readonly ResourceFreshness[];
  /** Why the destination cannot be read just now: ages then come from the runs alone. */
  readonly unreadable: Pick<PipelineError, 'code' | 'message' | 'hint'> | null;
}

export interface RunVerdict
  extends Pick<RunSummary, 'startedAt' | 'finishedAt' | 'exitCode' | 'outcome' | 'published' | 'loadId' | 'failure'> {
  /** Seconds since it finished. */
  readonly ageSeconds: number | null;
}

export interface ResourceFreshness extends ResourceAge {
  /** Median of the seconds between its last good loads; null: there were fewer than three. */
  readonly usualSeconds: number | null;
  /** Older than `max_age` of `notify` allows, or, where there is none, than twice what is usual. */
  readonly isLate: boolean;
}

/**
 * The age of the last good load of each resource against what is allowed or usual, and how the last run ended.
 *
 * @param now milliseconds since 1970
 */
export async function freshness(config: PipelineConfig, now: number): Promise<Freshness> {
  const destination = destinationOf(config);
  const { name, dataset_name: dataset, working_dir } = config.pipeline;
  const age = ageAt(now);
  let unreadable: PipelineError | null = null;
  const summary = await destination.summary(1).catch((thrown: unknown): null => {
    unreadable = asPipelineError(thrown);
    return null;
  });
  const [{ running }, recent] = [await readLedger(working_dir), await recentRuns(config)];
  const [last] = recent;
  return {
    pipeline: name,
    dataset,
    destination: destination.location,
    at: isoTime(now),
    running: running === null ? null : runningSummary(running, age),
    lastRun: last === undefined ? null : { ...verdictOf(last), ageSeconds: age(last.finishedAt) },
    resources: await resourcesOf(config, summary, recent, now),
    unreadable,
  };
}

// --- internal ---

/** Runs that tell what is usual. */
const RECENT = 50;
/** Fewer gaps than that say nothing. */
const FEW = 2;
/** So many times the usual gap is late. */
const LATE = 2;

async function recentRuns({ pipeline: { name, working_dir } }: PipelineConfig): Promise<readonly RunSummary[]> {
  const runs: RunSummary[] = [];
  for await (const run of runsFromEnd(working_dir)) {
    if (runs.length === RECENT) break;
    if (run.pipeline === name) runs.push(run);
  }
  return runs;
}

function verdictOf({ startedAt, finishedAt, exitCode, outcome, published, loadId, failure }: RunSummary) {
  return { startedAt, finishedAt, exitCode, outcome, published, loadId, failure };
}

async function resourcesOf(
  config: PipelineConfig,
  summary: DatasetSummary | undefined | null,
  recent: readonly RunSummary[],
  now: number,
): Promise<ResourceFreshness[]> {
  const limits = (config.pipeline.notify ?? []).flatMap(({ max_age }) => max_age ?? []);
  const most = limits.length === 0 ? undefined : Math.min(...limits);
  return (await lastGoodLoads(config, summary)).map((load) => {
    const told = resourceAge(load, load.selected ? most : undefined, ageAt(now));
    const usualSeconds = usualGap(load.name, recent);
    const isLate = told.maxAgeSeconds === null ? isUnusual(told.ageSeconds, usualSeconds) : told.isStale;
    return { ...told, usualSeconds, isLate };
  });
}

function isUnusual(ageSeconds: number | null, usualSeconds: number | null): boolean {
  return ageSeconds !== null && usualSeconds !== null && ageSeconds > LATE * usualSeconds;
}

/** Seconds between the runs that loaded it, or found it unchanged. */
function usualGap(resource: string, recent: readonly RunSummary[]): number | null {
  const times = recent
    .filter(({ resources }) => resources.some(({ name, status }) => name === resource && good.has(status)))
    .map(({ finishedAt }) => Date.parse(finishedAt));
  const gaps = times.slice(1).map((time, index) => ((times[index] ?? time) - time) / 1000);
  return gaps.length < FEW ? null : Math.round(medianOf(gaps));
}

const good: ReadonlySet<string> = new Set(['extracted', 'unchanged']);
