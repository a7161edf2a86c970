import { aligned } from '../text/aligned.ts';
import { count, shortened } from '../text/count.ts';
import { elapsed } from '../text/duration.ts';
import { plainText } from '../text/plain-text.ts';
import type { PackageTrace, TableTrace, Trace } from '../trace.ts';
import { reportNotes } from './notes.ts';

/**
 * What a run did, for people: dlt's sentences, a line a table, then what deserves a look. Ends without a line break.
 *
 * @example
 * Pipeline dezgo_api_pipeline load step completed in 0.26 seconds
 * 1 load package(s) were loaded to destination duckdb and into dataset dezgo_api_data
 * The duckdb destination used duckdb:////data/dezgo_api_pipeline.duckdb location to store data
 * Load package 1749667187.541553 is LOADED and contains no failed jobs
 * The whole run took 9.42 seconds
 *
 *   models             112 rows  new table, 8 columns: id, name, …
 */
export function textReport(trace: Trace): string {
  const notes = reportNotes(trace).map((note) => `  ${note}`);
  const sections = [
    trace.isDry === true
      ? dryOpening(trace)
      : [...opening(trace), ...trace.packages.map(packageSentence), ...wholeTime(trace)],
    tableLines(trace.packages),
    notes.length === 0 ? [] : ['Notes:', ...notes],
  ];
  return sections
    .filter((lines) => lines.length > 0)
    .map((lines) => lines.join('\n'))
    .join('\n\n');
}

/** dlt's first three sentences; of a run that failed, only what is true. */
function opening(trace: Trace): string[] {
  const pipeline = plainText(trace.pipeline);
  const type = trace.destinationType;
  const { destination } = trace;
  const url = destination.includes('://') ? destination : `${type}:///${destination}`;
  const location = `The ${type} destination used ${plainText(url)} location to store data`;
  const failed = `Pipeline ${pipeline} failed after ${wholeRun(trace)}`;
  if (hasFailed(trace) && !trace.published) return [`${failed}: nothing was published`, location];
  const loaded = trace.packages.filter(({ state }) => state === 'loaded').length;
  return [
    hasFailed(trace)
      ? `${failed}; what is LOADED was published`
      : `Pipeline ${pipeline} load step completed in ${elapsed(trace.loadMilliseconds)}`,
    `${loaded} load package(s) were loaded to destination ${type} and into dataset ${plainText(trace.dataset)}`,
    location,
  ];
}

function dryOpening(trace: Trace): string[] {
  const pipeline = plainText(trace.pipeline);
  const location = `Nothing was published, remembered or told; ${plainText(trace.destination)} is as it was`;
  if (hasFailed(trace)) return [`Dry run of pipeline ${pipeline} failed after ${wholeRun(trace)}`, location];
  const isNothing = trace.packages.every(({ state }) => state === 'unchanged');
  return [`Dry run of pipeline ${pipeline}: a run would load ${isNothing ? 'nothing' : 'this'} now`, location];
}

/** More than that a resource is missing, which the notes tell. */
function hasFailed({ failure }: Trace): boolean {
  return failure !== undefined && failure.code !== 'ResourceFailed';
}

function wholeRun({ startedAt, finishedAt }: Trace): string {
  return elapsed(finishedAt - startedAt);
}

/** dlt's first sentence leaves the extraction out, which is where a run waits. */
function wholeTime(trace: Trace): string[] {
  return hasFailed(trace) ? [] : [`The whole run took ${wholeRun(trace)}`];
}

const stateSentences: Readonly<Record<PackageTrace['state'], string>> = {
  loaded: 'is LOADED and contains no failed jobs',
  pending: 'is NOT YET LOADED to the destination: the next run loads it',
  rejected: 'is ABORTED: it was moved aside and nothing of it was published',
  unchanged: 'was LOADED by an earlier run already',
};

const begun =
  'is NOT YET LOADED to the destination: it is not complete, the next run of the same resources continues it';

function packageSentence({ loadId, state, complete }: PackageTrace): string {
  return `Load package ${loadId} ${state === 'pending' && !complete ? begun : stateSentences[state]}`;
}

/** A line a table; under the load id where several packages brought tables, because they are often the same ones. */
function tableLines(packages: readonly PackageTrace[]): string[] {
  const filled = packages.filter(({ tables }) => tables.length > 0);
  const lines = aligned(filled.flatMap(tableRows), ['left', 'right', 'left']);
  if (filled.length < 2) return lines;
  return filled.flatMap(({ loadId, tables }) => [`Load package ${loadId}:`, ...lines.splice(0, tables.length)]);
}

function tableRows({ tables, schemaChanges }: PackageTrace): string[][] {
  const added = new Set(schemaChanges.filter(({ change }) => change === 'table_added').map(({ table }) => table));
  return tables.map((table) => [table.name, count(table.rows, 'row'), whatIsNew(table, added.has(table.name))]);
}

const goneWords = ['retired', 'returned', 'deleted'] as const;

function whatIsGone(table: TableTrace): string[] {
  return goneWords.flatMap((word) => (table[word] === undefined ? [] : [`${table[word]} ${word}`]));
}

function whatIsNew(table: TableTrace, isNewTable: boolean): string {
  const names = table.newColumns.filter((name) => !name.startsWith('_dlt_'));
  const columns = names.length === 0 ? '' : `${count(names.length, 'column')}: ${shortened(names)}`;
  const added = isNewTable || columns === '' ? columns : `+${columns}`;
  return [...(isNewTable ? ['new table'] : []), ...(added === '' ? [] : [added]), ...whatIsGone(table)].join(', ');
}
