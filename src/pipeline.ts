import type { ConfigFileInput } from './config/grammar/config-schema.ts';
import { missingSecrets } from './config/missing-secrets.ts';
import { withOfflineSecrets } from './config/offline-secrets.ts';
import type { PipelineConfig } from './config/pipeline-config.ts';
import { effectsFor, settledConfig } from './config/settled-config.ts';
import { destinationOf } from './destinations/destination-kinds.ts';
import { memoryError } from './duckdb/out-of-memory.ts';
import { type Effects, realEffects } from './effects.ts';
import type { EventListener } from './events.ts';
import { asInterruption, throwIfInterrupted } from './extract/interruption.ts';
import { unsendableFiles } from './extract/request-files.ts';
import type { RunOutcome } from './ledger/ledger.ts';
import { totalRows } from './package/layout.ts';
import { runSummary } from './report/run-summary.ts';
import { afterRun, writeSummary } from './run/after-run.ts';
import { archivedRun } from './run/archived-scope.ts';
import { type ExtractParts, extractPackage } from './run/extract-package.ts';
import { knownReplies } from './run/known-replies.ts';
import { openRun, type Run } from './run/open-run.ts';
import { tellPaidLeft, tellUnanswered } from './run/paid-left.ts';
import { settlePendingPackages } from './run/pending-packages.ts';
import { publishKept } from './run/publish-kept.ts';
import { publishPackage } from './run/publish-package.ts';
import { ledgerCosts, requireKnownCosts, runBudget } from './run/run-budget.ts';
import type { RunChoices } from './run/run-choices.ts';
import { heardBy, inStep, tellFinished } from './run/run-events.ts';
import { exportPublished, importedSchema, knownDataset } from './run/run-schema-files.ts';
import { RunTrace } from './run/run-trace.ts';
import { type RunResource, selectResources } from './run/select-resources.ts';
import { beginTelling, type Telling } from './run/telling.ts';
import { runTime, startTimeLimit } from './run/time-limit.ts';
import { wrongChoice } from './run/wrong-choice.ts';
import type { ImportedSchema } from './schema-files/import-schema.ts';
import { openSpans } from './telemetry/open-telemetry.ts';
import type { Trace } from './trace.ts';

export interface RunOptions extends RunChoices {
  /** Names of resources; also those with `selected: false`. @default the selected ones */
  readonly resources?: readonly string[];
  /**
   * The most that paid requests may cost, in `client.currency`: the run stops before the one that would be too much, loads what
   * it has, and fails with `BudgetExhausted` (exit code 8). @default `pipeline.max_cost`
   */
  readonly maxCost?: number | string | undefined;
  readonly effects?: Effects;
  /**
   * Stops the run after the current page or load; the next run goes on with what was extracted. Nothing is thrown:
   * `trace.failure` is the signal's reason where that is a PipelineError, else `Interrupted` (exit code 130).
   */
  readonly signal?: AbortSignal;
  /** Is told what happens in the run as it happens. One that throws is told nothing more. */
  readonly onEvent?: EventListener | undefined;
}

/**
 * One run: extract the resources page by page into a load package, load it into a working copy of the destination in one
 * transaction, publish that by a rename. What an earlier run left behind is settled first.
 *
 * @returns what happened, also when the run failed: `trace.failure`, `trace.exitCode`.
 * @throws PipelineError before the run begins: configuration, unknown resource, missing secret, file that cannot be sent, another run holds the lock.
 * @example
 * const trace = await runPipeline(await loadConfig('pipeline.config.yaml'));
 */
export async function runPipeline(input: PipelineConfig | ConfigFileInput, options: RunOptions = {}): Promise<Trace> {
  const given = options.effects ?? realEffects;
  const imported = await importedSchema(await settledConfig(input, given.env));
  const archived = options.replay === undefined ? undefined : await archivedRun(imported.config, options.replay);
  const config = archived === undefined ? imported.config : withOfflineSecrets(imported.config);
  const begin = (effects: Effects) => beginTelling(config, effects, options);
  const { onEvent, ifLocked, summaryFile } = options;
  const told = { config, effects: effectsFor(config, given), onEvent, ifLocked, summaryFile };
  const choices = { ...options, ...archived };
  await requireChoices(choices, told);
  return tellingOfRun({ ...told, begin: archived === undefined ? begin : undefined }, (trace, effects) =>
    attemptRun({ ...imported, config }, choices, effects, trace),
  );
}

/**
 * A run that only loads a package: one that was set aside, or one that waits. Nothing is asked of the source.
 *
 * @returns what happened, as `runPipeline` does.
 * @throws PipelineError before the run begins: configuration, another run holds the lock.
 */
export async function retryPackage(
  input: PipelineConfig | ConfigFileInput,
  loadId: string,
  options: Pick<RunOptions, 'allowDelete' | 'effects' | 'signal'> = {},
): Promise<Trace> {
  const { effects: given = realEffects, signal, allowDelete } = options;
  const { config } = await importedSchema(await settledConfig(input, given.env));
  return tellingOfRun({ config, effects: given }, async (trace, effects) => {
    const limit = startTimeLimit(runTime(config, undefined), effects, signal);
    try {
      const run = await openRun(config, { allowDelete }, effects, limit.signal, trace, destinationOf(config));
      return await runLocked(run, () => loadKept(run, loadId));
    } finally {
      limit.end();
    }
  });
}

/**
 * A run that must not even be tried: told of as any other that fails.
 *
 * @throws PipelineError why
 */
export async function refuseRun(
  config: PipelineConfig,
  why: unknown,
  options: Pick<RunOptions, 'effects' | 'resources' | 'signal' | 'summaryFile'>,
): Promise<never> {
  const { effects = realEffects, summaryFile } = options;
  const begin = (heard: Effects) => beginTelling(config, heard, options);
  await tellingOfRun({ config, effects, begin, summaryFile }, () => Promise.reject(why));
  throw why;
}

interface Told extends Pick<RunOptions, 'ifLocked' | 'onEvent' | 'summaryFile'> {
  readonly config: PipelineConfig;
  readonly effects: Effects;
  /** To tell those outside; undefined where somebody repeats by hand what an earlier run did. */
  readonly begin?: ((effects: Effects) => Promise<Telling>) | undefined;
}

/** A slip of whoever asks is no run that failed: nobody else is told, and nothing remembers it but a summary that was asked for. */
async function requireChoices(choices: RunOptions, { config, effects, summaryFile }: Told): Promise<void> {
  const wrong = wrongChoice(config, choices);
  if (wrong === undefined) return;
  const trace = new RunTrace(config, destinationOf(config).location, effects);
  trace.fail(wrong, null);
  if (summaryFile !== undefined) await writeSummary(summaryFile, runSummary(trace.finish()), effects);
  throw wrong;
}

/** Whatever becomes of it, those who want to know of every run are told. */
async function tellingOfRun(
  { config, effects: given, onEvent, begin, ifLocked, summaryFile }: Told,
  attempt: (trace: RunTrace, effects: Effects) => Promise<Trace>,
): Promise<Trace> {
  const spans = await openSpans(given);
  const effects = heardBy([onEvent, spans?.tell], given, config);
  const telling = await begin?.(effects);
  const trace = new RunTrace(config, destinationOf(config).location, effects);
  const attempted = () => attempt(trace, effects);
  try {
    return await (spans === undefined ? attempted() : spans.within(attempted));
  } catch (thrown) {
    trace.fail(thrown, null);
    throw thrown;
  } finally {
    const finished = trace.finish();
    const isSkipped = ifLocked === 'skip' && finished.failure?.code === 'RunLocked';
    if (!isSkipped) await afterRun(config, finished, effects, { telling, summaryFile });
    tellFinished(effects, finished);
  }
}

/** Throws what keeps the run from beginning. */
async function attemptRun(
  imported: ImportedSchema,
  options: RunOptions,
  effects: Effects,
  trace: RunTrace,
): Promise<Trace> {
  const { config } = imported;
  const resources = selectResources(config, { names: options.resources, excluded: options.exclude });
  trace.expect(resources);
  const time = runTime(config, options.timeout);
  await requireSecrets(config, resources, options.signal);
  await requireRequestFiles(config, resources);
  trace.budget = runBudget(config, options.maxCost);
  requireKnownCosts(config, resources, trace.budget);
  const limit = startTimeLimit(time, effects, options.signal);
  try {
    const run = await openRun(config, options, effects, limit.signal, trace, destinationOf(config));
    return await runLocked(run, () => extractAndPublish(run, resources, imported));
  } finally {
    limit.end();
  }
}

/** The run under its lock, which it gives back. */
async function runLocked(run: Run, work: () => Promise<void>): Promise<Trace> {
  try {
    const { name: pipelineName, keep_runs: keepRuns } = run.config.pipeline;
    await run.ledger.startRun({ pipelineName, startedAt: run.trace.startedAt, keepRuns });
    run.trace.keepRequests = (requests) => run.ledger.keepRequests(requests);
    await work();
    return await finish(run);
  } finally {
    await run.close();
  }
}

/** Before anything is locked, asked for or written down. */
async function requireSecrets(
  config: PipelineConfig,
  resources: readonly RunResource[],
  signal: AbortSignal | undefined,
): Promise<void> {
  const [missing] = await missingSecrets(
    config,
    resources.map(({ name }) => name),
  );
  if (missing === undefined) return;
  // What stops the run may have stopped a command for secrets, too.
  throwIfInterrupted(signal);
  throw missing;
}

/** The same for files that are sent. */
async function requireRequestFiles({ source }: PipelineConfig, resources: readonly RunResource[]): Promise<void> {
  const [unsendable] = await unsendableFiles(resources, source.client);
  if (unsendable !== undefined) throw unsendable;
}

async function loadKept(run: Run, loadId: string): Promise<void> {
  const { trace } = run;
  trace.loadId = loadId;
  run.ledger.tellLoadId(loadId);
  await publishKept(run, loadId).catch((thrown: unknown) => trace.fail(asInterruption(thrown, run.signal), loadId));
  await exportPublished(run).catch((thrown: unknown) => trace.fail(thrown, loadId));
}

/** What came of it, a failure too, is in the trace. */
async function extractAndPublish(run: Run, resources: readonly RunResource[], imported: ImportedSchema): Promise<void> {
  const { trace } = run;
  try {
    await tellUnanswered(run);
    const begun = await settlePendingPackages(run, resources);
    const loaded = resources.filter(({ isOnlyRead }) => isOnlyRead !== true);
    const parts: ExtractParts = {
      dataset: () => knownDataset(run, imported, loaded),
      begun,
      replies: run.replies.isReplay ? new Map() : await knownReplies(run),
      onLoadId: (id) => {
        trace.loadId = id;
        run.ledger.tellLoadId(id);
      },
    };
    const contents = await inStep(run.effects, 'extract', () => extractPackage(run, resources, parts));
    await contents?.dataset.extracted();
    if (contents === undefined) trace.loadId = null;
    else await inStep(run.effects, 'load', () => publishPackage(run, contents, false));
    if (trace.budget.stop !== undefined) throw trace.budget.stop;
  } catch (raw) {
    const thrown = memoryError(raw, 'go on with the run') ?? raw;
    trace.fail(asInterruption(thrown, run.signal), trace.loadId);
  }
  await run.replies.end().catch((thrown: unknown) => trace.fail(thrown, trace.loadId));
  tellPaidLeft(run);
  await exportPublished(run).catch((thrown: unknown) => trace.fail(thrown, trace.loadId));
}

/** A ledger that cannot be written fails the run, but takes nothing back: the trace says what was published. */
async function finish(run: Run): Promise<Trace> {
  const trace = run.trace.finish();
  try {
    await run.ledger.finishRun(outcomeOf(trace, run));
    return trace;
  } catch (thrown) {
    run.trace.fail(asInterruption(thrown, run.signal), trace.loadId);
    return run.trace.finish();
  }
}

function outcomeOf(
  { loadId, exitCode, finishedAt, packages, failure }: Trace,
  { trace: { requests, budget } }: Run,
): RunOutcome {
  const loaded = packages.filter(({ state }) => state === 'loaded');
  return {
    exitCode,
    finishedAt,
    requests,
    costs: ledgerCosts(budget),
    rows: totalRows(loaded.flatMap(({ tables }) => tables)),
    schemaChanges: packages.map(({ loadId: madeBy, schemaChanges }) => ({ loadId: madeBy, changes: schemaChanges })),
    ...(loadId === null ? {} : { loadId }),
    ...(failure === undefined ? {} : { failure }),
  };
}
