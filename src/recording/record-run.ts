import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { archivedLoads, archiveFolder, readArchivedRun } from '../archive/archived-run.ts';
import { readArchivedValues } from '../archive/archived-values.ts';
import type { PipelineConfig } from '../config/pipeline-config.ts';
import { shownText } from '../config/variables.ts';
import type { Effects } from '../effects.ts';
import { SecretMask } from '../extract/http/secret-mask.ts';
import { runPipeline } from '../pipeline.ts';
import type { RunScope } from '../run/run-scope.ts';
import { selectResources } from '../run/select-resources.ts';
import { placeholders } from '../text/placeholders.ts';
import { quotedWord } from '../text/quoted-command.ts';
import type { Trace } from '../trace.ts';
import type { DatasetTable } from './dataset-table.ts';
import { datasetTables } from './dataset-tables.ts';
import { writeExpected } from './expected-tables.ts';
import { writeReplies } from './recorded-replies.ts';
import {
  isRecording,
  orFailed,
  type Recording,
  readRecording,
  requireRecordable,
  writeRecording,
} from './recording.ts';
import { tableDifferences } from './table-differences.ts';
import { tablesOfRecording } from './test-recording.ts';
import { inThrowaway } from './throwaway.ts';

export interface RecordParts extends Pick<RunScope, 'from' | 'to'> {
  readonly resources: readonly string[];
  readonly maxCost?: string | undefined;
  readonly effects: Effects;
  readonly signal: AbortSignal;
}

export interface RecordPlace {
  /** As somebody wrote it. */
  readonly name: string;
  /** Absolute. */
  readonly folder: string;
}

export interface RecordOutcome {
  /** Of the run. */
  readonly trace: Trace;
  /** The folder of the replies, as it was named; undefined where none came. */
  readonly place: string | undefined;
  readonly replies: number;
  /** Undefined where nothing came, and after a run that failed: nothing is expected then. */
  readonly tables: readonly DatasetTable[] | undefined;
  /** `table.column`: other ones each time. */
  readonly ignored: readonly string[];
}

/**
 * Runs the pipeline into a destination that is thrown away, and keeps its replies and tables in a folder. Of a run that failed
 * the replies are kept, beside a recording that is there already.
 *
 * @throws PipelineError UsageInvalid: the folder holds something else; DestinationFailed: it cannot be written; what a run throws
 */
export async function recordRun(
  config: PipelineConfig,
  { name, folder }: RecordPlace,
  parts: RecordParts,
): Promise<RecordOutcome> {
  selectResources(config, { names: parts.resources, command: `record ${quotedWord(name)}` });
  await requireRecordable(folder);
  const before = await ignoredBefore(folder);
  const { effects, signal, resources, from, to, maxCost } = parts;
  return inThrowaway(config, async (throwaway) => {
    const trace = await runPipeline(throwaway, { resources, from, to, maxCost, effects, signal });
    const hasFailed = trace.failure !== undefined;
    const suffix = hasFailed && (await isRecording(folder)) ? '.failed' : '';
    const target = `${folder}${suffix}`;
    if (hasFailed) await requireRecordable(target);
    const kept = await keepReplies(throwaway, target, trace);
    if (kept === undefined) return { trace, place: undefined, replies: 0, tables: undefined, ignored: [] };
    const outcome = { trace, place: `${name}${suffix}`, replies: kept.replies };
    if (hasFailed) return { ...outcome, tables: undefined, ignored: [] };
    const live = await datasetTables(throwaway, effects);
    const { tables } = await tablesOfRecording(config, target, effects, signal);
    if (tables === undefined) return { ...outcome, tables, ignored: [] };
    const differences = tableDifferences(live, tables, new Set());
    const found = differences.flatMap(({ table, columns }) => columns.map((column) => `${table}.${column}`));
    const ignored = [...new Set([...before, ...found])];
    if (ignored.length > 0) await writeRecording(target, { ...kept.recording, ignore: ignored });
    await orFailed(target, () => writeExpected(target, tables));
    return { ...outcome, tables, ignored };
  });
}

// --- internal ---

/** What somebody wrote there stays. */
async function ignoredBefore(folder: string): Promise<readonly string[]> {
  return (await isRecording(folder)) ? (await readRecording(folder)).ignore : [];
}

/** Undefined where the run asked for nothing, or got nothing. */
async function keepReplies(
  config: PipelineConfig,
  folder: string,
  { startedAt, resources: asked }: Trace,
): Promise<{ readonly replies: number; readonly recording: Recording } | undefined> {
  const { pipeline, source, secrets } = config;
  const [loadId] = await archivedLoads(pipeline.working_dir, pipeline.name);
  const run = loadId === undefined ? undefined : readArchivedRun(pipeline.working_dir, loadId);
  const isAsked = asked.some(({ requests }) => requests > 0);
  if (loadId === undefined || run === undefined || !isAsked) return undefined;
  const mask = new SecretMask(secrets, { count() {} });
  const values = await readArchivedValues(join(archiveFolder(pipeline.working_dir), loadId));
  const { resources, from, to, starts } = run;
  const recording: Recording = {
    recordedAt: new Date(startedAt).toISOString(),
    baseUrl: baseUrlOf(config),
    resources,
    from,
    to,
    starts,
    values: Object.fromEntries([...values].map(([name, seeds]) => [name, mask.json(seeds)])),
    ignore: [],
  };
  const files = pipeline.destination.files_dir;
  const order = source.resources.map(({ name }) => name);
  const replies = await orFailed(folder, async () => {
    await writeRecording(folder, recording);
    await rm(join(folder, 'expected'), { recursive: true, force: true });
    return writeReplies(folder, { workingDir: pipeline.working_dir, loadId, files, resources: order });
  });
  return { replies, recording };
}

/** Undefined where there is none, or where secrets are in it. */
function baseUrlOf({ source: { client } }: PipelineConfig): string | undefined {
  if (client === undefined) return undefined;
  const shown = shownText(client.base_url, client);
  return placeholders(shown).length === 0 ? shown : undefined;
}
