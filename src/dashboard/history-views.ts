import { type FailureList, failures } from '../inspection/failure-list.ts';
import { type LoadRow, loads } from '../inspection/load-history.ts';
import { type RunRow, runs } from '../inspection/past-runs.ts';
import { type RequestSummary, requests } from '../inspection/request-summary.ts';
import type { Project } from './project.ts';

/** What happened, the newest first; each as many as a page can show. */
export interface RunsView {
  readonly runs: readonly RunRow[];
  /** There may be older ones. */
  readonly isCut: boolean;
}

export interface LoadsView {
  readonly loads: readonly LoadRow[];
  readonly isCut: boolean;
}

export interface RequestsView extends RequestSummary {
  /** How many single ones there are at most. */
  readonly most: number;
  readonly isSlowestFirst: boolean;
}

export type FailuresView = FailureList;

export async function runsView({ placed: { config } }: Project): Promise<RunsView> {
  const found = await runs(config, MOST_RUNS);
  return { runs: found, isCut: found.length === MOST_RUNS };
}

export async function loadsView({ placed: { config } }: Project): Promise<LoadsView> {
  const found = await loads(config, MOST_LOADS);
  return { loads: found, isCut: found.length === MOST_LOADS };
}

/** `resource`: of that one alone; `order=slowest`: not the newest ones but those. */
export async function requestsView({ placed: { config } }: Project, query: URLSearchParams): Promise<RequestsView> {
  const isSlowestFirst = query.get('order') === 'slowest';
  const resource = query.get('resource') ?? undefined;
  const found = await requests(config, { resource, limit: MOST_REQUESTS, slowest: isSlowestFirst });
  return { ...found, most: MOST_REQUESTS, isSlowestFirst };
}

export async function failuresView({ placed: { config }, effects }: Project): Promise<FailuresView> {
  return failures(config, { limit: MOST_FAILURES, now: effects.now() }, effects);
}

// --- internal ---

const MOST_RUNS = 200;
const MOST_LOADS = 60;
const MOST_REQUESTS = 100;
const MOST_FAILURES = 50;
