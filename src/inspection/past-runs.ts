import type { PipelineConfig } from '../config/pipeline-config.ts';
import { PipelineError } from '../errors.ts';
import { readLedger } from '../ledger/read-ledger.ts';
import { lastRuns, runsFromEnd } from '../ledger/runs-file.ts';
import type { PastRunSummary } from '../report/info-text.ts';
import { outcomeOf } from '../report/run-summary.ts';
import type { RunSummary } from '../report/run-summary-schema.ts';
import { ofFile, ofLedger } from './told-runs.ts';

/** One run for a list of them. Times are ISO 8601, UTC. */
export interface RunRow extends PastRunSummary {
  /** `killed`: it left nothing behind but that it began. */
  readonly outcome: RunSummary['outcome'] | 'killed';
  /** Milliseconds by step; null where nobody wrote them down. */
  readonly steps: RunSummary['steps'] | null;
  readonly published: boolean | null;
  /** What to do next; null where nothing failed. */
  readonly hint: string | null;
  /** Seconds from the end of the run before it (or its beginning, where it was killed); null for the oldest. */
  readonly gapSeconds: number | null;
}

/** The last runs of the pipeline, the newest first, without the one that is going on. */
export async function runs(config: PipelineConfig, limit: number): Promise<readonly RunRow[]> {
  const { name, working_dir } = config.pipeline;
  const inFile = await lastRuns(working_dir, limit + 1, name);
  const { lastRuns: inLedger = [] } = await readLedger(working_dir, limit + 1);
  const begun = inFile.map(({ startedAt }) => Date.parse(startedAt));
  const isInFile = (time: number) => begun.some((other) => Math.abs(other - time) <= ROUNDED);
  const others = inLedger.filter((one) => one.pipelineName === name && !isInFile(one.startedAt));
  const rows = [...inFile.map(fromFile), ...others.map(fromLedger)].sort((one, other) =>
    other.startedAt.localeCompare(one.startedAt),
  );
  return rows.map((row, index) => ({ ...row, gapSeconds: gapOf(row, rows[index + 1]) })).slice(0, limit);
}

/**
 * All that is known of one finished run.
 *
 * @param id its load id, when it began (as `runs` tells it), or `last`
 * @throws PipelineError UsageInvalid: there is none
 */
export async function run(config: PipelineConfig, id: string): Promise<RunSummary> {
  const { name, working_dir } = config.pipeline;
  for await (const one of runsFromEnd(working_dir)) {
    if (one.pipeline !== name) continue;
    if (id === 'last' || one.loadId === id || one.startedAt === id) return one;
  }
  throw new PipelineError({
    code: 'UsageInvalid',
    message: id === 'last' ? 'No run of this pipeline has finished yet.' : `No run is known by \`${id}\`.`,
    hint: id === 'last' ? 'Begin with one: dezgo-elt run' : 'Name the load id, the time when it began, or `last`.',
    facts: { run: id },
  });
}

// --- internal ---

/** Milliseconds that the same time may differ by in the ledger and in `runs.jsonl`. */
const ROUNDED = 2;

type UngappedRow = Omit<RunRow, 'gapSeconds'>;

function fromFile(run: RunSummary): UngappedRow {
  const { outcome, steps, published, failure } = run;
  return { ...ofFile(run), outcome, steps, published, hint: failure?.hint ?? null };
}

/** A killed run, or one of a version that wrote no summaries. */
function fromLedger(run: Parameters<typeof ofLedger>[0]): UngappedRow {
  const past = ofLedger(run);
  return {
    ...past,
    outcome: past.exitCode === null ? 'killed' : outcomeOf(past.exitCode),
    steps: null,
    published: null,
    hint: null,
  };
}

function gapOf({ startedAt }: UngappedRow, before: UngappedRow | undefined): number | null {
  if (before === undefined) return null;
  return Math.max(0, Math.round((Date.parse(startedAt) - Date.parse(before.finishedAt ?? before.startedAt)) / 1000));
}
