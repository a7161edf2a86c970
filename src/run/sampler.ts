import { isPaid } from '../config/paid-endpoint.ts';
import type { ParentBinding } from '../config/parents.ts';
import type { PipelineConfig } from '../config/pipeline-config.ts';
import { effectsFor } from '../config/settled-config.ts';
import { destinationOf } from '../destinations/destination-kinds.ts';
import { Database } from '../duckdb/database.ts';
import type { Effects } from '../effects.ts';
import { asPipelineError, PipelineError } from '../errors.ts';
import type { ChainSeeds } from '../extract/chain-seeds.ts';
import { isAskedOnce } from '../extract/endpoint.ts';
import { extractResource } from '../extract/extract-resource.ts';
import { tokensSettled } from '../extract/http/oauth-token.ts';
import { SecretMask } from '../extract/http/secret-mask.ts';
import { throwIfInterrupted } from '../extract/interruption.ts';
import { type Lookahead, nothingAhead } from '../extract/lookahead.ts';
import type { ExtractOutcome } from '../extract/page.ts';
import { ParentFields } from '../extract/parent-fields.ts';
import { parentSeeds } from '../extract/parent-seeds.ts';
import type { FileStore } from '../files/file-store.ts';
import { type RequestTrace, silentFindings } from '../findings.ts';
import type { IncrementalStart } from '../incremental/incremental-start.ts';
import type { Json } from '../json/json-value.ts';
import type { Money } from '../values/money.ts';
import { Families } from './families.ts';
import { incrementalStarts } from './incremental-starts.ts';
import { needsExactNumbers } from './resource-rules.ts';
import { seedsNow } from './resource-seeds.ts';
import type { Asking } from './resource-values.ts';
import { runBudget } from './run-budget.ts';
import type { RunResource } from './select-resources.ts';

/** Where a resource is left. */
interface SampleLimits {
  /** No further page is asked for once there are so many. */
  readonly records: number;
  /** Nor after so many pages. */
  readonly pages: number;
}

export interface SamplerParts {
  readonly effects: Effects;
  readonly signal: AbortSignal;
  readonly limits: SampleLimits;
  /** Incremental resources begin where the next run would; else with their initial values. */
  readonly goesOn: boolean;
  /** Where replies that are files are kept; else they stay in a column. */
  readonly files?: FileStore;
}

/** What the first replies to a resource hold. */
export interface Sample {
  readonly records: readonly Json[];
  readonly requests: readonly RequestTrace[];
  /** Of the account, as the last reply said it. */
  readonly balance: Money | undefined;
  /** Undefined where there is more than was asked for. */
  readonly outcome: ExtractOutcome | undefined;
  /** Why nothing was asked for. */
  readonly notAsked?: string;
  /** Because it may cost money, or change something. */
  readonly isNeverAsked?: boolean;
  /** Secrets are masked. */
  readonly failure?: PipelineError;
}

/**
 * Asks the source for the first records of resources, parents before their children. Nothing is written down, nothing is asked
 * for ahead, and never what costs money or may change something.
 */
export class Sampler {
  readonly #asking: Asking;
  readonly #parts: SamplerParts;
  readonly #starts: ReadonlyMap<string, IncrementalStart>;
  readonly #lookahead: Lookahead;
  readonly #families: Families;
  readonly #mask: SecretMask;
  /** Records of resources that were asked for, for their children. */
  readonly #records = new Map<string, readonly Json[]>();

  private constructor(asking: Asking, parts: SamplerParts, starts: ReadonlyMap<string, IncrementalStart>) {
    const { source, secrets } = asking.config;
    this.#asking = { ...asking, ofParent: (child, binding) => this.#ofParent(child, binding) };
    this.#parts = parts;
    this.#starts = starts;
    this.#lookahead = nothingAhead(source.client ?? {}, parts.effects);
    this.#families = new Families(source.resources);
    this.#mask = new SecretMask(secrets, silentFindings);
  }

  /** Throws what a run throws before its first request. */
  static async open(config: PipelineConfig, resources: readonly RunResource[], parts: SamplerParts): Promise<Sampler> {
    const { signal, goesOn } = parts;
    const effects = effectsFor(config, parts.effects);
    const database = await Database.open();
    try {
      const destination = await destinationOf(impatient(config)).open({
        database,
        effects,
        signal,
        findings: silentFindings,
      });
      const asking: Asking = { config, effects, signal, database, destination };
      const hasCursor = resources.some(({ endpoint }) => endpoint?.incremental !== undefined);
      const state = goesOn && hasCursor ? (await destination.read())?.state : undefined;
      const starts = incrementalStarts({ config, scope: {} }, resources, state, effects.now());
      return new Sampler(asking, { ...parts, effects }, starts);
    } catch (error) {
      database.close();
      throw error;
    }
  }

  /** What goes wrong is in the sample. Throws only where the signal is aborted. */
  async sample(resource: RunResource): Promise<Sample> {
    const requests: RequestTrace[] = [];
    const records: Json[] = [];
    const budget = runBudget(this.#asking.config, undefined);
    const sampled = () => ({ records, requests, balance: budget.balance, outcome: undefined });
    const never = whyNeverAsked(resource);
    if (never !== undefined) return { ...sampled(), notAsked: never, isNeverAsked: true };
    try {
      const seeds = await seedsNow(this.#asking, resource, this.#starts.get(resource.name));
      if (seeds.seeds.length === 0)
        return { ...sampled(), notAsked: `no values: looked at ${seeds.sources.join(', ')}` };
      const outcome = await this.#read(resource, records, {
        ...this.#context(resource),
        seeds,
        budget,
        findings: { ...silentFindings, request: (trace: RequestTrace) => void requests.push(trace) },
      });
      this.#records.set(resource.name, records);
      return { ...sampled(), outcome };
    } catch (thrown) {
      throwIfInterrupted(this.#parts.signal);
      return { ...sampled(), failure: this.#masked(asPipelineError(thrown)) };
    }
  }

  async close(): Promise<void> {
    await tokensSettled();
    this.#asking.database.close();
  }

  /** Undefined where it was left before its end. */
  async #read(
    resource: RunResource,
    records: Json[],
    context: Parameters<typeof extractResource>[1],
  ): Promise<ExtractOutcome | undefined> {
    const { limits, signal } = this.#parts;
    const pages = extractResource(resource, context);
    try {
      for (let page = 0; page < limits.pages && records.length < limits.records; page += 1) {
        const next = await pages.next();
        if (next.done === true) return next.value;
        for (const record of next.value.records) records.push(record);
        throwIfInterrupted(signal);
      }
      return undefined;
    } finally {
      await pages.return(NOBODY_READS_ON);
    }
  }

  #context(resource: RunResource) {
    const { config } = this.#asking;
    const { effects, signal, files } = this.#parts;
    return {
      ...(config.source.client === undefined ? {} : { client: config.source.client }),
      effects,
      signal,
      files,
      lookahead: this.#lookahead,
      incremental: this.#starts.get(resource.name),
      secrets: config.secrets,
      exactNumbers: needsExactNumbers(resource, new Map()),
    };
  }

  async #ofParent(child: string, binding: ParentBinding): Promise<ChainSeeds> {
    const { parent } = binding;
    const records = this.#records.get(parent) ?? [];
    if (records.length === 0) return { seeds: [], sources: [`\`${parent}\`, of which no record was read`] };
    const fields = await ParentFields.of(this.#families.fieldsForChildren(parent));
    return parentSeeds(child, binding, fields.of(records));
  }

  #masked({ code, message, hint, facts, cause }: PipelineError): PipelineError {
    return new PipelineError({ code, message: this.#mask.text(message), hint: this.#mask.text(hint), facts, cause });
  }
}

// --- internal ---

const NOBODY_READS_ON: ExtractOutcome = { status: 'extracted', records: 0, requests: 0, notes: [] };

/** Milliseconds. */
const LONGEST_WAIT = 5000;

/** Whoever watches does not wait for a program that has the live file open as long as a run does. */
function impatient(config: PipelineConfig): PipelineConfig {
  const { publish } = config.pipeline;
  const wait = Math.min(publish.wait, LONGEST_WAIT);
  return { ...config, pipeline: { ...config.pipeline, publish: { ...publish, wait } } };
}

function whyNeverAsked({ endpoint }: RunResource): string | undefined {
  if (endpoint === undefined) return 'its records come from a function';
  if (isPaid(endpoint)) return 'its replies cost money (`paid: true`)';
  return isAskedOnce(endpoint) ? 'it may change something: a POST without `idempotent: true`' : undefined;
}
