import { type LedgerReading, readLedger } from '../ledger/read-ledger.ts';
import type { RunRecord } from '../ledger/run-record.ts';
import { PackageFolder } from '../package/package-folder.ts';
import { aligned } from '../report/aligned.ts';
import { count } from '../report/count.ts';
import { type DestinationSummary, summarizeDestination } from '../report/destination-summary.ts';
import { jsonDocument } from '../report/json-report.ts';
import { plainText } from '../report/plain-text.ts';
import { loadProject } from './load-project.ts';
import { openLog } from './open-log.ts';
import type { CommonOptions, OutputFormat, Terminal } from './terminal.ts';

/** What `info` knows. Public as `info --format json`: keys are only ever added. */
interface Info {
  readonly pipeline: string;
  readonly dataset: string;
  readonly destination: string;
  /** The run that is going on; null when there is none. Its pid is null where DuckDB could not find it out. */
  readonly running: LedgerReading['running'];
  /** Load ids of packages that wait for the next run; while one is running, its own is among them. */
  readonly pending: readonly string[];
  /** Load ids of packages that a contract refused, or that were damaged: kept for a look, never loaded. */
  readonly rejected: readonly string[];
  /** The last five, the newest first; null while a run is going on. No exit code: killed. */
  readonly runs: readonly RunSummary[] | null;
  /** null: there is no file yet. */
  readonly loads: DestinationSummary['loads'] | null;
  readonly tables: DestinationSummary['tables'] | null;
}

interface RunSummary {
  readonly startedAt: string;
  readonly pipeline: string;
  readonly exitCode: number | null;
  readonly loadId: string | null;
  readonly failure: string | null;
}

/** `dezgo-elt info`: looks, and changes nothing. Without a file it says so and is content. */
export async function infoCommand(
  terminal: Terminal,
  options: CommonOptions & { readonly format: OutputFormat },
): Promise<number> {
  const log = openLog(terminal, { ...options, quiet: false });
  const { pipeline } = await loadProject(terminal, options, log);
  const { dataset_name: dataset, destination, working_dir } = pipeline;
  const ledger = await readLedger(working_dir);
  const packages = new PackageFolder(working_dir);
  const summary = await summarizeDestination(destination.path, { dataset });
  const info: Info = {
    pipeline: pipeline.name,
    dataset,
    destination: destination.path,
    running: ledger.running,
    pending: await packages.pending(),
    rejected: await packages.rejected(),
    runs: ledger.running === null ? ledger.lastRuns.map(runSummary) : null,
    loads: summary?.loads ?? null,
    tables: summary?.tables ?? null,
  };
  terminal.print(options.format === 'json' ? jsonDocument(info) : infoText(info));
  return 0;
}

function infoText({ pipeline, dataset, destination, running, pending, rejected, runs, loads, tables }: Info): string {
  const failed = (runs ?? []).filter(({ exitCode }) => exitCode !== 0);
  const sections = [
    [`Pipeline ${pipeline}, dataset ${plainText(dataset)}, file ${plainText(destination)}`],
    running === null ? [] : [`A run is in progress: ${plainText(running.name)}`],
    loads === null || loads.length === 0
      ? ['No loads yet.']
      : ['Last loads (times are UTC):', ...aligned(loads.map(loadRow), ['left', 'left', 'left'])],
    tables === null || tables.length === 0
      ? []
      : [
          'Tables:',
          ...aligned(
            tables.map(({ name, rows }) => [name, count(rows, 'row')]),
            ['left', 'right'],
          ),
        ],
    failed.length === 0 ? [] : ['Failed among the last runs (times are UTC):', ...failed.map(runLine)],
    pending.length === 0 ? [] : [pendingHeading(running), ...pending.map((loadId) => `  ${plainText(loadId)}`)],
    rejected.length === 0 ? [] : ['Packages set aside:', ...rejected.map((loadId) => `  ${plainText(loadId)}`)],
  ];
  return sections
    .filter((lines) => lines.length > 0)
    .map((lines) => lines.join('\n'))
    .join('\n\n');
}

function runSummary({ startedAt, pipelineName, exitCode, loadId, message }: RunRecord): RunSummary {
  const started = new Date(startedAt).toISOString();
  return { startedAt: started, pipeline: pipelineName, exitCode, loadId, failure: message };
}

function runLine({ startedAt, exitCode, failure }: RunSummary): string {
  const how = exitCode === null ? 'was killed' : `exit ${exitCode}`;
  return `  ${startedAt}  ${how}${failure === null ? '' : `: ${plainText(failure)}`}`;
}

function loadRow({ loadId, insertedAt, status }: DestinationSummary['loads'][number]): string[] {
  return [loadId, insertedAt, status === 0 ? 'loaded' : `status ${status}`];
}

function pendingHeading(running: Info['running']): string {
  return running === null
    ? 'Pending packages (the next run settles them):'
    : 'Pending packages (that of the run in progress among them):';
}
