import type { PipelineConfig } from '../config/pipeline-config.ts';
import type { Effects } from '../effects.ts';
import { PipelineError } from '../errors.ts';
import { reasonOf } from '../files/reason.ts';
import { appendRun, runsFile } from '../ledger/runs-file.ts';
import { runSummary } from '../report/run-summary.ts';
import type { RunSummary } from '../report/run-summary-schema.ts';
import type { Trace } from '../trace.ts';
import type { Telling } from './telling.ts';

/**
 * Called once after every run, also after one that failed before it began, when the run lock is free: tells others what it was.
 * Nothing in here fails a run: what cannot be done is a warning.
 */
export async function afterRun(
  config: PipelineConfig,
  trace: Trace,
  effects: Effects,
  telling: Telling | undefined,
): Promise<void> {
  const summary = runSummary(trace);
  await remember(config, summary, effects);
  await telling?.end(summary, trace);
}

// --- internal ---

async function remember({ pipeline }: PipelineConfig, summary: RunSummary, { log }: Effects): Promise<void> {
  const path = runsFile(pipeline.working_dir);
  await appendRun(pipeline.working_dir, summary).catch((error: unknown) => {
    const reason = error instanceof PipelineError ? error.message : `${path}: ${reasonOf(error)}.`;
    log.warn(`What this run was could not be written down. ${reason}`);
  });
}
