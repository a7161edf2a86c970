import type { PipelineConfig, ResolvedResource } from '../config/pipeline-config.ts';
import type { Effects } from '../effects.ts';
import { asPipelineError, exitCodes, PipelineError } from '../errors.ts';
import type { ExtractContext } from '../extract/context.ts';
import { isPaid } from '../extract/endpoint.ts';
import { extractResource } from '../extract/extract-resource.ts';
import { throwIfInterrupted } from '../extract/interruption.ts';
import type { ExtractOutcome, RequestTrace } from '../extract/page.ts';
import { hasValues, type ResolvedValues } from '../extract/param-values.ts';
import type { ResourceNormalizer } from '../normalize/resource-normalizer.ts';
import type { PackageResource } from '../package/layout.ts';
import type { LoadPackage } from '../package/load-package.ts';
import { waitingText } from '../report/waiting.ts';
import { count } from '../text/count.ts';
import type { ResourceTrace } from '../trace.ts';
import type { ContinuedValues } from './begun-package.ts';
import { packageError } from './package-error.ts';
import { nothingAsked, RequestTally } from './request-tally.ts';

export interface FillParts {
  readonly config: PipelineConfig;
  readonly effects: Effects;
  readonly signal: AbortSignal | undefined;
  readonly loadPackage: LoadPackage;
  /** Its file. */
  readonly path: string;
  /** What an earlier run did already, by resource. */
  readonly done: ReadonlyMap<string, PackageResource>;
  readonly normalizer: (resource: ResolvedResource) => ResourceNormalizer;
  /** Whether long fractions are to be kept digit for digit. */
  readonly exactNumbers: (resource: ResolvedResource) => boolean;
  /** What the `values` parameters of a resource stand for now. */
  readonly resolveValues: (resource: ResolvedResource) => Promise<ResolvedValues>;
  /** The same for resources that an earlier run began, by name. */
  readonly continued: ReadonlyMap<string, ContinuedValues>;
  readonly onRequest: (trace: RequestTrace) => void;
  readonly onMasked: (count: number) => void;
}

/** What a resource that is left half-way would answer; nobody looks at it. */
const NOTHING_MORE: ExtractOutcome = { status: 'extracted', records: 0, requests: 0, notes: [] };

/** Extracts and normalizes resources into a load package, one after another, and tells how each ended. */
export class PackageFiller {
  readonly traces = new Map<string, ResourceTrace>();
  readonly #parts: FillParts;
  readonly #documents = new Map<string, PackageResource>();
  #firstFailure: unknown;

  constructor(parts: FillParts) {
    this.#parts = parts;
    for (const [name, document] of parts.done) this.#documents.set(name, document);
  }

  /** Throws the first failure, unless the configuration says to continue and something else succeeds. */
  async fill(resources: readonly ResolvedResource[]): Promise<void> {
    for (const [place, resource] of resources.entries()) {
      const document = this.#documents.get(resource.name);
      if (document !== undefined && document.status !== 'running') this.#traceDone(document);
      else await this.#fillOne(resource, place, document);
    }
    const succeeded = [...this.#documents.values()].some(({ status }) => status === 'done');
    if (this.#firstFailure !== undefined && !succeeded) throw this.#firstFailure;
    await this.#parts.loadPackage.finish([...this.#documents.values()]).catch((thrown: unknown) => {
      throw packageError(thrown, this.#parts.path);
    });
  }

  async #fillOne(resource: ResolvedResource, place: number, begun: PackageResource | undefined): Promise<void> {
    const { effects, config } = this.#parts;
    const startedAt = effects.now();
    const progress = new ResourceProgress(resource, place, begun);
    const awaited = resource.data === undefined ? 'reply' : 'records';
    effects.log.progress(`${resource.name}: waiting for the first ${awaited}`);
    try {
      const outcome = await this.#extract(resource, progress);
      progress.end(outcome);
      this.#finishOne(resource, progress, startedAt);
    } catch (raw) {
      const thrown = packageError(raw, this.#parts.path);
      const error = asPipelineError(thrown);
      const failure = { code: error.code, message: error.message, hint: error.hint };
      this.#trace(resource, progress, 'failed', startedAt, failure);
      if (stopsRun(error) || config.pipeline.on_resource_failure === 'fail') throw thrown;
      this.#firstFailure ??= thrown;
      const failed = { ...progress.document, status: 'failed' } as const;
      this.#documents.set(resource.name, failed);
      this.#parts.loadPackage.note(failed); // its last page may be there in part: nobody is to go on after it
    }
  }

  async #extract(resource: ResolvedResource, progress: ResourceProgress): Promise<ExtractOutcome> {
    const { loadPackage, effects, signal } = this.#parts;
    const normalizer = this.#parts.normalizer(resource);
    const values = await this.#values(resource);
    const pages = extractResource(resource, { ...this.#context(resource, progress), values });
    try {
      for (;;) {
        const next = await pages.next();
        if (next.done === true) return next.value;
        const { records, position, request } = next.value;
        await inPage(request, async () => {
          for (let from = 0; from < records.length; ) {
            from = normalizer.add(records, from);
            if (from < records.length) await loadPackage.drain();
          }
        });
        progress.addPage(records.length, position);
        await loadPackage.endPage(progress.document);
        if (isPaid(resource.endpoint)) await loadPackage.commit(); // before the next one is sent
        effects.log.progress(`${resource.name}: ${count(progress.document.records, 'record')}`);
        throwIfInterrupted(signal);
      }
    } finally {
      await pages.return(NOTHING_MORE); // a request that was sent ahead is given up, a generator can clean up
    }
  }

  /** Kept in the package before anything is asked for: positions count in them. */
  async #values(resource: ResolvedResource): Promise<ResolvedValues | undefined> {
    if (!hasValues(resource.endpoint?.params)) return undefined;
    const continued = this.#parts.continued.get(resource.name);
    const values = continued ?? (await this.#parts.resolveValues(resource));
    if (continued?.areChanged !== false) await this.#parts.loadPackage.keepChains(resource.name, values.chains);
    return values;
  }

  #context(resource: ResolvedResource, progress: ResourceProgress): ExtractContext {
    const { config, effects, signal, onRequest, onMasked } = this.#parts;
    return {
      ...(config.source.client === undefined ? {} : { client: config.source.client }),
      ...(signal === undefined ? {} : { signal }),
      effects,
      position: progress.document.position,
      secrets: config.secrets,
      onMasked,
      exactNumbers: this.#parts.exactNumbers(resource),
      onRequest: (trace) => {
        progress.requests++;
        progress.tally.add(trace);
        onRequest(trace);
      },
      onWaiting: (waiting) => effects.log.progress(`${resource.name}: ${waitingText(waiting, effects.now())}`),
    };
  }

  #finishOne(resource: ResolvedResource, progress: ResourceProgress, startedAt: number): void {
    this.#documents.set(resource.name, progress.document);
    const { status } = progress.document;
    this.#trace(resource, progress, status === 'skipped' || status === 'ignored' ? status : 'extracted', startedAt);
  }

  #traceDone({ resource, status, records, requests, notes }: PackageResource): void {
    const shown = status === 'done' || status === 'running' ? 'extracted' : status;
    const error = status === 'failed' ? { error: failedBefore(resource) } : {};
    this.traces.set(resource, { name: resource, status: shown, records, requests, ...nothingAsked, notes, ...error });
  }

  #trace(
    resource: ResolvedResource,
    progress: ResourceProgress,
    status: ResourceTrace['status'],
    startedAt: number,
    error?: ResourceTrace['error'],
  ): void {
    const { records, notes } = progress.document;
    this.traces.set(resource.name, {
      name: resource.name,
      status,
      records,
      requests: progress.requests,
      milliseconds: this.#parts.effects.now() - startedAt,
      ...progress.tally.tallied,
      notes,
      ...(error === undefined ? {} : { error }),
    });
  }
}

/** What no other resource would survive either. */
function stopsRun({ code, exitCode }: PipelineError): boolean {
  if (code === 'RunTimedOut') return true;
  const { internal, destination, hungUp, interrupted, terminated } = exitCodes;
  return [internal, destination, hungUp, interrupted, terminated].some((stopping) => stopping === exitCode);
}

function failedBefore(resource: string): NonNullable<ResourceTrace['error']> {
  return {
    code: 'ResourceFailed',
    message: 'It failed in the earlier run that this one continues.',
    hint: `Run again: dezgo-elt run ${resource}`,
  };
}

/** How far one resource is. */
class ResourceProgress {
  requests: number;
  readonly tally = new RequestTally();
  #document: PackageResource;

  constructor({ name, table_name: root }: ResolvedResource, place: number, begun: PackageResource | undefined) {
    const fresh = { resource: name, place, root, status: 'running', position: null } as const;
    this.#document = begun ?? { ...fresh, records: 0, requests: 0, notes: [] };
    this.requests = this.#document.requests;
  }

  get document(): PackageResource {
    return { ...this.#document, requests: this.requests };
  }

  addPage(records: number, position: PackageResource['position']): void {
    this.#document = { ...this.#document, records: this.#document.records + records, position };
  }

  end({ status, notes }: ExtractOutcome): void {
    this.#document = { ...this.#document, status: status === 'extracted' ? 'done' : status, notes };
  }
}

/** A contract broken by a record names the request that brought it. */
async function inPage(request: string, work: () => Promise<void>): Promise<void> {
  try {
    await work();
  } catch (thrown) {
    if (!(thrown instanceof PipelineError) || thrown.facts.request !== undefined) throw thrown;
    const { code, message, hint, facts, cause } = thrown;
    throw new PipelineError({
      code,
      message: `${message} (from ${request})`,
      hint,
      facts: { ...facts, request },
      cause,
    });
  }
}
