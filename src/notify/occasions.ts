import type { NotifyEntry, NotifyKind } from '../config/grammar/notify-schema.ts';
import type { RunSummary } from '../report/run-summary-schema.ts';
import { type LastLoad, staleResources } from './stale.ts';
import type { Standing } from './standing.ts';

/** Something that a hook is told. */
export interface Occasion {
  readonly kind: NotifyKind;
  /** Of `stale`. */
  readonly stale?: readonly LastLoad[];
}

export interface Situation {
  readonly summary: RunSummary;
  /** With this run. */
  readonly standing: Standing;
  /** Undefined where nobody wants to know. */
  readonly loads: readonly LastLoad[] | undefined;
  readonly now: number;
  /** Nobody knows how many runs failed before. */
  readonly isForgotten: boolean;
}

/** A run that neither went well nor failed: another one had the lock, somebody at the keyboard stopped it, or mistyped an option. */
function isNoVerdict({ failure }: RunSummary): boolean {
  return failure !== null && ['RunLocked', 'Interrupted', 'UsageInvalid'].includes(failure.code);
}

/** How a pipeline stands after a run. */
export function standingAfter(before: Standing, summary: RunSummary): Standing {
  if (isNoVerdict(summary)) return before;
  if (summary.exitCode === 0) return { ...before, failures: 0, failingSince: null };
  return { ...before, failures: before.failures + 1, failingSince: before.failingSince ?? summary.finishedAt };
}

/** What a hook is told of one thing, if anything. */
export interface Change {
  readonly occasion: Occasion | undefined;
  /** What it knows once it was told; until then, what it `knew`. */
  readonly knows: readonly string[];
  readonly knew: readonly string[];
}

/**
 * What a hook is to be told now: a failure, a low balance and a stale resource once, and again only when they have been over; a failure
 * also when it has become another one.
 * `told`: what it knows.
 */
export function changesFor(entry: NotifyEntry, told: readonly string[], situation: Situation): readonly Change[] {
  const { summary } = situation;
  const isChanged = summary.schemaChanges.length > 0 && summary.published;
  const changes: readonly Change[] = [
    ofFailure(entry, told.filter(isOf('failure')), situation),
    ofBalance(entry, told.filter(isOf('low_balance')), situation),
    ofAge(entry, told.filter(isOf('stale')), situation),
    { occasion: isChanged ? { kind: 'schema_change' } : undefined, knows: [], knew: [] },
  ];
  return changes.map(({ occasion, ...change }) => ({
    ...change,
    occasion: occasion !== undefined && entry.on.includes(occasion.kind) ? occasion : undefined,
  }));
}

// --- internal ---

const isOf = (kind: NotifyKind) => (mark: string) => mark.split(' ', 1)[0] === kind;

function ofFailure({ after }: NotifyEntry, knew: readonly string[], situation: Situation): Change {
  const { summary, standing, isForgotten } = situation;
  const isTold = knew.length > 0;
  if (isNoVerdict(summary)) return { occasion: undefined, knows: knew, knew };
  if (standing.failures === 0) return { occasion: isTold ? { kind: 'recovery' } : undefined, knows: [], knew };
  const isDue = isTold || isForgotten || standing.failures >= after;
  const mark = `failure ${summary.failure?.code ?? summary.exitCode}`;
  const isNews = isDue && !knew.includes(mark);
  return { occasion: isNews ? { kind: 'failure' } : undefined, knows: isDue ? [mark] : [], knew };
}

function ofBalance({ balance: limit }: NotifyEntry, knew: readonly string[], { summary }: Situation): Change {
  const { balance } = summary;
  if (limit === undefined || balance === null) return { occasion: undefined, knows: knew, knew };
  const isLow = balance < Number(limit);
  const isNews = isLow && knew.length === 0;
  return { occasion: isNews ? { kind: 'low_balance' } : undefined, knows: isLow ? ['low_balance'] : [], knew };
}

/** One that was never loaded is not told: its runs fail. */
function ofAge({ max_age }: NotifyEntry, knew: readonly string[], { loads, now }: Situation): Change {
  if (max_age === undefined || loads === undefined) return { occasion: undefined, knows: knew, knew };
  const stale = staleResources(loads, max_age, now).filter(({ at }) => at !== null);
  const news = stale.filter(({ resource }) => !knew.includes(staleMark(resource)));
  return {
    occasion: news.length > 0 ? { kind: 'stale', stale: news } : undefined,
    knows: stale.map(({ resource }) => staleMark(resource)),
    knew,
  };
}

const staleMark = (resource: string) => `stale ${resource}`;
