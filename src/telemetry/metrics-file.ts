import { readFile, stat } from 'node:fs/promises';
import type { PipelineConfig } from '../config/pipeline-config.ts';
import { reasonOf } from '../files/reason.ts';
import { replaceFile } from '../files/replaced-file.ts';
import { lastRuns } from '../ledger/runs-file.ts';
import type { RunSummary } from '../report/run-summary-schema.ts';
import { lastSuccessIn, metricsText } from './metrics-text.ts';

/**
 * Writes what a run was for whoever collects metrics, in a folder that is there: it belongs to them.
 *
 * @returns a sentence for what could not be done
 */
export async function writeMetricsFile(
  file: string,
  summary: RunSummary,
  { pipeline, source }: PipelineConfig,
): Promise<string[]> {
  try {
    const { currency = 'usd' } = source.client ?? {};
    const known = { lastSuccess: await lastSuccess(file, summary, pipeline.working_dir), currency };
    await replaceFile(file, metricsText(summary, known));
    return [];
  } catch (thrown) {
    return [`The metrics could not be written to ${file}: ${reasonOf(thrown)}`];
  }
}

// --- internal ---

async function lastSuccess(file: string, summary: RunSummary, workingDir: string): Promise<number | undefined> {
  if (summary.exitCode === 0) return Date.parse(summary.finishedAt);
  const before = await stat(file)
    .then((found) => (found.isFile() && found.size < LONGEST_FILE ? readFile(file, 'utf8') : ''))
    .then(
      (text) => lastSuccessIn(text, summary.pipeline),
      () => undefined,
    );
  if (before !== undefined) return before;
  const runs = await lastRuns(workingDir, LONGEST_STREAK, summary.pipeline).catch(() => []);
  const last = runs.find(({ exitCode }) => exitCode === 0);
  return last === undefined ? undefined : Date.parse(last.finishedAt);
}

const LONGEST_STREAK = 1000;
/** What is larger is none of ours. */
const LONGEST_FILE = 50_000_000;
