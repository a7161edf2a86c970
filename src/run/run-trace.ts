import { inspect } from 'node:util';
import type { PipelineConfig, ResolvedResource } from '../config/pipeline-config.ts';
import type { Effects } from '../effects.ts';
import { asPipelineError, exitCodes, type PipelineError } from '../errors.ts';
import { SecretMask } from '../extract/secret-mask.ts';
import type { PackageTrace, ResourceTrace, Trace } from '../report/trace.ts';

/** Collects what a run did; every resource starts as not executed, so that a run that fails early still reports them all. */
export class RunTrace {
  readonly packages: PackageTrace[] = [];
  readonly notes: string[] = [];
  loadMilliseconds = 0;
  published = false;
  readonly #config: PipelineConfig;
  readonly #effects: Effects;
  readonly #startedAt: number;
  readonly #resources: Map<string, ResourceTrace>;
  readonly #counts = new Map<string, number>();
  #failure: { error: PipelineError; loadId: string | null } | null = null;

  constructor(config: PipelineConfig, resources: readonly ResolvedResource[], effects: Effects) {
    this.#config = config;
    this.#effects = effects;
    this.#startedAt = effects.now();
    this.#resources = new Map(resources.map(({ name }) => [name, notExecuted(name)]));
  }

  note(text: string): void {
    this.notes.push(text);
  }

  count(what: string, times: number): void {
    if (times > 0) this.#counts.set(what, (this.#counts.get(what) ?? 0) + times);
  }

  resources(traces: ReadonlyMap<string, ResourceTrace>): void {
    for (const [name, trace] of traces) this.#resources.set(name, trace);
  }

  /** Keeps the first failure: later ones are mostly its consequences. */
  fail(thrown: unknown, loadId: string | null): void {
    this.#failure ??= { error: asPipelineError(thrown), loadId };
  }

  get failure(): PipelineError | null {
    return this.#failure?.error ?? null;
  }

  finish(): Trace {
    const { pipeline } = this.#config;
    return {
      pipeline: pipeline.name,
      dataset: pipeline.dataset_name,
      destination: pipeline.destination.path,
      startedAt: this.#startedAt,
      finishedAt: this.#effects.now(),
      loadMilliseconds: this.loadMilliseconds,
      resources: [...this.#resources.values()],
      packages: this.packages,
      counts: Object.fromEntries(this.#counts),
      notes: this.notes,
      published: this.published,
      exitCode: this.#exitCode,
      ...(this.#failure === null ? {} : { failure: this.#describe(this.#failure) }),
    };
  }

  get #exitCode(): number {
    if (this.#failure !== null) return this.#failure.error.exitCode;
    const failed = [...this.#resources.values()].some(({ status }) => status === 'failed');
    return failed ? exitCodes.partial : exitCodes.ok;
  }

  #describe({ error, loadId }: { error: PipelineError; loadId: string | null }) {
    const mask = new SecretMask(this.#config.secrets, () => undefined);
    return { code: error.code, message: error.message, hint: error.hint, loadId, stack: mask.text(inspect(error)) };
  }
}

function notExecuted(name: string): ResourceTrace {
  return { name, status: 'not_executed', records: 0, requests: 0, milliseconds: 0, notes: [] };
}
