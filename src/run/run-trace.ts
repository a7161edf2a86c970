import { inspect } from 'node:util';
import type { PipelineConfig, ResolvedResource } from '../config/pipeline-config.ts';
import { type Effects, tellEvent } from '../effects.ts';
import { asPipelineError, exitCodes, PipelineError } from '../errors.ts';
import { SecretMask } from '../extract/http/secret-mask.ts';
import type { Budget } from '../extract/paid/budget.ts';
import type { Findings, Rejection, RequestTrace } from '../findings.ts';
import type { PackageFailure } from '../package/package-label.ts';
import { printable } from '../text/printable.ts';
import {
  type ExpectationTrace,
  expectationText,
  type FailureTrace,
  type PackageTrace,
  type ResourceTrace,
  type ShownRow,
  type Trace,
} from '../trace.ts';
import { moneyText } from '../values/money.ts';
import { nothingAsked } from './request-tally.ts';
import { costTrace, runBudget } from './run-budget.ts';

/** Characters of a value in a sample. */
const MOST_SHOWN = 120;

interface Failure {
  readonly error: PipelineError;
  readonly loadId: string | null;
}

/** Requests that are kept in memory. */
const MOST_REQUESTS = 2000;

/** Collects what a run did; every resource starts as not executed, so that a run that fails early still reports them all. */
export class RunTrace implements Findings {
  readonly packages: PackageTrace[] = [];
  readonly notes: string[] = [];
  /** Those that nobody has taken yet. */
  readonly requests: RequestTrace[] = [];
  /** Takes them while the run goes on: there may be hundreds of thousands. */
  keepRequests: ((requests: readonly RequestTrace[]) => void) | undefined;
  budget: Budget;
  /** Of the package that the run makes. */
  loadId: string | null = null;
  extractMilliseconds = 0;
  loadMilliseconds = 0;
  published = false;
  readonly #config: PipelineConfig;
  /** Of the destination. */
  readonly #location: string;
  readonly #mask: SecretMask;
  readonly #effects: Effects;
  readonly startedAt: number;
  readonly #resources = new Map<string, ResourceTrace>();
  readonly #counts = new Map<string, number>();
  readonly #rejected = new Map<string, number>();
  #failure: Failure | undefined;
  #finishedAt: number | undefined;

  constructor(config: PipelineConfig, location: string, effects: Effects) {
    this.budget = runBudget(config, undefined);
    this.#config = config;
    this.#location = location;
    this.#mask = new SecretMask(config.secrets, this);
    this.#effects = effects;
    this.startedAt = Math.floor(effects.now());
  }

  /** Those that the run is to load. */
  expect(resources: readonly ResolvedResource[]): void {
    for (const { name } of resources) this.#resources.set(name, notExecuted(name));
    const { name: pipeline, dataset_name: dataset, destination } = this.#config.pipeline;
    tellEvent(this.#effects, {
      event: 'run.started',
      pipeline,
      dataset,
      destination: this.#location,
      destinationType: destination.type,
      resources: resources.map(({ name }) => name),
    });
  }

  note(text: string): void {
    this.notes.push(text);
    tellEvent(this.#effects, { event: 'note', message: text });
  }

  /** What a person should act on: told at once as well. */
  warn(text: string): void {
    this.notes.push(text);
    this.#effects.log.warn(text);
  }

  reject({ table, kind, count }: Rejection): void {
    const what = `${kind}s of ${table} left out by the schema contract`;
    this.#rejected.set(what, (this.#rejected.get(what) ?? 0) + count);
  }

  /** Of all that was rejected, once the extraction is done. */
  warnOfRejected(): void {
    for (const [what, times] of this.#rejected) {
      this.count(what, times);
      this.#effects.log.warn(`${what}: ${times}`);
    }
    this.#rejected.clear();
  }

  request(trace: RequestTrace): void {
    const { resource, method, url, status, attempts, milliseconds, bytes } = trace;
    tellEvent(this.#effects, { event: 'request', resource, method, url, status, attempts, milliseconds, bytes });
    this.requests.push(trace);
    if (this.requests.length >= MOST_REQUESTS) this.keepRequests?.(this.requests.splice(0));
  }

  count(what: string, times: number): void {
    if (times > 0) this.#counts.set(what, (this.#counts.get(what) ?? 0) + times);
  }

  /** As they may be shown; those that were only to warn are told at once. */
  expected(results: readonly ExpectationTrace[]): ExpectationTrace[] {
    return results.map((result) => {
      const shown = {
        ...result,
        message: result.message && this.#mask.text(result.message),
        sample: result.sample.map((row) => this.#maskedRow(row)),
      };
      if (shown.status === 'warned') this.#effects.log.warn(expectationText(shown));
      return shown;
    });
  }

  #maskedRow(row: ShownRow): ShownRow {
    const mask = (value: ShownRow[string]) =>
      typeof value === 'string' ? printable(this.#mask.text(value), MOST_SHOWN) : value;
    return Object.fromEntries(Object.entries(row).map(([column, value]) => [column, mask(value)]));
  }

  get hasFailed(): boolean {
    return this.#failure !== undefined;
  }

  /** Undefined of a resource that is none of this run's. */
  statusOf(resource: string): ResourceTrace['status'] | undefined {
    return this.#resources.get(resource)?.status;
  }

  resources(traces: ReadonlyMap<string, ResourceTrace>): void {
    for (const [name, trace] of traces) this.#resources.set(name, this.#masked(trace));
  }

  package(trace: PackageTrace): void {
    this.packages.push(trace);
    const { loadId, state, recovered } = trace;
    const tables = trace.tables.map(({ name, rows }) => ({ name, rows }));
    const schemaChanges = trace.schemaChanges.length;
    tellEvent(this.#effects, { event: 'package.finished', loadId, state, recovered, tables, schemaChanges });
  }

  /** Keeps the first failure: later ones are mostly its consequences. */
  fail(thrown: unknown, loadId: string | null): void {
    this.#failure ??= { error: asPipelineError(thrown), loadId };
  }

  /** What was thrown, for whoever looks at the package later. */
  reasonOf(thrown: unknown): PackageFailure {
    const { code, message } = asPipelineError(thrown);
    return { code, message: this.#mask.text(message), at: Math.floor(this.#effects.now()) };
  }

  /** What is known by now; the run ended when this was called first. */
  finish(): Trace {
    this.#finishedAt ??= Math.floor(this.#effects.now());
    const { pipeline } = this.#config;
    const failure = this.#failure ?? this.#partialFailure();
    const { total } = this.budget;
    return {
      pipeline: pipeline.name,
      dataset: pipeline.dataset_name,
      destination: this.#location,
      destinationType: pipeline.destination.type,
      startedAt: this.startedAt,
      finishedAt: this.#finishedAt,
      loadId: this.loadId,
      extractMilliseconds: this.extractMilliseconds,
      loadMilliseconds: this.loadMilliseconds,
      resources: [...this.#resources.values()].map((trace) => this.#withCost(trace)),
      packages: this.packages,
      counts: Object.fromEntries(this.#counts),
      notes: this.notes,
      published: this.published,
      ...(total.requests === 0 ? {} : { cost: { ...costTrace(total, this.budget), balance: this.#balance } }),
      balance: this.#balance,
      exitCode: failure?.error.exitCode ?? exitCodes.ok,
      ...(failure === undefined ? {} : { failure: this.#describe(failure) }),
    };
  }

  #withCost(trace: ResourceTrace): ResourceTrace {
    const spending = this.budget.purchases.get(trace.name);
    return spending === undefined ? trace : { ...trace, cost: costTrace(spending, this.budget) };
  }

  get #balance(): number | null {
    const { balance } = this.budget;
    return balance === undefined ? null : Number(moneyText(balance));
  }

  /** A run that published what it got says what it did not get. */
  #partialFailure(): Failure | undefined {
    const failed = [...this.#resources.values()].filter(({ status }) => status === 'failed');
    if (failed.length === 0) return undefined;
    return { error: resourcesFailed(failed), loadId: this.packages.at(-1)?.loadId ?? null };
  }

  /** What was foreseen is masked where it is made; what was not, here. */
  #masked(trace: ResourceTrace): ResourceTrace {
    if (trace.error === undefined) return trace;
    const { code, message, hint } = trace.error;
    return { ...trace, error: { code, message: this.#mask.text(message), hint: this.#mask.text(hint) } };
  }

  #describe({ error, loadId }: Failure): FailureTrace {
    const { code, message, hint } = error;
    const hide = (text: string) => this.#mask.text(text);
    return { code, message: hide(message), hint: hide(hint), loadId, stack: hide(inspect(error)) };
  }
}

function notExecuted(name: string): ResourceTrace {
  return { name, status: 'not_executed', records: 0, requests: 0, ...nothingAsked, notes: [] };
}

function resourcesFailed(failed: readonly ResourceTrace[]): PipelineError {
  const names = failed.map(({ name }) => name);
  const reason = failed.find(({ error }) => error !== undefined)?.error;
  return new PipelineError({
    code: 'ResourceFailed',
    message: `Everything else was published, but this failed: ${names.join(', ')}. ${reason?.message ?? ''}`.trimEnd(),
    hint: reason?.hint ?? `Run again: dezgo-elt run ${names.join(' ')}`,
    facts: { resources: names },
  });
}
