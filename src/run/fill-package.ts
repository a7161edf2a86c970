import type { ResolvedResource } from '../config/pipeline-config.ts';
import { tellEvent } from '../effects.ts';
import { asPipelineError } from '../errors.ts';
import type { ChainSeeds } from '../extract/chain-seeds.ts';
import type { ExtractContext } from '../extract/context.ts';
import { isAskedOnce } from '../extract/endpoint.ts';
import { extractResource } from '../extract/extract-resource.ts';
import { tokensSettled } from '../extract/http/oauth-token.ts';
import { throwIfInterrupted } from '../extract/interruption.ts';
import { type Lookahead, lookaheadFor } from '../extract/lookahead.ts';
import type { ExtractOutcome, Page } from '../extract/page.ts';
import { ParentFields } from '../extract/parent-fields.ts';
import { limitAfter } from '../extract/record-limit.ts';
import { alsoTelling } from '../findings.ts';
import type { IncrementalStart } from '../incremental/incremental-start.ts';
import { isReadToLoad, type PackageResource } from '../package/layout.ts';
import type { ResourceTrace } from '../trace.ts';
import { boughtBy } from './bought-chains.ts';
import { Families } from './families.ts';
import type { FillingPackage, FillParts } from './fill-parts.ts';
import { packageError } from './package-error.ts';
import { namingPaid } from './paid-left.ts';
import { inPage, stopsRun } from './resource-failure.ts';
import { ResourceProgress } from './resource-progress.ts';
import { hasSeeds } from './resource-seeds.ts';
import { earlierTrace, progressTrace, resourceFinished, traceStatus } from './resource-trace.ts';
import { type Extraction, mayGoAhead, type NewExtraction, NOTHING_MORE, ResourcesAhead } from './resources-ahead.ts';
import type { RunResource } from './select-resources.ts';
import { skipsUnchanged } from './skips-unchanged.ts';
import { resourceTime, withinTime } from './time-limit.ts';

/** Extracts and normalizes resources into a load package, one after another, and tells how each ended. */
export class PackageFiller {
  readonly traces = new Map<string, ResourceTrace>();
  readonly #parts: FillParts;
  readonly #documents = new Map<string, PackageResource>();
  readonly #lookahead: Lookahead;
  readonly #begunAhead: ResourcesAhead;
  readonly #families: Families;
  #filling: FillingPackage | undefined;
  #opening: Promise<FillingPackage> | undefined;
  #firstFailure: unknown;

  constructor(parts: FillParts) {
    this.#parts = parts;
    for (const [name, document] of parts.done) this.#documents.set(name, document);
    this.#families = new Families(parts.config.source.resources);
    this.#lookahead = lookaheadFor(parts.config.source.client ?? {}, parts.effects);
    this.#begunAhead = new ResourcesAhead(this.#lookahead.chains);
  }

  /** Throws the first failure, unless the configuration says to continue and something else succeeds. */
  async fill(resources: readonly RunResource[]): Promise<void> {
    if (this.#parts.known.size === 0 || resources.some((one) => this.#needsPackage(one))) await this.#open();
    try {
      for (const [place, resource] of resources.entries()) {
        const document = this.#documents.get(resource.name);
        if (document !== undefined && isOver(document)) this.traces.set(resource.name, earlierTrace(document));
        else await this.#fillOne(resource, place, resources.slice(place + 1));
      }
    } finally {
      await this.#begunAhead.end();
      await tokensSettled();
    }
    const succeeded = [...this.#documents.values()].some((one) => isReadToLoad(one) || one.status === 'unchanged');
    if (this.#firstFailure !== undefined && !succeeded) throw this.#firstFailure;
    const { loadPackage, path, requests } = this.#filling ?? {};
    const documents = [...this.documents, ...(requests?.documents(resources.length) ?? [])];
    await loadPackage?.finish(documents).catch((thrown: unknown) => {
      throw packageError(thrown, path ?? '');
    });
  }

  /** How the resources ended. */
  get documents(): readonly PackageResource[] {
    return [...this.#documents.values()];
  }

  get #buying() {
    return { config: this.#parts.config, isReplay: this.#parts.replies.isReplay };
  }

  async #open(): Promise<FillingPackage> {
    this.#opening ??= this.#parts.open();
    this.#filling = await this.#opening;
    return this.#filling;
  }

  /** Before anything of it is asked for. Where others may turn out to be unchanged, none is made before one does not. */
  #needsPackage({ name, endpoint }: RunResource): boolean {
    const isParent = this.#families.fieldsForChildren(name).length > 0;
    return isParent || this.#families.parentOf(name) !== undefined || endpoint?.incremental !== undefined;
  }

  async #fillOne(resource: RunResource, place: number, later: readonly RunResource[]): Promise<void> {
    const { effects, config } = this.#parts;
    const startedAt = effects.now();
    const extraction = this.#begunAhead.take(resource.name) ?? this.#extraction(resource, place);
    const { progress } = extraction;
    tellEvent(effects, { event: 'resource.started', resource: resource.name });
    progress.words.await(resource.data === undefined ? 'reply' : 'records');
    try {
      const outcome = await this.#extract(resource, extraction, () => this.#lookAhead(later, place + 1));
      progress.end(this.#parts.replies.settled(resource.name, outcome));
      progress.addBought(boughtBy(this.#buying, resource, outcome, await extraction.seeds()));
      progress.addPaid(this.#parts.paid.given(resource.name));
      await this.#finishOne(resource, progress, startedAt);
      progress.words.end(progress.document);
    } catch (raw) {
      const named = this.#filling === undefined ? raw : packageError(raw, this.#filling.path);
      const thrown = namingPaid(named, resource.name, this.#parts.paid);
      const error = asPipelineError(thrown);
      const failure = { code: error.code, message: error.message, hint: error.hint };
      this.#trace(resource, progress, 'failed', startedAt, failure);
      if (
        stopsRun(error) ||
        config.pipeline.on_resource_failure === 'fail' ||
        this.#families.isOfIncremental(resource.name)
      )
        throw thrown;
      this.#firstFailure ??= thrown;
      const failed = { ...progress.document, status: 'failed' } as const;
      await this.#takeCaptured(progress);
      this.#filling?.loadPackage.note(failed); // its last page may be there in part: nobody is to go on after it
      await this.#keepEnd(resource, failed);
    }
  }

  async #extract(
    resource: RunResource,
    { progress, seeds, pages }: Extraction,
    lookAhead: () => void,
  ): Promise<ExtractOutcome> {
    const { signal, known } = this.#parts;
    const fillingOf = () => this.#fillingOf(resource, progress);
    let filling = this.#filling === undefined || known.has(resource.name) ? undefined : await fillingOf();
    const forChildren = await ParentFields.of(this.#families.fieldsForChildren(resource.name));
    try {
      await this.#keepSeeds(resource, await seeds());
      for (;;) {
        const coming = pages.next();
        lookAhead();
        const next = await coming.catch(async (thrown: unknown) => {
          if (await this.#takeCaptured(progress)) this.#filling?.loadPackage.note(progress.document);
          throw thrown;
        });
        if (next.done === true) {
          await this.#takeCaptured(progress);
          return next.value;
        }
        const { records, position, request, captured } = next.value;
        if (captured !== undefined) progress.captured.push(captured);
        filling ??= await fillingOf();
        const { loadPackage, normalizer } = filling;
        await inPage(request, async () => {
          for (let from = 0; normalizer !== undefined && from < records.length; ) {
            from = normalizer.add(records, from);
            if (from < records.length) await loadPackage.drain();
          }
        });
        progress.addPage(records.length, position);
        progress.addPaid(this.#parts.paid.given(resource.name));
        await this.#takeCaptured(progress);
        await loadPackage.endPage(progress.document, forChildren.of(records));
        if (isAskedOnce(resource.endpoint)) await loadPackage.commit(); // before the next one is sent
        progress.words.page(next.value, progress.document.records);
        throwIfInterrupted(signal);
      }
    } finally {
      await pages.return(NOTHING_MORE); // a request that was sent ahead is given up, a generator can clean up
    }
  }

  /** What was captured is kept also where nothing else is new. Answers whether there was any. */
  async #takeCaptured({ captured }: ResourceProgress): Promise<boolean> {
    return captured.length > 0 && (await this.#open()).requests.take(captured);
  }

  async #fillingOf(resource: RunResource, progress: ResourceProgress) {
    const { loadPackage, normalizer } = await this.#open();
    if (resource.isOnlyRead === true) return { loadPackage, normalizer: undefined };
    return { loadPackage, normalizer: normalizer(resource, (one) => progress.reject(one)) };
  }

  /** Begins resources before it is their turn, as far as `concurrency` lets it. */
  #lookAhead(later: readonly RunResource[], place: number): void {
    for (const [distance, resource] of later.entries()) {
      const document = this.#documents.get(resource.name);
      if ((document !== undefined && isOver(document)) || !mayGoAhead(resource) || this.#waitsForParent(resource))
        continue;
      if (!this.#begunAhead.begin(resource.name, (stop) => this.#extraction(resource, place + distance, stop))) return;
    }
  }

  /** Its children read in the package how it ended, and what it led to. */
  async #keepEnd(resource: RunResource, document: PackageResource): Promise<void> {
    this.#documents.set(resource.name, document);
    if (this.#families.fieldsForChildren(resource.name).length === 0) return;
    const { loadPackage } = await this.#open();
    loadPackage.note(document);
    await loadPackage.commit();
  }

  #waitsForParent({ name }: ResolvedResource): boolean {
    const parent = this.#families.parentOf(name);
    const document = parent === undefined ? undefined : this.#documents.get(parent);
    return parent !== undefined && (document === undefined || !isOver(document));
  }

  #extraction(resource: RunResource, place: number, stop?: AbortSignal): NewExtraction {
    const { isRefreshing, effects } = this.#parts;
    const begun = this.#documents.get(resource.name);
    const start = this.#filling?.starts.get(resource.name);
    const progress = new ResourceProgress(resource, place, begun, start, isRefreshing(resource), effects);
    const { incremental } = progress.document;
    let found: Promise<ChainSeeds | undefined> | undefined;
    const seeds = () => (found ??= this.#seeds(resource, incremental, stop));
    const ready = async (until: AbortSignal | undefined): Promise<ExtractContext> => {
      const asks = await seeds();
      // What its replies are read by is the package's to say, unless the last load is known.
      if (asks?.seeds.length !== 0 && !this.#parts.known.has(resource.name)) await this.#open();
      return { ...this.#context(resource, progress, until), seeds: asks };
    };
    const time = resourceTime(resource, this.#buying);
    const pages = withinTime(time, { effects, stop }, async function* (until): AsyncGenerator<Page, ExtractOutcome> {
      return yield* extractResource(resource, await ready(until));
    });
    return { progress, seeds, pages };
  }

  async #seeds(resource: ResolvedResource, start: IncrementalStart | undefined, stop?: AbortSignal) {
    if (!hasSeeds(resource)) return undefined;
    return this.#parts.continued.get(resource.name) ?? (await this.#parts.seedsNow(resource, start, stop));
  }

  /** In the package before a page of the resource is: positions count in them. */
  async #keepSeeds({ name }: ResolvedResource, found: ChainSeeds | undefined): Promise<void> {
    const isNew = this.#parts.continued.get(name)?.areChanged !== false;
    if (found === undefined || !isNew || (found.seeds.length === 0 && this.#filling === undefined)) return;
    const chains = found.seeds.map(({ values }) => values);
    const { loadPackage } = await this.#open();
    await loadPackage.keepChains(name, chains);
  }

  #context(resource: ResolvedResource, progress: ResourceProgress, stop: AbortSignal | undefined): ExtractContext {
    const { config, effects, signal, findings, budget, known, files, limit } = this.#parts;
    const last = known.get(resource.name)?.reply;
    const signals = [signal, stop].filter((one) => one !== undefined);
    return {
      ...(config.source.client === undefined ? {} : { client: config.source.client }),
      ...(signals.length === 0 ? {} : { signal: AbortSignal.any(signals) }),
      lookahead: this.#lookahead,
      budget,
      effects,
      files,
      incremental: progress.document.incremental,
      position: progress.document.position,
      limit: limitAfter(limit, progress.document.records, this.#filling?.isNew(resource.table_name) === true),
      secrets: config.secrets,
      replies: this.#parts.replies.keeping,
      onCaptured: (row) => progress.captured.push(row),
      // What nobody wrote to since then needs what it needed then.
      exactNumbers: this.#filling?.exactNumbers(resource) ?? last?.exactNumbers ?? false,
      known:
        this.#families.fieldsForChildren(resource.name).length === 0 && skipsUnchanged(resource) ? { last } : undefined,
      findings: alsoTelling(findings, { request: (trace) => progress.addRequest(trace) }),
      onWaiting: (waiting) => progress.words.wait(waiting),
    };
  }

  async #finishOne(resource: RunResource, progress: ResourceProgress, startedAt: number): Promise<void> {
    await this.#keepEnd(resource, progress.document);
    const { status } = progress.document;
    this.#trace(resource, progress, traceStatus(status), startedAt);
  }

  #trace(
    resource: RunResource,
    progress: ResourceProgress,
    status: ResourceTrace['status'],
    startedAt: number,
    error?: ResourceTrace['error'],
  ): void {
    const trace = progressTrace(resource, progress, status, this.#parts.known.get(resource.name)?.loadId);
    const ended = {
      ...trace,
      milliseconds: this.#parts.effects.now() - startedAt,
      ...(error === undefined ? {} : { error }),
    };
    this.traces.set(resource.name, ended);
    tellEvent(this.#parts.effects, resourceFinished(ended));
  }
}

function isOver({ status }: PackageResource): boolean {
  return status !== 'running';
}
