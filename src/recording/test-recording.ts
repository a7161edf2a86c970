import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { archiveFolder, VALUES_FILE, writeArchivedRun } from '../archive/archived-run.ts';
import { valuesLine } from '../archive/archived-values.ts';
import type { PipelineConfig } from '../config/pipeline-config.ts';
import { shownText } from '../config/variables.ts';
import type { Effects } from '../effects.ts';
import { runPipeline } from '../pipeline.ts';
import type { Trace } from '../trace.ts';
import type { DatasetTable } from './dataset-table.ts';
import { datasetTables } from './dataset-tables.ts';
import { readExpected, writeExpected } from './expected-tables.ts';
import { archiveReplies } from './recorded-replies.ts';
import { orFailed, type Recording, readRecording } from './recording.ts';
import { type TableDifference, tableDifferences } from './table-differences.ts';
import { inThrowaway } from './throwaway.ts';

export interface TestParts {
  /** What the tables are is expected from now on. */
  readonly isUpdate: boolean;
  readonly effects: Effects;
  readonly signal: AbortSignal;
}

export interface TestOutcome extends RecordedTables {
  readonly differences: readonly TableDifference[];
  /** Nothing was: a recording of a run that failed. */
  readonly isExpected: boolean;
}

interface RecordedTables {
  /** Of the run. */
  readonly trace: Trace;
  readonly replies: number;
  /** Undefined where it failed. */
  readonly tables: readonly DatasetTable[] | undefined;
  /** Where the configuration asks another host than was recorded: that one. */
  readonly otherHost: string | undefined;
}

/**
 * Runs the configuration on the replies of a recording, and compares every table with what is expected. Nothing is sent, no
 * secret is needed, and the user's destination and working folder stay as they are.
 *
 * @throws PipelineError UsageInvalid: no recording; what a run throws
 */
export async function testRecording(
  config: PipelineConfig,
  folder: string,
  { isUpdate, effects, signal }: TestParts,
): Promise<TestOutcome> {
  const { ignore } = await readRecording(folder);
  const expected = await readExpected(folder);
  const found = await tablesOfRecording(config, folder, effects, signal);
  const { tables } = found;
  if (tables === undefined) return { ...found, differences: [], isExpected: expected !== undefined };
  const differences = tableDifferences(expected ?? [], tables, new Set(ignore));
  if (isUpdate) await orFailed(folder, () => writeExpected(folder, tables));
  return { ...found, differences, isExpected: expected !== undefined };
}

/** What becomes of the replies of a recording. */
export async function tablesOfRecording(
  config: PipelineConfig,
  folder: string,
  effects: Effects,
  signal: AbortSignal,
): Promise<RecordedTables> {
  const recording = await readRecording(folder);
  return inThrowaway(config, async (throwaway) => {
    const recordedAt = Date.parse(recording.recordedAt);
    const loadId = `${Math.floor(recordedAt / 1000)}.000000`;
    const replies = await makeArchive(throwaway, folder, { recording, loadId, recordedAt });
    const { baseUrl } = recording;
    const asRecorded = baseUrl === undefined ? throwaway : withBaseUrl(throwaway, baseUrl);
    const trace = await runPipeline(asRecorded, { replay: loadId, effects: at(recordedAt, effects), signal });
    const tables = trace.failure === undefined ? await datasetTables(throwaway, effects) : undefined;
    return { trace, replies, tables, otherHost: asRecorded === throwaway ? undefined : baseUrl };
  });
}

// --- internal ---

interface ArchiveParts {
  readonly recording: Recording;
  readonly loadId: string;
  readonly recordedAt: number;
}

async function makeArchive(
  { pipeline: { name, working_dir: workingDir } }: PipelineConfig,
  folder: string,
  { recording: { resources, from, to, starts, values }, loadId, recordedAt }: ArchiveParts,
): Promise<number> {
  const replies = await archiveReplies(folder, { workingDir, loadId, pipeline: name, at: recordedAt });
  const archive = join(archiveFolder(workingDir), loadId);
  const lines = Object.entries(values).map(([resource, seeds]) => valuesLine(resource, seeds));
  await writeFile(join(archive, VALUES_FILE), lines.join(''));
  writeArchivedRun(archive, { pipeline: name, resources, from, to, starts, recording: folder });
  return replies;
}

/** So that links within replies lead to what was recorded. The same configuration where it says that already. */
function withBaseUrl(config: PipelineConfig, baseUrl: string): PipelineConfig {
  const { client } = config.source;
  if (client === undefined || shownText(client.base_url, client) === baseUrl) return config;
  return { ...config, source: { ...config.source, client: { ...client, base_url: baseUrl } } };
}

/** The clock of then, which goes on. */
function at(recordedAt: number, effects: Effects): Effects {
  const behind = effects.now() - recordedAt;
  return { ...effects, now: () => effects.now() - behind };
}
