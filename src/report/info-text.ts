import type { PipelineError } from '../errors.ts';
import type { DatasetSummary } from '../load/dataset-summary.ts';
import { type Alignment, aligned } from '../text/aligned.ts';
import { count } from '../text/count.ts';
import { ago, elapsed } from '../text/duration.ts';
import { isoTime } from '../text/iso-time.ts';
import { plainText } from '../text/plain-text.ts';
import { type KeptReplies, keptSections } from './kept-text.ts';
import { type ResourceAge, resourceLines } from './resource-age.ts';

/** What `info` knows. Public as `info --format json`: keys are only ever added; times are ISO 8601, UTC. */
export interface Info extends KeptReplies {
  readonly pipeline: string;
  readonly dataset: string;
  readonly destination: string;
  /** Who holds the ledger: the run that is going on; null when there is none. */
  readonly running: RunningSummary | null;
  /** Load ids of packages that wait for the next run, also of other pipelines; the one of a run in progress is among them. */
  readonly pending: readonly string[];
  /** Load ids of packages that a contract refused, or that were damaged: kept for a look, never loaded. */
  readonly rejected: readonly string[];
  /** The same packages with what is known of each. */
  readonly packages: readonly PackageSummary[];
  /** The last five, or `--limit`, the newest first, without the one that is going on; null where they cannot be known. */
  readonly runs: readonly PastRunSummary[] | null;
  /** Of this pipeline; null: none is known. */
  readonly lastFailure: LastFailure | null;
  /** Those that are loaded, in the order of the configuration. */
  readonly resources: readonly ResourceAge[];
  /** null: there is no file yet, or it cannot be read. */
  readonly loads: readonly (DatasetSummary['loads'][number] & Aged)[] | null;
  readonly tables: readonly (DatasetSummary['tables'][number] & Aged & Checked)[] | null;
  readonly exitCode: number;
  /** The file cannot be read, or data is older than it may be. */
  readonly failure: Told | null;
  /** Why the file cannot be read. */
  readonly unreadable: Told | null;
}

type Told = Pick<PipelineError, 'code' | 'message' | 'hint'>;

interface Aged {
  /** Seconds since then; null where it is not known since when. */
  readonly ageSeconds: number | null;
}

interface Checked {
  /** When the source last answered again what was loaded; null where it has not since then. */
  readonly unchangedAt: string | null;
  /** Seconds since then. */
  readonly unchangedSeconds: number | null;
}

export interface RunningSummary extends Aged {
  /** null where DuckDB could not find it out. */
  readonly pid: number | null;
  /** `node (PID 6512)`. */
  readonly name: string;
  /** null: it does not say, because it has only just begun, or because another program has the ledger open. */
  readonly pipeline: string | null;
  readonly startedAt: string | null;
  readonly loadId: string | null;
}

export interface LastFailure extends Aged {
  readonly at: string;
  readonly exitCode: number;
  readonly code: string;
  readonly message: string;
  readonly hint: string;
  /** A later run went well. */
  readonly isOver: boolean;
}

export interface PastRunSummary {
  readonly startedAt: string;
  readonly finishedAt: string | null;
  readonly milliseconds: number | null;
  readonly pipeline: string;
  /** null: it was killed. */
  readonly exitCode: number | null;
  readonly loadId: string | null;
  /** Loaded by it; null where nobody counted. */
  readonly rows: number | null;
  /** Why the exit code is not 0. */
  readonly failure: string | null;
  readonly failureCode: string | null;
}

export interface PackageSummary extends Aged {
  readonly loadId: string;
  readonly state: 'pending' | 'rejected';
  /** null, as all below, of a package that does not tell. */
  readonly pipeline: string | null;
  readonly dataset: string | null;
  readonly destination: string | null;
  /** Whether it can be loaded as it is. */
  readonly complete: boolean | null;
  readonly rows: number | null;
  readonly createdAt: string | null;
  /** Why it was not loaded when that was tried last; null where it was not tried. */
  readonly failure: { readonly code: string; readonly message: string; readonly at: string } | null;
  /** Absolute path. */
  readonly file: string;
}

/** For people. */
export function infoText(info: Info): string {
  const { pipeline, dataset, destination } = info;
  const sections = [
    [`Pipeline ${pipeline}, dataset ${plainText(dataset)}, destination ${plainText(destination)}`],
    runningLines(info),
    failureLines(info),
    resourceLines(info.resources),
    loadLines(info),
    tableLines(info),
    section('Last runs (times are UTC):', info.runs?.map(runRow) ?? [], ['left', 'left', 'right', 'left']),
    ...packageSections(info),
    ...keptSections(info),
  ];
  return sections
    .filter((lines) => lines.length > 0)
    .map((lines) => lines.join('\n'))
    .join('\n\n');
}

function section(heading: string, rows: readonly string[][], alignments: readonly Alignment[]): string[] {
  return rows.length === 0 ? [] : [heading, ...aligned(rows, alignments)];
}

function runningLines({ running }: Info): string[] {
  if (running === null) return [];
  const { name, pipeline, startedAt, loadId } = running;
  const who = plainText(name);
  if (pipeline === null || startedAt === null)
    return [`A run that has only just begun, or another program, has the ledger open: ${who}`];
  const load = loadId === null ? '' : `, load ${loadId}`;
  return [`A run is in progress: ${who}, pipeline ${plainText(pipeline)}${load}, began ${age(running)}`];
}

function failureLines({ lastFailure }: Info): string[] {
  if (lastFailure === null) return [];
  const { message, hint, exitCode, isOver } = lastFailure;
  const since = isOver ? '; a later run went well' : '';
  return [`Last failure, ${age(lastFailure)}${since}: exit ${exitCode}: ${plainText(message)}`, `  ${plainText(hint)}`];
}

function loadLines({ loads, unreadable }: Info): string[] {
  if (unreadable !== null) return [];
  if (loads === null || loads.length === 0) return ['No loads yet.'];
  const rows = loads.map((load) => [
    load.loadId,
    load.insertedAt,
    load.status === 0 ? 'loaded' : `status ${load.status}`,
    age(load),
  ]);
  return section('Last loads (times are UTC):', rows, ['left', 'left', 'left', 'left']);
}

function tableLines({ tables }: Info): string[] {
  const rows = (tables ?? []).map((table) => [
    table.name,
    count(table.rows, 'row'),
    table.loadedAt === null ? '' : `last written ${age(table)}${checked(table)}`,
  ]);
  return section('Tables:', rows, ['left', 'right', 'left']);
}

function runRow({ startedAt, pipeline, exitCode, failure, milliseconds, rows }: PastRunSummary): string[] {
  const took = milliseconds === null ? '' : ` after ${elapsed(milliseconds)}`;
  const ended = exitCode === null ? 'was killed' : `exit ${exitCode}${took}`;
  return [
    startedAt,
    pipeline,
    rows === null ? '' : count(rows, 'row'),
    failure === null ? ended : `${ended}: ${failure}`,
  ];
}

function packageSections({ pipeline, destination, dataset, running, packages }: Info): string[][] {
  const isOwn = (one: PackageSummary) =>
    one.pipeline === null || (one.pipeline === pipeline && one.dataset === dataset && one.destination === destination);
  const pending = packages.filter(({ state }) => state === 'pending');
  const row = (one: PackageSummary) => [
    one.loadId,
    age(one),
    packageState(one, running),
    isOwn(one) ? '' : plainText(owner(one)),
  ];
  const columns = ['left', 'left', 'left', 'left', 'left'] as const;
  const lines = (heading: string, some: readonly PackageSummary[], rows = some.map(row)) =>
    withReasons(section(heading, rows, columns), some);
  const [own, others] = [pending.filter(isOwn), pending.filter((one) => !isOwn(one))];
  const rejected = packages.filter(({ state }) => state === 'rejected');
  return [
    lines('Pending packages (the next run loads or, where not complete, continues them):', own),
    lines('Pending packages of others in this working folder:', others),
    lines(
      'Packages set aside (no run loads them: `dezgo-elt packages list` says what can be done):',
      rejected,
      rejected.map((one) => [...row(one), plainText(one.file)]),
    ),
  ];
}

/** Below each package why it was not loaded. */
function withReasons([heading, ...lines]: readonly string[], packages: readonly PackageSummary[]): string[] {
  if (heading === undefined) return [];
  const reasons = packages.map(({ failure }) => (failure === null ? [] : [`    ${plainText(failure.message)}`]));
  return [heading, ...lines.flatMap((line, index) => [line, ...(reasons[index] ?? [])])];
}

function packageState({ loadId, state, complete, rows }: PackageSummary, running: RunningSummary | null): string {
  if (running?.loadId === loadId) return 'of the run in progress';
  if (rows !== null) return count(rows, 'row');
  return complete === false && state === 'pending' ? 'not complete' : '';
}

function owner({ pipeline, dataset, destination }: PackageSummary): string {
  return `pipeline ${pipeline}, dataset ${dataset} of ${destination}`;
}

function checked({ unchangedSeconds }: Checked): string {
  return unchangedSeconds === null ? '' : `, unchanged ${ago(unchangedSeconds * 1000)}`;
}

function age({ ageSeconds }: Aged): string {
  return ageSeconds === null ? '' : ago(ageSeconds * 1000);
}

/** The moment of a load id, which begins with the seconds since 1970; null of a name that is none. */
export function timeOfLoadId(loadId: string): string | null {
  return /^\d{9,10}\.\d+$/.test(loadId) ? isoTime(Math.floor(Number(loadId) * 1000)) : null;
}
