import type { ResolvedResource } from '../config/pipeline-config.ts';
import { asPipelineError } from '../errors.ts';
import { alsoTelling, type Rejection } from '../findings.ts';
import type { IncrementalStart } from '../incremental/incremental-start.ts';
import { jsonText } from '../json/json-text.ts';
import { generatedColumns } from '../load/catalogue.ts';
import type { StoredDataset } from '../load/stored-dataset.ts';
import { NameRegistry } from '../normalize/name-registry.ts';
import { ResourceNormalizer } from '../normalize/resource-normalizer.ts';
import {
  isReadToLoad,
  LAYOUT,
  type PackageInfo,
  type PackageResource,
  type PackageTable,
  totalRows,
} from '../package/layout.ts';
import { LoadPackage } from '../package/load-package.ts';
import { packageLabel } from '../package/package-label.ts';
import type { SourceHints } from '../schema/resource-hints.ts';
import type { SourceSettings } from '../schema/source-settings.ts';
import type { KnownDataset } from '../schema-files/import-schema.ts';
import {
  credentialsMark,
  detachPackage,
  notLoaded,
  type PackageContents,
  packageOwner,
  setPackageAside,
} from './attached-package.ts';
import type { BegunPackage } from './begun-package.ts';
import { amountsOf, CapturedRequests, nothingCaptured, requestsResource } from './captured-requests.ts';
import { PackageFiller } from './fill-package.ts';
import type { FillingPackage } from './fill-parts.ts';
import { incrementalStarts } from './incremental-starts.ts';
import { type LoadedReply, rememberChecked } from './known-replies.ts';
import { nextLoadId } from './load-id.ts';
import type { Run } from './open-run.ts';
import { packageError } from './package-error.ts';
import { paidIn } from './paid-left.ts';
import { knownTables, needsExactNumbers, resourceRules } from './resource-rules.ts';
import { seedsNow } from './resource-seeds.ts';
import { isRefreshed, scopeText } from './run-scope.ts';
import type { RunResource } from './select-resources.ts';

/** What a run has extracted: complete, and still attached. */
export interface ExtractedPackage extends PackageContents {
  /** What it has to fit. */
  readonly dataset: KnownDataset;
}

export interface ExtractParts {
  /** What was published before: looked up when it is needed. */
  readonly dataset: () => Promise<KnownDataset>;
  readonly begun: BegunPackage | undefined;
  readonly replies: ReadonlyMap<string, LoadedReply>;
  readonly onLoadId: (loadId: string) => void;
}

/**
 * Extracts and normalizes the resources into a new load package, or into the one that was begun; none is made where all of them
 * are unchanged. When it fails, complete pages stay for the next run, unless a contract refused them.
 */
export async function extractPackage(
  run: Run,
  resources: readonly RunResource[],
  parts: ExtractParts,
): Promise<ExtractedPackage | undefined> {
  const { begun, replies } = parts;
  let opened: OpenedPackage | undefined;
  const filler = new PackageFiller({
    config: run.config,
    effects: run.replies.effects,
    signal: run.signal,
    files: run.files,
    open: async () => {
      opened = await openPackage(run, resources, parts);
      return opened;
    },
    known: begun === undefined ? replies : new Map(),
    done: new Map((begun?.resources ?? []).map((document) => [document.resource, document])),
    continued: begun?.seeds ?? new Map(),
    seedsNow: (resource, start, stop) => seedsNow(stop === undefined ? run : stoppable(run, stop), resource, start),
    limit: run.scope.limit,
    isRefreshing: ({ name }) => isRefreshed(run.scope, name),
    findings: run.trace,
    budget: run.trace.budget,
    paid: run.paid,
    replies: run.replies,
  });
  const startedAt = run.effects.now();
  try {
    await filler.fill(resources);
    const { stop } = run.trace.budget;
    if (stop !== undefined && opened?.loadPackage.hasPages !== true) throw stop;
    const tables = opened?.loadPackage.tables() ?? [];
    if (opened === undefined || isUnchanged(filler.documents, tables)) {
      if (opened !== undefined) await dropPackage(run, opened.info.load_id);
      rememberChecked(run, filler.documents);
      return undefined;
    }
    const { info, dataset } = opened;
    run.packages.writeLabel(info.load_id, packageLabel(info, { complete: true, rows: totalRows(tables) }));
    return { info, tables, resources: filler.documents, dataset };
  } catch (thrown) {
    if (opened !== undefined) await keepOrDrop(run, opened.loadPackage, thrown);
    throw thrown;
  } finally {
    run.trace.extractMilliseconds += run.effects.now() - startedAt;
    run.trace.resources(filler.traces);
    run.trace.warnOfRejected();
  }
}

/** Nothing is to be loaded, because nothing is new. */
function isUnchanged(documents: readonly PackageResource[], tables: readonly PackageTable[]): boolean {
  const isLoaded = documents.some(isReadToLoad);
  return !isLoaded && tables.length === 0 && documents.some(({ status }) => status === 'unchanged');
}

async function dropPackage(run: Run, loadId: string): Promise<void> {
  await detachPackage(run);
  await run.packages.remove(loadId);
}

interface OpenedPackage extends FillingPackage {
  readonly info: PackageInfo;
  readonly dataset: KnownDataset;
}

async function openPackage(
  run: Run,
  resources: readonly RunResource[],
  { dataset: look, begun, onLoadId }: ExtractParts,
): Promise<OpenedPackage> {
  const dataset = await look();
  const { published } = dataset;
  const { loadPackage, info } = await createPackage(run, dataset, begun);
  onLoadId(info.load_id);
  run.paid.begin(info.load_id, paidIn(begun?.resources ?? []));
  const starts = startsOf(run, resources, published, { begun, now: info.created_at });
  await run.replies.begin(info.load_id, loadedNames(resources), starts);
  const known = knownTables(published?.schema, begun?.tables ?? []);
  const names = tableNames(run, known);
  const normalizers: ResourceNormalizer[] = [];
  loadPackage.describeTablesWith(() => normalizers.flatMap((normalizer) => normalizer.describe()));
  const normalizer: FillingPackage['normalizer'] = (resource, onReject) => {
    const rules = resourceRules(resource, run.config, known, {
      begun: parentsFirst((begun?.tables ?? []).filter((table) => table.resource === resource.name)),
      isNew: (table) => published?.tables.has(table) !== true,
      generated: (table) => generatedColumns(published?.tables.get(table)),
      findings: alsoTelling(alsoTelling(run.trace, { reject: onReject }), {
        reject: (rejection) => keepRejected(loadPackage, resource, rejection),
      }),
    });
    const made = new ResourceNormalizer(rules, loadPackage, names);
    normalizers.push(made);
    return made;
  };
  return {
    loadPackage,
    info,
    dataset,
    path: run.packages.file(info.load_id),
    exactNumbers: (resource) => needsExactNumbers(resource, known),
    isNew: (table) => published?.tables.has(table) !== true,
    starts,
    normalizer,
    requests: run.replies.isReplay
      ? nothingCaptured
      : new CapturedRequests(
          () => normalizer(requestsResource(run.config.source.client), () => {}),
          begun?.tables ?? [],
        ),
  };
}

/** Those of a package that is continued are as they were. */
function startsOf(
  run: Run,
  resources: readonly RunResource[],
  published: StoredDataset | undefined,
  { begun, now }: { readonly begun: BegunPackage | undefined; readonly now: number },
): ReadonlyMap<string, IncrementalStart> {
  const starts = new Map(run.replies.starts(incrementalStarts(run, resources, published?.state, now)));
  for (const { resource, incremental } of begun?.resources ?? []) {
    if (incremental !== undefined) starts.set(resource, incremental);
  }
  return starts;
}

function loadedNames(resources: readonly RunResource[]): string[] {
  return resources.filter(({ isOnlyRead }) => isOnlyRead !== true).map(({ name }) => name);
}

async function createPackage(run: Run, { published, importedHash }: KnownDataset, begun: BegunPackage | undefined) {
  await run.database.prepareFor('extracting');
  if (begun !== undefined) {
    return { loadPackage: await LoadPackage.continue(run.database, begun.info, run.effects.now), info: begun.info };
  }
  const now = run.effects.now();
  const taken = [
    ...(published?.lastLoadId === undefined ? [] : [published.lastLoadId]),
    ...(await run.packages.pending()),
  ];
  const loadId = nextLoadId(now, taken);
  const scope = scopeText(run.scope);
  const info = {
    layout: LAYOUT,
    load_id: loadId,
    ...packageOwner(run),
    schema_name: run.config.source.name,
    config_hash: run.config.hash,
    credentials: credentialsMark(run, loadId),
    ...(scope === '' ? {} : { scope }),
    source_settings: sourceSettings(run.config.source, importedHash),
    request_amounts: amountsOf(run.config.source.client),
    created_at: now,
    status: 'extracting',
  } as const;
  const path = run.packages.file(info.load_id);
  const loadPackage = await LoadPackage.create(run.database, path, info, run.effects.now).catch((thrown: unknown) => {
    throw packageError(thrown, path);
  });
  run.packages.writeLabel(loadId, packageLabel(info, { complete: false, rows: null }));
  return { loadPackage, info };
}

function sourceSettings(source: SourceHints, importedHash: string | undefined): SourceSettings {
  const { max_table_nesting, schema_contract, root_key } = source;
  return {
    ...(max_table_nesting === undefined ? {} : { max_table_nesting }),
    ...(schema_contract === undefined ? {} : { schema_contract }),
    ...(root_key === undefined ? {} : { root_key }),
    ...(importedHash === undefined ? {} : { imported_version_hash: importedHash }),
  };
}

function parentsFirst(tables: readonly PackageTable[]): PackageTable[] {
  return tables.toSorted((a, b) => (a.place?.path.length ?? 0) - (b.place?.path.length ?? 0));
}

/** Root tables have their names whatever comes; nested ones are claimed as they are found. */
function tableNames(run: Run, known: ReturnType<typeof knownTables>): NameRegistry {
  const names = new NameRegistry((name) => known.has(name), run.config.nameLimit);
  for (const { table_name } of run.config.source.resources) names.reserve(table_name);
  return names;
}

/** What a contract keeps out is kept where the resource asks for it. */
function keepRejected(
  loadPackage: LoadPackage,
  { keep_rejected }: ResolvedResource,
  { table, column, reason, record, row }: Rejection,
): void {
  if (keep_rejected !== true) return;
  loadPackage.reject({
    table,
    column,
    reason,
    record: jsonText(record),
    row: row === undefined ? null : jsonText(row),
  });
}

async function keepOrDrop(run: Run, loadPackage: LoadPackage, thrown: unknown): Promise<void> {
  const { load_id } = loadPackage.info;
  const refused = asPipelineError(thrown).exitCode === 7;
  const keeps = loadPackage.hasPages && !refused && !run.replies.isReplay;
  try {
    if (keeps) await loadPackage.keep();
    else await loadPackage.abandon();
    await detachPackage(run);
  } catch {
    // On a full disk, say, nothing can be added to what is durable; the error that led here is the one to tell.
  }
  if (refused) await setPackageAside(run, load_id, thrown);
  else if (keeps) run.packages.tellFailure(load_id, run.trace.reasonOf(thrown));
  else await run.packages.remove(load_id);
  const how = { complete: false, recovered: false };
  if (refused || keeps) run.trace.package(notLoaded(load_id, refused ? 'rejected' : 'pending', how));
}

function stoppable(run: Run, stop: AbortSignal): Run {
  return { ...run, signal: AbortSignal.any(run.signal === undefined ? [stop] : [run.signal, stop]) };
}
