import { resolve } from 'node:path';
import type { PipelineConfig } from '../config/pipeline-config.ts';
import { type Effects, type Log, realEffects } from '../effects.ts';
import { asPipelineError, exitCodes, type PipelineError } from '../errors.ts';
import { refuseRun, runPipeline } from '../pipeline.ts';
import { failureMembers, jsonDocument, jsonReport } from '../report/json-report.ts';
import type { ProgressLog } from '../report/progress.ts';
import { unreadSummary } from '../report/run-summary.ts';
import { textReport } from '../report/text-report.ts';
import { writeSummary } from '../run/after-run.ts';
import type { RunChoices } from '../run/run-choices.ts';
import type { Trace } from '../trace.ts';
import { loadProject } from './load-project.ts';
import { openLog } from './open-log.ts';
import { requireAllowed } from './require-allowed.ts';
import type { CommonOptions, OutputFormat, Terminal } from './terminal.ts';

type RunOptions = CommonOptions &
  RunChoices & {
    readonly format: OutputFormat;
    readonly allowPaid?: boolean;
    readonly maxCost?: string;
    readonly summary?: string;
    /** In the place of `pipeline.metrics_file`. */
    readonly metricsFile?: string;
    readonly dryRun?: boolean;
  };

/** `dezgo-elt run [RESOURCE…]`: one run; the report to stdout, everything else to stderr. */
export async function runCommand(
  terminal: Terminal,
  options: RunOptions,
  resources: readonly string[],
): Promise<number> {
  return runAndReport(terminal, options, (log) => loadProject(terminal, options, log), resources);
}

/** Runs what `load` gives and reports it. `--quiet` prints nothing but warnings when everything went well. */
export async function runAndReport(
  terminal: Terminal,
  options: RunOptions,
  load: (log: Log) => Promise<PipelineConfig>,
  resources: readonly string[] = [],
): Promise<number> {
  const log = openLog(terminal, options);
  const effects: Effects = { ...realEffects, env: terminal.env, log };
  const { dryRun: isDry = false, allowPaid = isDry } = options; // it asks for nothing that is paid
  const summaryFile = isDry || options.summary === undefined ? undefined : resolve(terminal.cwd, options.summary);
  try {
    const loaded = await load(log).catch((error: unknown) => summarizeUnread(error, summaryFile, effects));
    const config = withMetricsFile(loaded, terminal, options);
    await requireAllowedRun(config, resources, terminal, { ...options, allowPaid }).catch((error: unknown) =>
      refuseRun(config, error, { effects, resources, summaryFile, signal: terminal.signal }),
    );
    announceInterrupt(terminal, log);
    const { from, to, fullRefresh, allowDelete, maxCost, replay, exclude, limit, timeout, ifLocked } = options;
    const { signal } = terminal;
    const range = { from, to, fullRefresh, exclude, limit };
    const choices = { ...range, allowDelete, maxCost, replay, timeout, ifLocked, summaryFile };
    const run = isDry ? (await import('../recording/dry-run.ts')).dryRun : runPipeline;
    const trace = await run(config, { ...choices, resources, effects, signal });
    log.end();
    report(terminal, options, trace);
    return trace.exitCode;
  } catch (thrown) {
    if (options.ifLocked !== 'skip' || asPipelineError(thrown).code !== 'RunLocked') throw thrown;
    tellSkipped(terminal, options, log, asPipelineError(thrown));
    return exitCodes.ok;
  } finally {
    log.end();
  }
}

async function requireAllowedRun(...of: Parameters<typeof requireAllowed>): Promise<void> {
  requireAllowed(...of);
}

/** Of a configuration that cannot be read, a summary can only say why. Throws it. */
async function summarizeUnread(error: unknown, file: string | undefined, effects: Effects): Promise<never> {
  if (file !== undefined) {
    await writeSummary(file, unreadSummary(asPipelineError(error), effects.now()), effects);
  }
  throw error;
}

function withMetricsFile(config: PipelineConfig, { cwd }: Terminal, { metricsFile }: RunOptions): PipelineConfig {
  if (metricsFile === undefined) return config;
  return { ...config, pipeline: { ...config.pipeline, metrics_file: resolve(cwd, metricsFile) } };
}

/** Somebody else does it just now, and that is what was wanted. */
function tellSkipped(terminal: Terminal, { format }: RunOptions, log: ProgressLog, { code, message }: PipelineError) {
  if (format === 'json') terminal.print(jsonDocument({ ...failureMembers(undefined), skipped: { code, message } }));
  log.announce?.(`Skipped: ${message}`);
}

/** To stdout; why a run failed to stderr. */
export function report(
  terminal: Terminal,
  { quiet, debug, format }: Pick<RunOptions, 'quiet' | 'debug' | 'format'>,
  trace: Trace,
): void {
  if (trace.exitCode === exitCodes.ok && quiet) return;
  terminal.print(format === 'json' ? jsonReport(trace) : textReport(trace));
  const { failure } = trace;
  if (failure === undefined) return;
  if (debug && failure.stack !== undefined) terminal.stderr.write(`${failure.stack}\n`);
  terminal.fail(failure);
}

export function announceInterrupt({ signal }: Terminal, log: ProgressLog): void {
  const announce = () => log.tell('Stopping after the current page or load. A second signal stops at once.');
  signal.addEventListener('abort', announce, { once: true });
}
