import type { PipelineConfig } from '../config/pipeline-config.ts';
import { destinationOf } from '../destinations/destination-kinds.ts';
import { realEffects } from '../effects.ts';
import { asPipelineError, type PipelineError } from '../errors.ts';
import { keptReplies } from '../inspection/kept-summary.ts';
import { resourceAge, staleError } from '../inspection/resource-ages.ts';
import { type Age, ageAt, lastFailure, lastRunsOf, runningSummary } from '../inspection/told-runs.ts';
import { readLedger } from '../ledger/read-ledger.ts';
import { PackageFolder } from '../package/package-folder.ts';
import { type Info, infoText, type PackageSummary, timeOfLoadId } from '../report/info-text.ts';
import { failureMembers, jsonDocument } from '../report/json-report.ts';
import { unchangedSince } from '../run/known-replies.ts';
import { lastGoodLoads } from '../run/last-good-loads.ts';
import { isoTime } from '../text/iso-time.ts';
import { loadProject } from './load-project.ts';
import { maxAge } from './max-age.ts';
import { openLog } from './open-log.ts';
import type { CommonOptions, OutputFormat, Terminal } from './terminal.ts';

export interface InfoOptions extends CommonOptions {
  readonly format: OutputFormat;
  readonly limit: number;
  readonly maxAge: readonly string[];
}

/**
 * `dezgo-elt info`: looks, and changes nothing. Without a file it says so and is content; of one that cannot be read it tells all else. With
 * `--max-age` it exits with 3 where something is older.
 */
export async function infoCommand(terminal: Terminal, options: InfoOptions): Promise<number> {
  const log = openLog(terminal, options);
  const config = await loadProject(terminal, options, log);
  const allowed = maxAge(options.maxAge, config.source.resources);
  const { pipeline } = config;
  const { dataset_name: dataset, working_dir } = pipeline;
  const destination = destinationOf(config);
  const ledger = await readLedger(working_dir, options.limit);
  const folder = new PackageFolder(working_dir);
  let unreadable: PipelineError | undefined;
  const summary = await destination.summary(options.limit).catch((thrown: unknown) => {
    unreadable = asPipelineError(thrown);
    return null;
  });
  const [pending, rejected] = [await folder.pending(), await folder.rejected()];
  const age = ageAt(realEffects.now());
  const checks = checksOf(config, unchangedSince({ config, location: destination.location }));
  const resources = (await lastGoodLoads(config, summary)).map((load) => resourceAge(load, allowed(load), age));
  // A run that publishes in place has the file for an instant: the runs tell how fresh it is.
  const isBusy = ledger.running !== null && unreadable?.code === 'DestinationLocked' && options.maxAge.length > 0;
  const failures = [...(unreadable === undefined || isBusy ? [] : [unreadable]), ...resources.flatMap(staleError)];
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
    runs: await lastRunsOf(ledger, working_dir, options.limit),
    lastFailure: await lastFailure(config, age),
    resources,
    loads: summary?.loads.map((load) => ({ ...load, ageSeconds: age(load.insertedAt) })) ?? null,
    tables:
      summary?.tables.map((table) => ({ ...table, ageSeconds: age(table.loadedAt), ...checks(table.name, age) })) ??
      null,
    ...(await keptReplies(working_dir, pipeline.name)),
    ...failureMembers(failures[0]),
    unreadable: unreadable ?? null,
  };
  if (options.format === 'json') terminal.print(jsonDocument(info));
  else if (options.quiet !== true || options.maxAge.length === 0) terminal.print(infoText(info));
  for (const failure of failures) terminal.fail(failure);
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

function packageSummary(
  folder: PackageFolder,
  loadId: string,
  state: PackageSummary['state'],
  age: Age,
): PackageSummary {
  const label = folder.label(loadId, state);
  const { failure } = label ?? {};
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
    failure: failure === undefined ? null : { ...failure, at: isoTime(failure.at) },
    file: folder.file(loadId, state),
    ageSeconds: age(createdAt),
  };
}
