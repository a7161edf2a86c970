import { lstat, open, readFile, realpath, rename, rm } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { pid } from 'node:process';
import type { PipelineConfig } from '../config/pipeline-config.ts';
import { reasonOf } from '../files/reason.ts';
import { lastRuns } from '../ledger/runs-file.ts';
import type { RunSummary } from '../report/run-summary-schema.ts';
import { lastSuccessIn, metricsText } from './metrics-text.ts';

/**
 * Writes what a run was for whoever collects metrics. A reader sees the whole of the old file or of the new one; the file can be
 * read by all that the umask lets. The folder has to be there: it belongs to who collects.
 *
 * @returns a sentence for what could not be done
 */
export async function writeMetricsFile(
  path: string,
  summary: RunSummary,
  { pipeline, source }: PipelineConfig,
): Promise<string[]> {
  const file = await realpath(path).catch(() => path);
  // Collectors take what ends with `.prom`.
  const draft = join(dirname(file), `.${basename(file)}.${pid}.next`);
  try {
    const { currency = 'usd' } = source.client ?? {};
    const text = metricsText(summary, {
      lastSuccess: await lastSuccess(file, summary, pipeline.working_dir),
      currency,
    });
    await rm(draft, { force: true });
    const handle = await open(draft, 'wx', 0o644);
    try {
      await handle.writeFile(text);
    } finally {
      await handle.close();
    }
    await rename(draft, file);
    return [];
  } catch (thrown) {
    await rm(draft, { force: true }).catch(() => undefined);
    return [`The metrics could not be written to ${file}: ${reasonOf(thrown)}`];
  }
}

// --- internal ---

async function lastSuccess(file: string, summary: RunSummary, workingDir: string): Promise<number | undefined> {
  if (summary.exitCode === 0) return Date.parse(summary.finishedAt);
  const before = await lstat(file)
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
