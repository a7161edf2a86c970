import type { PipelineConfig } from '../config/pipeline-config.ts';
import type { Effects } from '../effects.ts';
import { PipelineError } from '../errors.ts';
import { reasonOf } from '../files/reason.ts';
import { replaceFile } from '../files/replaced-file.ts';
import { appendRun, runsFile } from '../ledger/runs-file.ts';
import { runSummary } from '../report/run-summary.ts';
import type { RunSummary } from '../report/run-summary-schema.ts';
import type { Trace } from '../trace.ts';
import type { RunChoices } from './run-choices.ts';
import type { Telling } from './telling.ts';

interface Listeners extends Pick<RunChoices, 'summaryFile'> {
  readonly telling: Telling | undefined;
}

/**
 * Called once after every run, also after one that failed before it began, when the run lock is free: tells others what it was.
 * Nothing in here fails a run: what cannot be done is a warning.
 */
export async function afterRun(
  config: PipelineConfig,
  trace: Trace,
  effects: Effects,
  { telling, summaryFile }: Listeners,
): Promise<void> {
  const summary = runSummary(trace);
  await remember(config, summary, effects);
  if (summaryFile !== undefined) await writeSummary(summaryFile, summary, effects);
  await telling?.end(summary, trace);
}

/** Where it cannot be written, on a full disk say, the run is what it was. */
export async function writeSummary(path: string, summary: RunSummary, { log }: Pick<Effects, 'log'>): Promise<void> {
  await replaceFile(path, `${JSON.stringify(summary, null, 2)}\n`).catch((error: unknown) =>
    log.warn(`The summary of the run could not be written to ${path}: ${reasonOf(error)}.`),
  );
}

// --- internal ---

async function remember({ pipeline }: PipelineConfig, summary: RunSummary, effects: Effects): Promise<void> {
  const path = runsFile(pipeline.working_dir);
  await appendRun(pipeline.working_dir, summary, pipeline.keep_runs, effects).catch((error: unknown) => {
    const reason = error instanceof PipelineError ? error.message : `${path}: ${reasonOf(error)}.`;
    effects.log.warn(`What this run was could not be written down. ${reason}`);
  });
}
