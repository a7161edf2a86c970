import type { NotifyEntry } from '../config/grammar/notify-schema.ts';
import type { RunSummary } from '../report/run-summary-schema.ts';
import { count, shortened } from '../text/count.ts';
import { ago, configured, elapsed } from '../text/duration.ts';
import { isoTime } from '../text/iso-time.ts';
import { printable } from '../text/printable.ts';
import type { Occasion, Situation } from './occasions.ts';

/** What a hook gets, as JSON. Public: members are only ever added. */
export interface Message {
  /** For people: a few lines. */
  readonly text: string;
  readonly event: Occasion['kind'];
  readonly pipeline: string;
  readonly host: string | undefined;
  /** ISO 8601. */
  readonly at: string;
  /** How many runs in a row have failed, this one included; with `recovery`, before this one. */
  readonly failures: number;
  readonly failingSince: string | null;
  /** With `stale`. */
  readonly stale?: readonly { readonly resource: string; readonly loadedAt: string | null }[];
  readonly run: RunSummary;
}

/** `before`: how many runs had failed in a row before this one. */
export function messageOf(
  { kind, stale }: Occasion,
  entry: NotifyEntry,
  { summary, standing, now }: Situation,
  before: { readonly failures: number; readonly failingSince: string | null },
): Message {
  const { failures, failingSince } = kind === 'recovery' ? before : standing;
  const parts = { entry, summary, stale: stale ?? [], failures, failingSince, now };
  return {
    text: sentences[kind](parts).join('\n'),
    event: kind,
    pipeline: summary.pipeline,
    host: summary.host,
    at: isoTime(now),
    failures,
    failingSince,
    ...(stale === undefined
      ? {}
      : { stale: stale.map(({ resource, at }) => ({ resource, loadedAt: at === null ? null : isoTime(at) })) }),
    run: shortRun(summary),
  };
}

// --- internal ---

interface Parts extends Pick<Message, 'failures' | 'failingSince'> {
  readonly entry: NotifyEntry;
  readonly summary: RunSummary;
  readonly stale: NonNullable<Occasion['stale']>;
  readonly now: number;
}

const LONGEST_REASON = 1500;

const sentences: Readonly<Record<Occasion['kind'], (parts: Parts) => string[]>> = {
  failure: ({ summary, failures, failingSince }) => {
    const { failure, exitCode, published } = summary;
    const what = exitCode === 3 ? 'was loaded in part' : 'failed';
    const since = failures > 1 ? ` It is the failure number ${failures} in a row, since ${failingSince}.` : '';
    return [
      `${named(summary)} ${what} (exit code ${exitCode}).${since}`,
      ...(failure === null
        ? []
        : [printable(failure.message, LONGEST_REASON), printable(failure.hint, LONGEST_REASON)]),
      ...(published ? [] : ['Nothing was published.']),
    ];
  },
  recovery: ({ summary, failures, failingSince }) => [
    `${named(summary)} works again, after ${count(failures, 'run')} that failed, since ${failingSince ?? 'some time'}.`,
    loaded(summary),
  ],
  schema_change: ({ summary }) => {
    const lines = summary.schemaChanges.map(changeLine);
    const shown = lines.slice(0, MOST_CHANGES);
    const more = lines.length > shown.length ? [`… and ${count(lines.length - shown.length, 'change')} more`] : [];
    return [`${named(summary)} changed tables of ${summary.dataset}:`, ...shown, ...more];
  },
  stale: ({ summary, stale, entry, now }) => {
    const limit = entry.max_age === undefined ? '' : ` (${configured(entry.max_age)})`;
    const names = stale.map(({ resource, at }) => `${resource}${at === null ? '' : ` (${ago(now - at)})`}`);
    return [`${named(summary)} has data older than it should be${limit}. Last good loads: ${shortened(names, 10)}.`];
  },
  low_balance: ({ summary, entry }) => [
    `The balance that ${named(summary)} pays from is ${summary.balance}, below ${entry.balance}.`,
  ],
};

const MOST_CHANGES = 10;

function named({ pipeline, host }: RunSummary): string {
  return host === undefined ? pipeline : `${pipeline} on ${host}`;
}

function loaded({ tables, milliseconds }: RunSummary): string {
  const rows = tables.reduce((sum, { rowsInserted, rowsUpdated }) => sum + rowsInserted + rowsUpdated, 0);
  const what = tables.length === 0 ? 'Nothing was new' : `${count(rows, 'row')} in ${count(tables.length, 'table')}`;
  return `${what}, in ${elapsed(milliseconds)}.`;
}

function changeLine({ table, column, change, oldType, newType }: RunSummary['schemaChanges'][number]): string {
  const types = [oldType, newType].filter((type) => type !== null).join(' → ');
  const place = printable(column === null ? table : `${table}.${column}`);
  return `• ${place}: ${change.replaceAll('_', ' ')}${types === '' ? '' : `, ${types}`}`;
}

/** Of each list as much as a message can carry. */
function shortRun(summary: RunSummary): RunSummary {
  const { resources, tables, schemaChanges, notes } = summary;
  const failedFirst = resources.toSorted((a, b) => Number(b.status === 'failed') - Number(a.status === 'failed'));
  return {
    ...summary,
    resources: resources.length > LONGEST_LIST ? failedFirst.slice(0, LONGEST_LIST) : resources,
    tables: tables.slice(0, LONGEST_LIST),
    schemaChanges: schemaChanges.slice(0, LONGEST_LIST),
    notes: notes.slice(0, LONGEST_LIST),
  };
}

const LONGEST_LIST = 100;
