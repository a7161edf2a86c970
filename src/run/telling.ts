import type { PipelineConfig } from '../config/pipeline-config.ts';
import { destinationOf } from '../destinations/destination-kinds.ts';
import type { Effects } from '../effects.ts';
import { SecretMask } from '../extract/http/secret-mask.ts';
import { type Patience, patienceFor } from '../notify/patience.ts';
import type { LastLoad } from '../notify/stale.ts';
import type { RunSummary } from '../report/run-summary-schema.ts';
import type { Trace } from '../trace.ts';
import type { RunChoices } from './run-choices.ts';

/** Those outside who are told of one run: `pipeline.ping`, `notify`, `metrics_file`, `openlineage`. */
export interface Telling {
  /** Tells all of them at the same time, each no longer than its timeout; what could not be told is a warning. */
  end(summary: RunSummary, trace: Trace): Promise<void>;
}

interface TellingOptions extends Pick<RunChoices, 'ifLocked'> {
  readonly signal?: AbortSignal | undefined;
  /** Names of those that are to be loaded; none are the selected ones. */
  readonly resources?: readonly string[] | undefined;
}

/** Tells that a run begins, and waits for nobody. What is not configured is not loaded. */
export async function beginTelling(
  config: PipelineConfig,
  effects: Effects,
  { signal, resources, ifLocked }: TellingOptions,
): Promise<Telling> {
  const { ping, notify, metrics_file, openlineage } = config.pipeline;
  if ([ping, notify, metrics_file, openlineage].every((one) => one === undefined))
    return { end: async () => undefined };
  // One that is left out was never there: nobody may wait for its end.
  const mayBeSkipped = ifLocked === 'skip';
  const { runUuid } = await import('../notify/run-uuid.ts');
  const id = runUuid(effects);
  const started = ping && (await import('../notify/ping.ts')).startPing(ping, { id, isSilent: mayBeSkipped }, effects);
  const lineage =
    openlineage &&
    (await import('../telemetry/openlineage.ts')).startLineage(
      config,
      openlineage,
      { runId: id, resources: namesOf(config, resources), isHeld: mayBeSkipped },
      effects,
    );
  return {
    end: async (summary, trace) => {
      const mask = new SecretMask(config.secrets, { count() {} });
      const patience = patienceFor(signal, effects);
      const telling: readonly (() => Promise<string[]>)[] = [
        async () => started?.end(summary.exitCode, mask.text(await reportText(trace)), patience) ?? [],
        async () => lineage?.end(summary, patience) ?? [],
        async () => (metrics_file === undefined ? [] : writeMetrics(config, metrics_file, summary)),
        async () => (notify === undefined ? [] : tellHooks(config, { summary, patience, effects, mask })),
      ];
      const warnings = await Promise.all(telling.map((tell) => tell().catch(unforeseen)));
      patience.end();
      for (const warning of eachReasonOnce(warnings.flat(), summary.failure?.message)) {
        effects.log.warn(mask.quote(warning, LONGEST_WARNING));
      }
    },
  };
}

/** The same pipeline for a run that concerns nobody: a trial, a replay. */
export function withoutTelling(config: PipelineConfig): PipelineConfig {
  const nobody = { ping: undefined, notify: undefined, metrics_file: undefined, openlineage: undefined };
  return { ...config, pipeline: { ...config.pipeline, ...nobody } };
}

// --- internal ---

const LONGEST_WARNING = 600;

function unforeseen(thrown: unknown): string[] {
  return [`Not everybody could be told of this run: ${thrown instanceof Error ? thrown.message : String(thrown)}`];
}

/** A command for secrets that fails, say, keeps everybody from being told, and the run from beginning. */
function eachReasonOnce(warnings: readonly string[], failure: string | undefined): string[] {
  const reasons = new Set<string>();
  return warnings.map((warning) => {
    const [, what = warning, reason = ''] = /^(.*?): (.*)$/s.exec(warning) ?? [];
    if (failure !== undefined && reason.includes(failure)) return `${what}, because of what the run failed for`;
    if (reason === '' || !reasons.has(reason)) {
      reasons.add(reason);
      return warning;
    }
    return `${what}, for the same reason`;
  });
}

/** What failed comes first: of the rest an address keeps only the beginning. */
async function reportText(trace: Trace): Promise<string> {
  const { textReport } = await import('../report/text-report.ts');
  const { failureLine } = await import('../report/failure-line.ts');
  const report = textReport(trace);
  return trace.failure === undefined ? report : `${failureLine(trace.failure)}\n\n${report}`;
}

function namesOf({ source }: PipelineConfig, named: readonly string[] = []): readonly string[] {
  if (named.length > 0) return named;
  return source.resources.filter(({ selected }) => selected).map(({ name }) => name);
}

async function writeMetrics(config: PipelineConfig, file: string, summary: RunSummary): Promise<string[]> {
  const { writeMetricsFile } = await import('../telemetry/metrics-file.ts');
  return writeMetricsFile(file, summary, config);
}

interface HookParts {
  readonly summary: RunSummary;
  readonly patience: Patience;
  readonly effects: Effects;
  readonly mask: SecretMask;
}

async function tellHooks(config: PipelineConfig, { mask, ...parts }: HookParts): Promise<string[]> {
  const { notify } = await import('../notify/notify.ts');
  const isAgeAsked = config.pipeline.notify?.some(({ max_age }) => max_age !== undefined);
  const loads = isAgeAsked ? await selectedLoads(config) : undefined;
  return notify(config, { ...parts, loads, mask });
}

/** By the runs alone where the destination cannot be read just now. */
async function selectedLoads(config: PipelineConfig): Promise<LastLoad[]> {
  const { lastGoodLoads } = await import('./last-good-loads.ts');
  const held = await destinationOf(config)
    .summary()
    .catch(() => null);
  const loads = (await lastGoodLoads(config, held)).filter(({ selected }) => selected);
  return loads.map(({ name, checkedAt }) => ({
    resource: name,
    at: checkedAt === null ? null : Date.parse(checkedAt),
  }));
}
