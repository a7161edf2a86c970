import type { PipelineConfig } from '../config/pipeline-config.ts';
import { destinationOf } from '../destinations/destination-kinds.ts';
import { realEffects } from '../effects.ts';
import { asPipelineError, type PipelineError } from '../errors.ts';
import { type LedgerHolder, readLedger } from '../ledger/read-ledger.ts';
import type { PastRun } from '../ledger/run-status.ts';
import { PackageFolder } from '../package/package-folder.ts';
import {
  type Info,
  infoText,
  type PackageSummary,
  type RunningSummary,
  type RunSummary,
  timeOfLoadId,
} from '../report/info-text.ts';
import { failureMembers, jsonDocument } from '../report/json-report.ts';
import { unchangedSince } from '../run/known-replies.ts';
import { isoTime } from '../text/iso-time.ts';
import { keptReplies } from './kept-summary.ts';
import { loadProject } from './load-project.ts';
import { openLog } from './open-log.ts';
import type { CommonOptions, OutputFormat, Terminal } from './terminal.ts';

/** `dezgo-elt info`: looks, and changes nothing. Without a file it says so and is content; of one that cannot be read it tells all else. */
export async function infoCommand(
  terminal: Terminal,
  options: CommonOptions & { readonly format: OutputFormat },
): Promise<number> {
  const log = openLog(terminal, options);
  const config = await loadProject(terminal, options, log);
  const { pipeline } = config;
  const { dataset_name: dataset, working_dir } = pipeline;
  const destination = destinationOf(config);
  const ledger = await readLedger(working_dir);
  const folder = new PackageFolder(working_dir);
  let unreadable: PipelineError | undefined;
  const summary = await destination.summary().catch((thrown: unknown) => {
    unreadable = asPipelineError(thrown);
    return undefined;
  });
  const [pending, rejected] = [await folder.pending(), await folder.rejected()];
  const age = ageAt(realEffects.now());
  const checks = checksOf(config, unchangedSince({ config, location: destination.location }));
  const info: Info = {
    pipeline: pipeline.name,
    dataset,
    destination: destination.location,
    running: ledger.running === null ? null : runningSummary(ledger.running, age),
    pending,
    rejected,
    packages: [
      ...pending.map((loadId) => packageSummary(folder, loadId, 'pending', age)),
      ...rejected.map((loadId) => packageSummary(folder, loadId, 'rejected', age)),
    ],
    runs: ledger.lastRuns?.map(runSummary) ?? null,
    loads: summary?.loads.map((load) => ({ ...load, ageSeconds: age(load.insertedAt) })) ?? null,
    tables:
      summary?.tables.map((table) => ({ ...table, ageSeconds: age(table.loadedAt), ...checks(table.name, age) })) ??
      null,
    ...(await keptReplies(working_dir, pipeline.name)),
    ...failureMembers(unreadable),
  };
  terminal.print(options.format === 'json' ? jsonDocument(info) : infoText(info));
  if (unreadable !== undefined) terminal.fail(unreadable);
  return info.exitCode;
}

/** Of the root table of a resource. */
function checksOf({ source: { resources } }: PipelineConfig, since: ReadonlyMap<string, number>) {
  return (table: string, age: Age) => {
    const name = resources.find(({ table_name }) => table_name === table)?.name;
    const time = name === undefined ? undefined : since.get(name);
    const unchangedAt = time === undefined ? null : isoTime(time);
    return { unchangedAt, unchangedSeconds: age(unchangedAt) };
  };
}

type Age = (time: string | null) => number | null;

/** Seconds since a time in ISO 8601. */
function ageAt(now: number): Age {
  return (time) => (time === null ? null : Math.max(0, Math.round((now - Date.parse(time)) / 1000)));
}

function runningSummary({ pid, name, status }: LedgerHolder, age: Age): RunningSummary {
  const startedAt = status === undefined ? null : isoTime(status.startedAt);
  return {
    pid,
    name,
    pipeline: status?.pipelineName ?? null,
    startedAt,
    ageSeconds: age(startedAt),
    loadId: status?.loadId ?? null,
  };
}

function runSummary(run: PastRun): RunSummary {
  const { startedAt, finishedAt, pipelineName, exitCode, loadId, rows, message, failureCode } = run;
  return {
    startedAt: isoTime(startedAt),
    finishedAt: finishedAt === null ? null : isoTime(finishedAt),
    milliseconds: finishedAt === null ? null : finishedAt - startedAt,
    pipeline: pipelineName,
    exitCode,
    loadId,
    rows,
    failure: message,
    failureCode,
  };
}

function packageSummary(
  folder: PackageFolder,
  loadId: string,
  state: PackageSummary['state'],
  age: Age,
): PackageSummary {
  const label = folder.label(loadId, state);
  const createdAt = timeOfLoadId(loadId);
  return {
    loadId,
    state,
    pipeline: label?.pipeline ?? null,
    dataset: label?.dataset ?? null,
    destination: label?.destination ?? null,
    complete: label?.complete ?? null,
    rows: label?.rows ?? null,
    createdAt,
    file: folder.file(loadId, state),
    ageSeconds: age(createdAt),
  };
}
