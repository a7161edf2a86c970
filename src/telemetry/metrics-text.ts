import { wellFormed } from '../json/json-text.ts';
import type { RunSummary } from '../report/run-summary-schema.ts';

/** A number with what it is of. */
interface Sample {
  readonly labels?: Readonly<Record<string, string>>;
  readonly value: number;
}

interface Metric {
  readonly name: string;
  readonly help: string;
  readonly unit?: string;
  readonly samples: readonly Sample[];
}

export interface MetricsParts {
  readonly lastSuccess: number | undefined;
  readonly currency: string;
}

const LAST_SUCCESS = 'dezgo_elt_last_success_timestamp_seconds';

/**
 * What a run was, in the text format of OpenMetrics, which Prometheus and its node_exporter read too: gauges, without times of
 * their own. `lastSuccess`: milliseconds since 1970 of the last run that ended with 0, where one is known;
 * `currency`: what the balance counts.
 */
export function metricsText(summary: RunSummary, known: MetricsParts): string {
  const { pipeline } = summary;
  const families = metricsOf(summary, known).filter(({ samples }) => samples.length > 0);
  return `${families.map((metric) => familyText(metric, pipeline)).join('')}# EOF\n`;
}

/** Of a pipeline, from the text of an earlier file; milliseconds since 1970. */
export function lastSuccessIn(text: string, pipeline: string): number | undefined {
  const start = `${LAST_SUCCESS}${labelsText({ pipeline })} `;
  const line = text.split('\n').find((one) => one.startsWith(start));
  const seconds = line === undefined ? Number.NaN : Number(line.slice(start.length));
  return Number.isFinite(seconds) && seconds > 0 ? Math.round(seconds * 1000) : undefined;
}

// --- internal ---

function metricsOf(summary: RunSummary, { lastSuccess, currency }: MetricsParts): readonly Metric[] {
  const { exitCode, finishedAt, milliseconds, tables, resources, balance } = summary;
  const one = (value: number | undefined): Sample[] => (value === undefined ? [] : [{ value }]);
  const unit = currency.toLowerCase().replaceAll(/[^a-z0-9_]/g, '_');
  return [
    {
      name: LAST_SUCCESS,
      unit: 'seconds',
      help: 'When the last run that ended with exit code 0 was done.',
      samples: one(lastSuccess === undefined ? undefined : lastSuccess / 1000),
    },
    {
      name: 'dezgo_elt_last_run_timestamp_seconds',
      unit: 'seconds',
      help: 'When the last run was done, however it ended.',
      samples: one(Date.parse(finishedAt) / 1000),
    },
    { name: 'dezgo_elt_last_exit_code', help: 'How the last run ended; 0 is success.', samples: one(exitCode) },
    {
      name: 'dezgo_elt_run_duration_seconds',
      unit: 'seconds',
      help: 'How long the last run took.',
      samples: one(milliseconds / 1000),
    },
    {
      name: 'dezgo_elt_rows',
      help: 'Rows that the last run inserted or updated.',
      samples: tables.map(({ name, rowsInserted, rowsUpdated }) => ({
        labels: { table: name },
        value: rowsInserted + rowsUpdated,
      })),
    },
    {
      name: 'dezgo_elt_requests',
      help: 'Requests of the last run, by the status of their answer; none where no answer came.',
      samples: resources.flatMap(({ name, statuses = {} }) =>
        Object.entries(statuses).map(([status, value]) => ({ labels: { resource: name, status }, value })),
      ),
    },
    {
      name: `dezgo_elt_balance_${unit}`,
      unit,
      help: 'What was left of the balance, as the last run was told.',
      samples: one(balance ?? undefined),
    },
  ];
}

function familyText({ name, unit, help, samples }: Metric, pipeline: string): string {
  const lines = [
    `# TYPE ${name} gauge`,
    ...(unit === undefined ? [] : [`# UNIT ${name} ${unit}`]),
    `# HELP ${name} ${help}`,
    ...samples.map(({ labels, value }) => `${name}${labelsText({ pipeline, ...labels })} ${value}`),
  ];
  return `${lines.join('\n')}\n`;
}

function labelsText(labels: Readonly<Record<string, string>>): string {
  return `{${Object.entries(labels)
    .map(([name, value]) => `${name}="${escaped(value)}"`)
    .join(',')}}`;
}

function escaped(value: string): string {
  return wellFormed(value).replaceAll('\\', '\\\\').replaceAll('"', '\\"').replaceAll('\n', '\\n');
}
