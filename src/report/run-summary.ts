import { hostname } from 'node:os';
import { exitCodes, type PipelineError } from '../errors.ts';
import { isoTime } from '../text/iso-time.ts';
import { plainLines, plainText } from '../text/plain-text.ts';
import type { PackageTrace, ResourceTrace, Trace } from '../trace.ts';
import { version } from '../version.ts';
import type { RunSummary } from './run-summary-schema.ts';

/** The trace as one small document for programs; text from outside is printable. */
export function runSummary(trace: Trace): RunSummary {
  const { packages, failure, cost } = trace;
  return {
    pipeline: trace.pipeline,
    dataset: trace.dataset,
    destination: trace.destination,
    destinationType: trace.destinationType,
    version,
    host: hostname(),
    loadId: trace.loadId,
    startedAt: isoTime(trace.startedAt),
    finishedAt: isoTime(trace.finishedAt),
    milliseconds: Math.max(0, trace.finishedAt - trace.startedAt),
    steps: { extract: Math.round(trace.extractMilliseconds), load: Math.round(trace.loadMilliseconds) },
    exitCode: trace.exitCode,
    outcome: outcomeOf(trace.exitCode),
    published: trace.published,
    failure: failure === undefined ? null : told(failure),
    resources: trace.resources.map(resourceOf),
    tables: tablesOf(packages),
    schemaChanges: packages.flatMap(changesOf),
    cost: cost === undefined ? null : costOf(cost),
    balance: trace.balance,
    packages: packages.map(({ loadId, state, recovered }) => ({ loadId, state, recovered })),
    counts: Object.fromEntries(Object.entries(trace.counts).map(([what, times]) => [plainText(what), times])),
    notes: trace.notes.map(plainText),
  };
}

/** Of a run whose configuration could not be read, so that nothing is known but why. */
export function unreadSummary({ code, message, hint, exitCode }: PipelineError, now: number): RunSummary {
  const at = isoTime(Math.floor(now));
  return {
    ...{ pipeline: '', dataset: '', destination: '', destinationType: '', version, host: hostname(), loadId: null },
    ...{ startedAt: at, finishedAt: at, milliseconds: 0, steps: { extract: 0, load: 0 }, exitCode },
    ...{ outcome: outcomeOf(exitCode), published: false, failure: told({ code, message, hint }), resources: [] },
    ...{ tables: [], schemaChanges: [], cost: null, balance: null, packages: [], counts: {}, notes: [] },
  };
}

/** What an exit code says of a run. */
export function outcomeOf(exitCode: number): RunSummary['outcome'] {
  if (exitCode === exitCodes.ok) return 'succeeded';
  if (exitCode === exitCodes.partial) return 'partial';
  return interruptions.includes(exitCode) ? 'interrupted' : 'failed';
}

// --- internal ---

const interruptions: readonly number[] = [exitCodes.hungUp, exitCodes.interrupted, exitCodes.terminated];

function told({ code, message, hint }: NonNullable<RunSummary['failure']>): NonNullable<RunSummary['failure']> {
  return { code, message: plainLines(message), hint: plainLines(hint) };
}

function resourceOf(resource: ResourceTrace): RunSummary['resources'][number] {
  const { name, status, requests, statuses, retries, records, milliseconds, error } = resource;
  return {
    name,
    status,
    requests,
    ...(statuses === undefined ? {} : { statuses }),
    retries: sum(retries.map(({ times }) => times)),
    waitedMilliseconds: Math.round(sum(retries.map(({ waitedMilliseconds }) => waitedMilliseconds))),
    records,
    milliseconds: Math.round(milliseconds),
    ...(error === undefined ? {} : { error: told(error) }),
  };
}

type TableRows = RunSummary['tables'][number];

/** Of all packages of the run. */
function tablesOf(packages: readonly PackageTrace[]): TableRows[] {
  const tables = new Map<string, TableRows>();
  for (const { name, changed } of packages.flatMap((one) => one.tables)) {
    const before = tables.get(name);
    tables.set(name, {
      name,
      rowsInserted: changed.inserted + (before?.rowsInserted ?? 0),
      rowsUpdated: changed.updated + (before?.rowsUpdated ?? 0),
      rowsDeleted: changed.deleted + (before?.rowsDeleted ?? 0),
      rowsRetired: changed.retired + (before?.rowsRetired ?? 0),
    });
  }
  return [...tables.values()];
}

function changesOf({ loadId, schemaChanges }: PackageTrace): RunSummary['schemaChanges'] {
  return schemaChanges.map(({ table, column, change, oldType, newType, firstValue }) => ({
    ...{ loadId, table, column, change, oldType, newType },
    firstValue: firstValue === null ? null : plainText(firstValue),
  }));
}

function costOf({ spent, currency, requests, unknown }: NonNullable<Trace['cost']>): RunSummary['cost'] {
  return { spent, currency, requests, unknown };
}

function sum(values: readonly number[]): number {
  return values.reduce((total, value) => total + value, 0);
}
